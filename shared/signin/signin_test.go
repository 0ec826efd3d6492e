package signin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/signin"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// A person who knows the old password signs in while the owner sets a new one. Neither
// the verdict nor a token of that sign-in remains valid after the change, whether or
// not wrong passwords have been counted before.
func TestALoginThatAPasswordChangeOvertakesIsWorthNothing(t *testing.T) {
	for name, wrong := range map[string]int{"nothing counted": 0, "a wrong password counted": 1} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
			clock := func() time.Time { now = now.Add(time.Millisecond); return now }
			tbl := &domaintest.RacingTable{Table: memory.New(clock)}
			st, hasher := store.New(tbl), auth.NewSandboxHasher(rand.Reader)
			c := signin.Credentials{
				Store: st, Hasher: hasher, Lockout: auth.DefaultLockout(), Now: clock, NewSecret: secrets(), NewID: signInID,
			}
			hash := func(password string) string {
				h, err := hasher.Hash(password)
				if err != nil {
					t.Fatal(err)
				}
				return h
			}
			owner := realname.Account{
				ID: "a1", LoginName: "owner", USCC: "91130100MA0R01NM09", PasswordHash: hash("old"), CreatedAt: now,
			}
			holder := realname.HolderIndex{Current: "h"}
			if err := st.CreateAccount(t.Context(), owner, realname.Enterprise{USCC: owner.USCC}, holder); err != nil {
				t.Fatal(err)
			}
			for range wrong {
				if _, err := c.SignIn(t.Context(), typed("wrong")); realname.CodeOf(err) != realname.CodeInvalidCredentials {
					t.Fatal(err)
				}
			}
			tbl.Meanwhile = func() {
				owner.Version, owner.PasswordHash, owner.TokensFrom = 1, hash("new"), clock()
				if err := st.Commit(t.Context(), realname.Writing(owner, realname.Unlock("owner"))); err != nil {
					t.Fatal(err)
				}
			}
			in, err := c.SignIn(t.Context(), typed("old"))
			if err != nil {
				if realname.CodeOf(err) != realname.CodeInvalidCredentials {
					t.Error(err)
				}
				return
			}
			is, err := st.LoadAccount(t.Context(), realname.AccountQuery{AccountID: "a1"})
			if err != nil {
				t.Fatal(err)
			}
			err = realname.Admit(issued(t, in.Account, in.AsOf, clock), is.Account)
			if realname.CodeOf(err) != realname.CodeTokenRevoked {
				t.Errorf("the token of the old password: %v", err)
			}
		})
	}
}

// issued returns the caller of a token that is issued after the sign-in.
func issued(t *testing.T, a realname.Account, asOf time.Time, clock func() time.Time) realname.Caller {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := auth.NewLocalSigner(key)
	if err != nil {
		t.Fatal(err)
	}
	issuer := auth.Issuer{Signer: signer, TTL: time.Hour, Now: clock, NewID: func() string { return "1" }}
	_, claims, err := issuer.Issue(t.Context(), auth.Subject{
		AccountID: a.ID, USCC: a.USCC, SignInID: "sign-in", TokensFrom: a.TokensFrom, EndsAt: asOf.Add(time.Hour),
	}, asOf)
	if err != nil {
		t.Fatal(err)
	}
	return realname.Caller{AccountID: claims.AccountID, IssuedAt: claims.IssuedAt}
}
