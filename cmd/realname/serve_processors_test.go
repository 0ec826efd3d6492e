package main

import (
	"runtime"
	"testing"
)

func TestAServiceThatKeepsItsDataRunsDuringWrites(t *testing.T) {
	before := runtime.GOMAXPROCS(0)
	for name, c := range map[string]struct {
		set, state string
		more       int
	}{
		"kept":                    {"", "state", waitingForTheDisk},
		"kept, set by its owner":  {"2", "state", 0},
		"in memory, as by itself": {"", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOMAXPROCS", c.set)
			undo := (&serve{State: stateDir(c.state)}).runDuringWrites()
			more := runtime.GOMAXPROCS(0) - before
			undo()
			if now := runtime.GOMAXPROCS(0); more != c.more || now != before {
				t.Errorf("%d more, want %d; afterwards %d, before %d", more, c.more, now, before)
			}
		})
	}
}
