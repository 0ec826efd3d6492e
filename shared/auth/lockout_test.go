package auth_test

import (
	"testing"
	"time"

	"realname/shared/auth"
)

func TestFiveWrongPasswordsLockForFifteenMinutes(t *testing.T) {
	l := auth.DefaultLockout()
	if l.Tries != 5 || l.For != 15*time.Minute {
		t.Fatalf("%+v", l)
	}
	var f auth.Failures
	for n := 1; n <= 6; n++ {
		now := start.Add(time.Duration(n) * time.Minute)
		f = l.Wrong(f, now)
		if f.Count != n || !f.Last.Equal(now) {
			t.Errorf("after %d wrong passwords: %+v", n, f)
		}
		want := time.Duration(0)
		if n >= 5 {
			want = 15 * time.Minute
		}
		if got := l.Locked(f, now); got != want {
			t.Errorf("after %d wrong passwords: locked for %v, want %v", n, got, want)
		}
	}
	for after, want := range map[time.Duration]time.Duration{
		14 * time.Minute: time.Minute, 15 * time.Minute: 0, 16 * time.Minute: 0,
	} {
		if got := l.Locked(f, f.Last.Add(after)); got != want {
			t.Errorf("%v after the last one: locked for %v, want %v", after, got, want)
		}
	}
}

func TestTheCountStartsAgainWhenALockIsOver(t *testing.T) {
	l := auth.DefaultLockout()
	f := auth.Failures{Count: 4, Last: start}
	for after, want := range map[time.Duration]int{15*time.Minute - 1: 5, 15 * time.Minute: 1, time.Hour: 1} {
		if got := l.Wrong(f, start.Add(after)); got.Count != want {
			t.Errorf("%v after the last one: count %d, want %d", after, got.Count, want)
		}
	}
}
