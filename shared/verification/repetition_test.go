package verification_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/verification"
)

var key = &realname.Idempotency{Key: "k", Fingerprint: "f"}

// start asks for a session of AccountID.
func (b *bench) start(change func(r *verification.StartRequest)) (realname.Reply, error) {
	r := verification.StartRequest{
		Caller: b.Caller(), Method: realname.ICCard, ConsentVersion: b.Recipients.ConsentVersion(realname.ICCard),
		Render: func(s realname.Session) realname.Reply { return realname.Reply{Status: 201, Body: []byte(s.ID)} },
	}
	change(&r)
	return b.Verification.Start(b.Context(), r)
}

func TestARepeatedRequestGetsItsFirstAnswer(t *testing.T) {
	b := newCardBench(t)
	var session string
	for name, ask := range map[string]func(idem *realname.Idempotency) (realname.Reply, error){
		"start": func(idem *realname.Idempotency) (realname.Reply, error) {
			return b.start(func(r *verification.StartRequest) { r.Idempotency = idem })
		},
		"challenge": func(idem *realname.Idempotency) (realname.Reply, error) {
			return b.NewCardChallenge(t.Context(), verification.ChallengeRequest{
				Caller: b.Caller(), SessionID: session, Idempotency: idem,
				Render: func(c string, _ time.Time) realname.Reply { return realname.Reply{Status: 201, Body: []byte(c)} },
			})
		},
		"bank": func(idem *realname.Idempotency) (realname.Reply, error) {
			r := verification.SubmitRequest{Caller: b.Caller(), SessionID: session, Idempotency: idem}
			return b.ChooseBank(t.Context(), r, ccb, func(_ realname.Session, r realname.BankRequest) (realname.Reply, error) {
				return realname.Reply{Status: 200, Body: []byte(r.ID)}, nil
			})
		},
		"SMS code": func(idem *realname.Idempotency) (realname.Reply, error) {
			return b.Verification.SendCode(t.Context(), verification.CodeRequest{
				Caller: b.Caller(), SessionID: session, Step: realname.StepLegalRepresentative, Idempotency: idem,
				Mobile: mobile, BankCardNumber: cardNumber,
				Render: func(after time.Duration, end time.Time) realname.Reply {
					return realname.Reply{Status: 202, Body: []byte(after.String() + end.String())}
				},
			})
		},
		"enterprise": func(idem *realname.Idempotency) (realname.Reply, error) {
			r := b.Request(session)
			r.Idempotency = idem
			return b.SubmitEnterprise(t.Context(), r, domaintest.EnterpriseAnswer)
		},
	} {
		t.Run(name, func(t *testing.T) {
			b = newCardBench(t)
			switch name {
			case "challenge":
				session = b.Begin(realname.ICCard)
			case "bank":
				session = b.Begin(realname.BankUKey)
			case "SMS code":
				session = b.toLegal()
			case "enterprise":
				session = b.Begin(realname.LegalRepresentative)
			}
			first, err := ask(key)
			if err != nil || first.Status == 0 {
				t.Fatalf("%+v, %v", first, err)
			}
			b.Advance(time.Second)
			again, err := ask(key)
			if err != nil || again.Status != first.Status || string(again.Body) != string(first.Body) {
				t.Errorf("first %+v, then %+v, %v", first, again, err)
			}
			if _, err := ask(&realname.Idempotency{Key: "k", Fingerprint: "g"}); realname.CodeOf(err) != realname.CodeKeyReused {
				t.Errorf("with another body: %v", err)
			}
		})
	}
}

func TestAChallengeToBindACardIsRepeatedToo(t *testing.T) {
	b := newCardBench(t)
	ask := func() (realname.Reply, error) {
		return b.NewCardChallenge(t.Context(), verification.ChallengeRequest{
			Caller: b.Caller(), Idempotency: key,
			Render: func(c string, end time.Time) realname.Reply { return realname.Reply{Body: []byte(c + end.String())} },
		})
	}
	first, err := ask()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ask(); err != nil || string(again.Body) != string(first.Body) {
		t.Errorf("%+v, %v", again, err)
	}
	b.Advance(realname.CardChallengeLife)
	if again, err := ask(); err != nil || string(again.Body) == string(first.Body) {
		t.Errorf("after the challenge expired: %+v, %v", again, err)
	}
	b.Limits.FailedTriesPerDay = 0
	_, err = b.NewCardChallenge(t.Context(), verification.ChallengeRequest{Caller: b.Caller()})
	if realname.CodeOf(err) != realname.CodeAttemptsExhausted {
		t.Errorf("on a day without attempts left: %v", err)
	}
}

// The answer to a decision is stored after it. If that fails, or the process dies before,
// a repetition is answered from the session: nothing is asked or charged again.
func TestADecisionWhoseAnswerIsNotStoredIsNotRepeated(t *testing.T) {
	mismatch := realname.CheckResult{
		Outcome: realname.Mismatch, Provider: "test", Differs: []realname.Element{realname.ElementName},
	}
	own, foreign := domaintest.EnterpriseAnswer, domaintest.EnterpriseAnswer
	foreign.USCC, foreign.OrgCode = "91130100MA0R02NM3R", "MA0R02NM3"
	for name, c := range map[string]struct {
		result realname.CheckResult
		answer verification.EnterpriseAnswer
		status int
		left   int
		asked  int
	}{
		"passed":       {realname.CheckResult{Outcome: realname.Match, Provider: "test"}, own, 200, 5, 1},
		"refused":      {mismatch, own, 422, 4, 1},
		"another code": {realname.CheckResult{}, foreign, 422, 4, 0},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			asked := b.registrySays(c.result)
			id := b.Begin(realname.LegalRepresentative)
			var told []error
			r := b.Request(id)
			r.Render = func(_ realname.Session, err error) realname.Reply {
				told = append(told, err)
				return domaintest.Render(err)
			}
			submit := func(fingerprint string) (realname.Reply, error) {
				r.Idempotency = &realname.Idempotency{Key: "k", Fingerprint: fingerprint}
				return b.SubmitEnterprise(t.Context(), r, c.answer)
			}
			whole := b.Store
			b.Store = &second{Store: whole, nth: c.asked + 2, err: errors.New("the process died")} // count, decide, answer
			for range 3 {
				if reply, err := submit("f"); err != nil || reply.Status != c.status {
					t.Errorf("%+v %v", reply, err)
				}
			}
			if _, err := submit("another body"); realname.CodeOf(err) != realname.CodeKeyReused {
				t.Errorf("another body: %v", err)
			}
			if *asked != c.asked || b.TriesLeft(id) != c.left || len(b.Attempts(id)) != 1 {
				t.Errorf("%d questions, %d tries left, %+v", *asked, b.TriesLeft(id), b.Attempts(id))
			}
			if len(told) < 2 || !reflect.DeepEqual(told[0], told[len(told)-1]) {
				t.Errorf("told %+v", told)
			}
		})
	}
}

// The answer to a start is stored after it, too. A repetition gets the same session, even if
// that is canceled by then, and no second one starts.
func TestAStartWhoseAnswerIsNotStoredIsNotRepeated(t *testing.T) {
	b := newCardBench(t)
	start := func(idem *realname.Idempotency) (realname.Reply, error) {
		return b.start(func(r *verification.StartRequest) { r.Idempotency = idem })
	}
	b.Store = &second{Store: b.Store, nth: 2, err: errors.New("the process died")} // start, answer
	first, err := start(key)
	if err != nil {
		t.Fatal(err)
	}
	repeat := func(when string) {
		t.Helper()
		if again, err := start(key); err != nil || again.Status != 201 || string(again.Body) != string(first.Body) {
			t.Errorf("%s: first %+v, then %+v, %v", when, first, again, err)
		}
		_, err := start(&realname.Idempotency{Key: "k", Fingerprint: "g"})
		if realname.CodeOf(err) != realname.CodeKeyReused {
			t.Errorf("%s, another body: %v", when, err)
		}
	}
	repeat("live")
	other := &realname.Idempotency{Key: "l", Fingerprint: "f"}
	if _, err := start(other); realname.CodeOf(err) != realname.CodeSessionLive {
		t.Errorf("another key: %v", err)
	}
	if _, err := b.Cancel(b.Context(), b.Caller(), string(first.Body)); err != nil {
		t.Fatal(err)
	}
	repeat("canceled")
	if again, err := start(other); err != nil || string(again.Body) == string(first.Body) {
		t.Errorf("another start: %+v, %v", again, err)
	}
}

// A start that looks lost but is stored is recognized by its mark.
func TestAStoredStartThatLooksLostAnswersItsRequest(t *testing.T) {
	b := newCardBench(t)
	b.Store = &forgetful{Store: b.Store, nth: 1}
	reply, err := b.start(func(r *verification.StartRequest) { r.Idempotency = key })
	if err != nil || reply.Status != 201 {
		t.Errorf("%+v %v", reply, err)
	}
}

// A wrong SMS code is no attempt, but its answer is remembered like that of one.
func TestAWrongCodeWhoseAnswerIsNotStoredIsNotJudgedAgain(t *testing.T) {
	b, _ := answering(t, realname.CheckResult{Outcome: realname.Match})
	id := b.toLegal()
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	var told []error
	r := b.Request(id)
	r.Idempotency = key
	r.Render = func(_ realname.Session, err error) realname.Reply {
		told = append(told, err)
		return domaintest.Render(err)
	}
	whole := b.Store
	b.Store = &second{Store: whole, nth: 3, err: errors.New("the process died")} // guess, decide, answer
	for range 3 {
		if _, err := b.SubmitLegalRepresentative(t.Context(), r, byBankCard("000000")); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, code := b.messages(id); code == nil || code.WrongTries != 1 {
		t.Errorf("%+v", code)
	}
	if len(told) != 3 || !reflect.DeepEqual(told[0], told[2]) {
		t.Errorf("told %+v", told)
	}
}

// forgetful is a store that commits but once says that it lost the race, as a database
// does that has written an item and refuses the client's retry after a lost answer.
type forgetful struct {
	realname.Store
	commits, nth int
}

func (s *forgetful) Commit(ctx context.Context, c realname.Change) error {
	err := s.Store.Commit(ctx, c)
	if s.commits++; s.commits == s.nth && err == nil {
		return realname.ErrStale
	}
	return err
}

// A decision that looks lost but is stored is recognized by its mark.
func TestAStoredDecisionThatLooksLostAnswersItsRequest(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	r := b.Request(id)
	r.Idempotency = key
	b.Store = &forgetful{Store: b.Store, nth: 2} // count, decide
	reply, err := b.SubmitEnterprise(t.Context(), r, domaintest.EnterpriseAnswer)
	if err != nil || reply.Status != 200 {
		t.Errorf("%+v %v", reply, err)
	}
	if got := b.Attempts(id); len(got) != 1 {
		t.Errorf("%+v", got)
	}
}
