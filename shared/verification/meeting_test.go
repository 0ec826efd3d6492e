package verification_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/verification"
)

// meeting is a store in which another request is always first: it runs before the
// first commit, which then fails.
type meeting struct {
	realname.Store
	other func()
}

func (m *meeting) Commit(ctx context.Context, c realname.Change) error {
	other := m.other
	if other == nil {
		return m.Store.Commit(ctx, c)
	}
	m.other = nil
	other()
	return realname.ErrStale
}

// meets runs the request while the other one is stored first.
func (b *bench) meets(other func(), request func() (realname.Reply, error)) (realname.Reply, error) {
	store := b.Store
	b.Store = &meeting{Store: store, other: other}
	defer func() { b.Store = store }()
	return request()
}

func TestOfTheSameRequestTwiceAtOnceBothGetOneAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(b *bench) string
		ask   func(b *bench, session string, idem *realname.Idempotency) (realname.Reply, error)
		other realname.Code // what a request with another key gets
		write realname.Code // what a request gets after a write of something else
	}{
		"start": {
			func(*bench) string { return "" },
			func(b *bench, _ string, idem *realname.Idempotency) (realname.Reply, error) {
				return b.start(func(r *verification.StartRequest) { r.Idempotency = idem })
			},
			realname.CodeSessionLive, realname.CodeConflict,
		},
		"challenge": {
			func(b *bench) string { return b.Begin(realname.ICCard) },
			func(b *bench, session string, idem *realname.Idempotency) (realname.Reply, error) {
				return b.NewCardChallenge(t.Context(), verification.ChallengeRequest{
					Caller: b.Caller(), SessionID: session, Idempotency: idem,
					Render: func(c string, _ time.Time) realname.Reply { return realname.Reply{Status: 201, Body: []byte(c)} },
				})
			},
			"", "", // each gets a challenge
		},
		"SMS code": {
			func(b *bench) string { return b.toLegal() },
			func(b *bench, session string, idem *realname.Idempotency) (realname.Reply, error) {
				return b.Verification.SendCode(t.Context(), verification.CodeRequest{
					Caller: b.Caller(), SessionID: session, Step: realname.StepLegalRepresentative, Idempotency: idem,
					Mobile: mobile, BankCardNumber: cardNumber,
					Render: func(_ time.Duration, end time.Time) realname.Reply {
						return realname.Reply{Status: 202, Body: []byte(end.String())}
					},
				})
			},
			realname.CodeConflict, realname.CodeConflict,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := newCardBench(t)
			session := c.begin(b)
			var first realname.Reply
			second, err := b.meets(func() {
				var err error
				if first, err = c.ask(b, session, key); err != nil {
					t.Error(err)
				}
			}, func() (realname.Reply, error) { return c.ask(b, session, key) })
			if err != nil || second.Status != first.Status || string(second.Body) != string(first.Body) {
				t.Errorf("first %+v, second %+v, %v", first, second, err)
			}
			b = newCardBench(t)
			session = c.begin(b)
			_, err = b.meets(func() {
				if _, err := c.ask(b, session, key); err != nil {
					t.Error(err)
				}
			}, func() (realname.Reply, error) {
				return c.ask(b, session, &realname.Idempotency{Key: "other", Fingerprint: "f"})
			})
			if realname.CodeOf(err) != c.other {
				t.Errorf("another request: %v", err)
			}
			b = newCardBench(t)
			session = c.begin(b)
			nothing := func() {}
			_, err = b.meets(nothing, func() (realname.Reply, error) { return c.ask(b, session, key) })
			if realname.CodeOf(err) != c.write {
				t.Errorf("after another write: %v", err)
			}
			b = newCardBench(t)
			session = c.begin(b)
			broken := errors.New("no network")
			b.Store = &refusing{Store: b.Store, err: broken, times: 1}
			b.Advance(time.Minute)
			if _, err := c.ask(b, session, key); !errors.Is(err, broken) {
				t.Errorf("without a store: %v", err)
			}
		})
	}
}

func TestABanksAnswerIsToldToTheWorkflow(t *testing.T) {
	b := newBench(t)
	session, request := b.handedOver()
	b.answers(fail(request, "n1", realname.BankNotCorporate), "")
	if !slices.Equal(b.Signals, []string{"start"}) {
		t.Errorf("after a refusal, the workflow heard %v", b.Signals)
	}
	request, err := b.choose(session, "CCB")
	if err != nil {
		t.Fatal(err)
	}
	b.answers(pass(request, "n2"), "")
	if !slices.Equal(b.Signals, []string{"start", "passed"}) {
		t.Errorf("after a confirmation, the workflow heard %v", b.Signals)
	}
}

func TestARefusedCallbackIsAuditedWithItsReason(t *testing.T) {
	b := newBench(t)
	_, request := b.handedOver()
	b.answers(pass(request, "n1"), "")
	b.answers(fail(request, "n2", realname.BankUserCanceled), realname.CodeBankResultConflict)
	late := pass(request+"1", "n3")
	b.answers(late, realname.CodeBankRequestUnknown)
	mismatch := pass(request, "n4")
	mismatch.Answer.Name, mismatch.Answer.Reason = "x", realname.BankTimedOut // a reason belongs to a refusal alone
	b.answers(mismatch, realname.CodeBankMismatch)
	reasons := map[realname.Code]realname.BankReason{}
	for _, e := range b.audited() {
		if e.Bank != "" {
			reasons[e.Code] = e.Reason
		}
	}
	conflict, mismatched := reasons["bank_result_conflict"], reasons["bank_enterprise_mismatch"]
	if len(reasons) != 2 || conflict != "USER_CANCELED" || mismatched != "" {
		t.Errorf("got %v", reasons)
	}
}

func TestBindingACardCostsAnAttemptOnlyByAMismatch(t *testing.T) {
	for code, want := range map[realname.Code]realname.Code{
		realname.CodeCardWrongEnterprise: realname.CodeAttemptsExhausted, realname.CodeCardRevoked: "",
	} {
		b := newCardBench(t)
		b.Limits.FailedTriesPerDay = 1
		result := realname.CardResult{Refusal: code}
		b.Cards = cards{func(realname.CardQuery) (realname.CardResult, error) { return result, nil }}
		second := b.challenge(domaintest.AccountID, "")
		answer := cardAnswer(b.challenge(domaintest.AccountID, ""), "a")
		if _, err := b.BindCard(t.Context(), b.Caller(), answer); realname.CodeOf(err) != code {
			t.Fatalf("%v, want %s", err, code)
		}
		result = realname.CardResult{}
		bound, err := b.BindCard(t.Context(), b.Caller(), cardAnswer(second, "a"))
		if realname.CodeOf(err) != want || (bound.ID == "a") != (want == "") {
			t.Errorf("after %s: %+v, %v", code, bound, err)
		}
	}
}

func TestACardIsNotBoundToAnAccountThatMoves(t *testing.T) {
	b := newCardBench(t)
	answer := cardAnswer(b.challenge(domaintest.AccountID, ""), "a")
	b.account(func(a *realname.Account) { a.USCC = "9113000034801880XB" })
	if _, err := b.BindCard(t.Context(), b.Caller(), answer); realname.CodeOf(err) != realname.CodeTokenRevoked {
		t.Errorf("%v", err)
	}
	broken := errors.New("no network")
	b.account(func(a *realname.Account) { a.USCC = domaintest.EnterpriseAnswer.USCC })
	store := b.Store
	b.Store = &refusing{Store: store, err: broken, times: 1}
	if _, err := b.BindCard(t.Context(), b.Caller(), answer); !errors.Is(err, broken) {
		t.Errorf("without a store: %v", err)
	}
	b.Store = store
	bound, err := b.BindCard(t.Context(), b.Caller(), answer)
	if err != nil || bound.ID != "a" {
		t.Fatalf("%+v, %v", bound, err)
	}
	b.Store = &refusing{Store: store, err: realname.ErrStale, times: 1}
	if err := b.UnbindCard(t.Context(), b.Caller()); realname.CodeOf(err) != realname.CodeConflict {
		t.Errorf("unbound in a conflict: %v", err)
	}
	if err := b.UnbindCard(t.Context(), b.Caller()); err != nil {
		t.Fatal(err)
	}
	if card, err := b.Card(t.Context(), b.Caller()); err != nil || card.ID != "" {
		t.Errorf("%+v, %v", card, err)
	}
}

// A card's check can take seconds. Meanwhile its account can be closed, erased or moved.
func TestACardIsNotBoundToAnAccountThatChangesMeanwhile(t *testing.T) {
	for name, change := range map[string]func(a *realname.Account){
		"erased": func(a *realname.Account) { a.Disabled, a.Erased = a.CreatedAt, a.CreatedAt },
		"moved":  func(a *realname.Account) { a.USCC = "9113000034801880XB" },
	} {
		b := newCardBench(t)
		answer := cardAnswer(b.challenge(domaintest.AccountID, ""), "a")
		edition := func() int64 {
			view, err := b.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
			if err != nil {
				t.Fatal(err)
			}
			return view.Account.Edition()
		}
		store, before := b.Store, edition()
		b.Store = &domaintest.Racing{Store: store, Meanwhile: func() { b.account(change) }}
		if _, err := b.BindCard(t.Context(), b.Caller(), answer); realname.CodeOf(err) != realname.CodeConflict {
			t.Errorf("%s: %v", name, err)
		}
		if cards := b.stored("ACCOUNT#", "CARD"); len(cards) != 0 {
			t.Errorf("%s: bound %v", name, cards)
		}
		b.account(func(a *realname.Account) { a.USCC, a.Disabled = domaintest.EnterpriseAnswer.USCC, time.Time{} })
		before += 2 // changes of the account
		if _, err := b.BindCard(t.Context(), b.Caller(), answer); err != nil || edition() != before {
			t.Errorf("%s, and back: %v, edition %d, want %d", name, err, edition(), before)
		}
	}
}

func TestTheRegistryDecidesTheEnterprise(t *testing.T) {
	for name, c := range map[string]struct {
		result realname.CheckResult
		told   realname.Code
		left   int
		others []string
	}{
		"match": {realname.CheckResult{Outcome: realname.Match}, "", 5, nil},
		"not covered": {
			realname.CheckResult{Outcome: realname.NotCovered},
			realname.CodeEnterpriseUncovered, 5,
			[]string{"ic_card", "bank_ukey"},
		},
		"closed": {
			realname.CheckResult{Outcome: realname.Mismatch, Reason: realname.ReasonNotInBusiness},
			realname.CodeEnterpriseClosed, 4,
			[]string{"ic_card", "bank_ukey"},
		},
		"mismatch": {
			realname.CheckResult{Outcome: realname.Mismatch}, realname.CodeEnterpriseMismatch, 4, []string{"bank_ukey"},
		},
		"wrong format": {
			realname.CheckResult{Outcome: realname.InvalidInput}, realname.CodeEnterpriseMismatch, 5, []string{"bank_ukey"},
		},
	} {
		b := newBench(t)
		b.registrySays(c.result)
		id := b.Begin(realname.LegalRepresentative)
		var told error
		r := b.Request(id)
		r.Render = func(_ realname.Session, err error) realname.Reply { told = err; return domaintest.Render(err) }
		answer := domaintest.EnterpriseAnswer
		answer.Name = "河北安达 进出口贸易有限公司"
		if _, err := b.SubmitEnterprise(t.Context(), r, answer); err != nil || realname.CodeOf(told) != c.told {
			t.Fatalf("%s: told %v, %v", name, told, err)
		}
		if left := b.TriesLeft(id); left != c.left {
			t.Errorf("%s: %d left", name, left)
		}
		if c.told != "" {
			wantAlternatives(t, name, told, c.others...)
			continue
		}
		if got := b.SessionOf(id).Enterprise.Name; got != domaintest.EnterpriseAnswer.Name {
			t.Errorf("%s: the name is %q, as it was typed", name, got)
		}
	}
	b := newBench(t)
	id := b.Begin(realname.LegalRepresentative)
	for pointer, change := range map[string]func(a *verification.EnterpriseAnswer){
		"/name":    func(a *verification.EnterpriseAnswer) { a.Name = "" },
		"/uscc":    func(a *verification.EnterpriseAnswer) { a.USCC = "" },
		"/orgCode": func(a *verification.EnterpriseAnswer) { a.OrgCode = "34801880X" },
	} {
		answer := domaintest.EnterpriseAnswer
		change(&answer)
		_, err := b.SubmitEnterprise(t.Context(), b.Request(id), answer)
		var e *realname.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Pointer != pointer {
			t.Errorf("%s: %+v", pointer, err)
		}
	}
	other := domaintest.EnterpriseAnswer
	other.USCC, other.OrgCode = "9113000034801880XB", "34801880X"
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), other); err != nil || b.TriesLeft(id) != 4 {
		t.Errorf("another enterprise's code: %v, %d left", err, b.TriesLeft(id))
	}
}
