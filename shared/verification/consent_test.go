package verification_test

import (
	"testing"
	"time"

	"realname/shared/realname"
)

// The providers change while a session is open: its steps take no data, and ask no
// provider, before the user accepts the new list.
func TestAnOldConsentIsAskedForAgain(t *testing.T) {
	b := newBench(t)
	b.Recipients = realname.Recipients{realname.RegistryCheck: {"first"}}
	id := b.Begin(realname.LegalRepresentative)
	old := b.SessionOf(id).Consent
	asked := b.registrySays(realname.CheckResult{Outcome: realname.Match, Provider: "test"})
	b.Recipients = realname.Recipients{realname.RegistryCheck: {"first", "second"}}
	wantCode(t, b.Submit(id), realname.CodeConsent)
	b.Advance(time.Minute)
	_, err := b.Agree(t.Context(), b.Caller(), id, old.Version)
	wantCode(t, err, realname.CodeConsent)
	if *asked != 0 || b.SessionOf(id).Consent != old || b.TriesLeft(id) != b.Limits.TriesPerStep {
		t.Fatalf("asked %d times, consent %+v", *asked, b.SessionOf(id).Consent)
	}
	version := b.Recipients.ConsentVersion(realname.LegalRepresentative)
	for range 2 {
		s, err := b.Agree(t.Context(), b.Caller(), id, version)
		if err != nil || s.Consent.Version != version {
			t.Fatalf("%+v, %v", s.Consent, err)
		}
		b.Advance(time.Minute)
	}
	if got := b.SessionOf(id).Consent; !got.AcceptedAt.Equal(old.AcceptedAt.Add(time.Minute)) {
		t.Errorf("accepted at %v", got.AcceptedAt)
	}
	if err := b.Submit(id); err != nil || *asked != 1 {
		t.Errorf("asked %d times, %v", *asked, err)
	}
}

func TestAConsentIsGivenByTheSessionsOwner(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.ICCard)
	version := b.Recipients.ConsentVersion(realname.ICCard)
	stranger := b.Caller()
	stranger.AccountID = "account-2"
	_, err := b.Agree(t.Context(), stranger, id, version)
	wantCode(t, err, realname.CodeNotFound)
	if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
		t.Fatal(err)
	}
	_, err = b.Agree(t.Context(), b.Caller(), id, version)
	wantCode(t, err, realname.CodeSessionClosed)
}
