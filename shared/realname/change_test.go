package realname

import (
	"slices"
	"testing"
)

func TestWritesAreAddedInOrder(t *testing.T) {
	c := Writing(Unlock("a"))
	c.Add(FreeLogin("b"), Unlock("c"))
	if want := []Write{Unlock("a"), FreeLogin("b"), Unlock("c")}; !slices.Equal(c.Writes, want) {
		t.Errorf("got %v", c.Writes)
	}
	unlock := Unlock("a")
	if Optional[Unlock](nil) != nil || Optional(&unlock) != Write(unlock) {
		t.Error("nothing is written, or not what is there")
	}
}
