package realname_test

import (
	"fmt"
	"testing"
	"time"

	"realname/shared/realname"
)

func TestADeviceIsKnownUntilItExpiresOrGuesses(t *testing.T) {
	a := realname.Account{Version: 7}.WithSignIn(realname.Device{SecretHash: "h"}, noon)
	const life = 180 * 24 * time.Hour
	for _, c := range []struct {
		hash string
		at   time.Duration
		want bool
	}{{"h", 0, true}, {"h", life - 1, true}, {"h", life, false}, {"other", 0, false}, {"", 0, false}} {
		if got := a.Knows(c.hash, noon.Add(c.at)); got != c.want {
			t.Errorf("%q after %v: %v", c.hash, c.at, got)
		}
	}
	before := a
	for n := range 5 {
		if !a.Knows("h", noon) {
			t.Fatalf("unknown after %d wrong passwords", n)
		}
		a = a.WithWrong("h", noon)
	}
	if a.Knows("h", noon) || !before.Knows("h", noon) || before.Devices[0].Wrong != 0 {
		t.Errorf("after five wrong passwords: %+v, before %+v", a, before)
	}
	again := a.WithSignIn(realname.Device{SecretHash: "h"}, noon.Add(time.Hour))
	if want := (realname.Device{
		SecretHash: "h", FirstAt: noon, LastAt: noon.Add(time.Hour), UsedAt: noon.Add(time.Hour),
	}); !again.Knows("h", noon) ||
		len(again.Devices) != 1 || again.Devices[0] != want {
		t.Errorf("after a sign-in: %+v", again.Devices)
	}
	if again.Version = 7 + again.SignInWrites; again.SignInWrites != 7 || again.Edition() != 7 {
		t.Errorf("%d writes, edition %d", again.SignInWrites, again.Edition())
	}
}

func TestTheLeastRecentlyUsedDeviceIsForgotten(t *testing.T) {
	var a realname.Account
	for n := range 10 {
		a = a.WithSignIn(realname.Device{SecretHash: fmt.Sprint("h", n)}, noon.Add(time.Duration(n)*time.Minute))
	}
	for _, hash := range []string{"h0", "new"} {
		a = a.WithSignIn(realname.Device{SecretHash: hash}, noon.Add(time.Hour))
	}
	for hash, want := range map[string]bool{"h0": true, "h1": false, "h2": true, "h9": true, "new": true} {
		if got := a.Knows(hash, noon); got != want || len(a.Devices) != 10 {
			t.Errorf("%s is known: %v; %+v", hash, got, a.Devices)
		}
	}
	later := noon.Add(realname.DeviceLife + 30*time.Minute)
	if a = a.WithSignIn(realname.Device{SecretHash: "latest"}, later); len(a.Devices) != 3 {
		t.Errorf("expired devices stay: %+v", a.Devices)
	}
}
