package signin_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// secrets returns a source of device secrets: secret-1, secret-2.
func secrets() func() (string, error) {
	n := 0
	return func() (string, error) { n++; return fmt.Sprint("secret-", n), nil }
}

func signInID() string { return "sign-in" }

// typed is an attempt to sign in as the owner, without a device.
func typed(password string) signin.Attempt {
	return signin.Attempt{LoginName: "owner", Password: password}
}

// door is the sign-in of one owner, whose clock the test moves.
type door struct {
	signin.Credentials
	*testing.T
	now time.Time
}

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	st, hasher := store.New(memory.New(clock)), auth.NewSandboxHasher(rand.Reader)
	d.Credentials = signin.Credentials{
		Store: st, Hasher: hasher, Lockout: auth.DefaultLockout(), Now: clock, NewSecret: secrets(), NewID: signInID,
	}
	for _, name := range []string{"owner", "neighbor"} {
		a := realname.Account{ID: name, LoginName: name, USCC: "91130100MA0R01NM09", CreatedAt: d.now}
		var err error
		if a.PasswordHash, err = hasher.Hash("right"); err != nil {
			t.Fatal(err)
		}
		if err := st.Commit(t.Context(), realname.Writing(a, realname.NewLogin{Account: a})); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// tries signs in and returns the refusal and the device's secret.
func (d *door) tries(name, password, secret string) (realname.Code, string) {
	d.Helper()
	in, err := d.SignIn(d.Context(), signin.Attempt{LoginName: name, Password: password, DeviceSecret: secret})
	if err != nil && realname.CodeOf(err) == "" {
		d.Fatal(err)
	}
	return realname.CodeOf(err), in.DeviceSecret
}

func (d *door) wants(want realname.Code, password, secret string) {
	d.Helper()
	if got, _ := d.tries("owner", password, secret); got != want {
		d.Errorf("%q with %q: got %q, want %q", password, secret, got, want)
	}
}

// locks lets strangers lock the name.
func (d *door) locks(name string) {
	d.Helper()
	for range 6 {
		d.tries(name, "wrong", "")
	}
	if got, _ := d.tries(name, "right", ""); got != realname.CodeLoginLocked {
		d.Fatalf("strangers did not lock %s: %q", name, got)
	}
}

const (
	locked = realname.CodeLoginLocked
	wrong  = realname.CodeInvalidCredentials
)

func TestAKnownDeviceGetsThroughTheLockOfStrangers(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	if secret != "secret-1" {
		t.Fatalf("got %q", secret)
	}
	d.locks("owner")
	d.wants("", "right", secret)
	d.wants(locked, "right", "")
	d.wants(locked, "right", "made up")
	if _, kept := d.tries("owner", "right", secret); kept != secret {
		t.Errorf("the device gets another secret: %q", kept)
	}
	// The sign-in does not give strangers new guesses.
	d.wants(locked, "wrong", "")
	d.now = d.now.Add(15 * time.Minute)
	d.wants("", "right", "")
}

// A stolen secret allows five guesses, whether or not strangers lock the name, and none
// until the owner signs in with it again.
func TestAStolenSecretGivesFiveGuesses(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	d.locks("owner")
	for range 4 {
		d.wants(wrong, "wrong", secret)
	}
	d.wants(locked, "wrong", secret)
	for range 4 {
		d.wants(locked, "wrong", secret)
		d.wants(locked, "right", secret)
		d.now = d.now.Add(15 * time.Minute)
		d.locks("owner")
	}
	d.now = d.now.Add(15 * time.Minute)
	d.wants("", "right", secret) // as any other browser, since the name is not locked now
	d.locks("owner")
	d.wants("", "right", secret)
}

func TestWrongPasswordsOfAKnownDeviceLockTheName(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	for range 4 {
		d.wants(wrong, "wrong", secret)
	}
	d.wants(locked, "wrong", secret)
	d.wants(locked, "right", secret)
	d.wants(locked, "right", "")
}

// Of guesses at once, no more than five are judged.
func TestGuessesWithASecretAtOnceAreCountedOneByOne(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	d.locks("owner")
	count := map[realname.Code]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := d.SignIn(t.Context(), signin.Attempt{LoginName: "owner", Password: "wrong", DeviceSecret: secret})
			mu.Lock()
			defer mu.Unlock()
			count[realname.CodeOf(err)]++
		})
	}
	all.Wait()
	if count[wrong] != 4 || count[locked] != 16 { // the fifth says that it locked
		t.Errorf("%v", count)
	}
}

// One browser is known to each account that signed in from it. The accounts' hashes of
// its secret differ.
func TestABrowserIsKnownToEachOfItsAccounts(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	d.locks("neighbor")
	if got, _ := d.tries("neighbor", "right", secret); got != locked {
		t.Errorf("the owner's device opens the neighbor's account: %q", got)
	}
	d.now = d.now.Add(15 * time.Minute)
	if _, second := d.tries("neighbor", "right", secret); second != secret {
		t.Errorf("the browser loses its secret: %q", second)
	}
	d.locks("owner")
	d.wants("", "right", secret)
	view, err := d.Store.LoadAccounts(t.Context(), []string{"owner", "neighbor"})
	if err != nil || view[0].Devices[0].SecretHash == view[1].Devices[0].SecretHash {
		t.Errorf("%+v %v", view, err)
	}
}

// The lock applies again once the account has forgotten the device.
func TestAForgottenDeviceIsLockedOut(t *testing.T) {
	d := newDoor(t)
	_, secret := d.tries("owner", "right", "")
	found, err := d.Store.LoadAccounts(t.Context(), []string{"owner"})
	if err != nil {
		t.Fatal(err)
	}
	found[0].Devices = nil
	if err := d.Store.Commit(t.Context(), realname.Writing(found[0])); err != nil {
		t.Fatal(err)
	}
	d.locks("owner")
	d.wants(locked, "right", secret)
}

// The password that a change asks for is judged like that of a sign-in: strangers do not
// keep the owner from changes, and a stolen token gives five guesses.
func TestTheLockOfStrangersDoesNotKeepASignInFromChanges(t *testing.T) {
	d := newDoor(t)
	in, err := d.SignIn(t.Context(), typed("right"))
	if err != nil {
		t.Fatal(err)
	}
	check := func(password, signIn string, want realname.Code) {
		t.Helper()
		if err := d.Check(t.Context(), "owner", password, signIn); realname.CodeOf(err) != want {
			t.Errorf("%q in %q: got %v, want %q", password, signIn, err, want)
		}
	}
	d.locks("owner")
	check("right", "", locked)
	check("right", "another", locked)
	for range 4 {
		check("wrong", in.Device.SignInID, wrong)
	}
	check("right", in.Device.SignInID, "") // and the guesses before it are forgiven
	for range 4 {
		check("wrong", in.Device.SignInID, wrong)
	}
	check("wrong", in.Device.SignInID, locked)
	check("right", in.Device.SignInID, locked)
}
