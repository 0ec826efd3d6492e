package verification_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"realname/local/domaintest"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/verification"
)

const (
	cardNumber = "6222021000001000016"
	mobile     = "13900001001"
)

var holder = realname.Person{Name: "钱小敏", IDType: idcode.ResidentID, IDNumber: "13010419850215201X"}

// people answers the checks of ID cards and bank cards, and remembers the queries.
type people struct {
	result    realname.CheckResult
	err       error
	idCards   []realname.IDCardQuery
	bankCards []realname.BankCardQuery
}

func (p *people) CheckIDCard(_ context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	p.idCards = append(p.idCards, q)
	return p.result, p.err
}

func (p *people) CheckBankCard(_ context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	p.bankCards = append(p.bankCards, q)
	return p.result, p.err
}

// answering returns a bench whose checks of people have that result.
func answering(t *testing.T, result realname.CheckResult) (*bench, *people) {
	t.Helper()
	b, p := newBench(t), &people{result: result}
	b.IDCards, b.BankCards = p, p
	return b, p
}

// toLegal returns a session whose open step is the legal representative's.
func (b *bench) toLegal() string {
	b.Helper()
	id := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(id); err != nil {
		b.Fatal(err)
	}
	return id
}

// opens makes the step the one that the workflow waits in.
func (b *bench) opens(session string, step realname.StepName) {
	b.Helper()
	err := b.Table.Transact(b.Context(), table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + session, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(step), "taskToken": session},
	}, table.Always()))
	if err != nil {
		b.Fatal(err)
	}
}

// legal answers the legal representative's step and returns what the user is told.
func (b *bench) legal(session string, a verification.IdentityAnswer) (told, err error) {
	r := b.Request(session)
	r.Render = func(_ realname.Session, err error) realname.Reply { told = err; return domaintest.Render(err) }
	_, err = b.SubmitLegalRepresentative(b.Context(), r, a)
	return told, err
}

func byIDCard(from, to string) verification.IdentityAnswer {
	return verification.IdentityAnswer{By: realname.ByIDCard, ValidFrom: from, ValidTo: to}
}

func byBankCard(code string) verification.IdentityAnswer {
	return verification.IdentityAnswer{By: realname.ByBankCard, BankCardNumber: cardNumber, Mobile: mobile, SMSCode: code}
}

// wantAlternatives checks which ways the refusal offers.
func wantAlternatives(t *testing.T, name string, refusal error, want ...string) {
	t.Helper()
	var e *realname.Error
	if !errors.As(refusal, &e) || len(e.Alternatives) != len(want) {
		t.Errorf("%s: %+v, want alternatives %v", name, refusal, want)
	}
}

func TestAnIDCardDecidesTheStep(t *testing.T) {
	for name, c := range map[string]struct {
		result  realname.CheckResult
		told    realname.Code
		refused realname.Code
		left    int
	}{
		"match":          {realname.CheckResult{Outcome: realname.Match}, "", "", 5},
		"mismatch":       {realname.CheckResult{Outcome: realname.Mismatch}, realname.CodeIDCardMismatch, "", 4},
		"not covered":    {realname.CheckResult{Outcome: realname.NotCovered}, realname.CodeIDCardUncovered, "", 5},
		"a wrong format": {realname.CheckResult{Outcome: realname.InvalidInput}, realname.CodeIDCardMismatch, "", 5},
		"other dates": {
			realname.CheckResult{Outcome: realname.Mismatch, Reason: realname.ReasonValidity},
			realname.CodeIDCardValidity, "", 4,
		},
		"no answer": {realname.CheckResult{Outcome: realname.Unavailable}, "", realname.CodeUnavailable, 5},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := answering(t, c.result)
			id := b.toLegal()
			told, err := b.legal(id, byIDCard("2016-04-25", "20360425"))
			if realname.CodeOf(err) != c.refused || realname.CodeOf(told) != c.told {
				t.Fatalf("told %v, refused %v", told, err)
			}
			s := b.SessionOf(id)
			st, _ := s.Step(realname.StepLegalRepresentative)
			passed := c.told == "" && c.refused == ""
			if s.TriesLeft(st) != c.left || (st.Outcome == realname.StepPassed) != passed || len(s.Hints) != 0 {
				t.Errorf("%+v, hints %v", st, s.Hints)
			}
			if c.told != "" {
				wantAlternatives(t, name, told, "bank_card")
			}
			person := domaintest.EnterpriseAnswer.LegalRepresentative
			if q := p.idCards[0]; q.Person != person || q.ValidFrom != "20160425" || q.ValidTo != "20360425" {
				t.Errorf("asked %+v", q)
			}
		})
	}
}

func TestAnUnusualValidityIsHintedAt(t *testing.T) {
	b, _ := answering(t, realname.CheckResult{Outcome: realname.Mismatch})
	id := b.toLegal()
	if _, err := b.legal(id, byIDCard("20200425", "20300425")); err != nil { // ten years at the age of 42
		t.Fatal(err)
	}
	if hints := b.SessionOf(id).Hints; len(hints) != 1 || hints[0] != realname.HintValidityUnusual {
		t.Errorf("hints %v", hints)
	}
}

func TestABankCardDecidesTheStep(t *testing.T) {
	for name, c := range map[string]struct {
		result realname.CheckResult
		told   realname.Code
		left   int
	}{
		"match":       {realname.CheckResult{Outcome: realname.Match}, "", 5},
		"mismatch":    {realname.CheckResult{Outcome: realname.Mismatch}, realname.CodeBankCardMismatch, 4},
		"not covered": {realname.CheckResult{Outcome: realname.NotCovered}, realname.CodeBankCardUnusable, 5},
		"unusable": {
			realname.CheckResult{Outcome: realname.Mismatch, Reason: realname.ReasonUnusable},
			realname.CodeBankCardUnusable, 4,
		},
		"another ID type": {
			realname.CheckResult{Outcome: realname.InvalidInput, Reason: realname.ReasonIDTypeUnknown},
			realname.CodeBankCardUnusable, 5,
		},
	} {
		t.Run(name, func(t *testing.T) {
			b, p := answering(t, c.result)
			id := b.toLegal()
			if _, err := b.AskCode(id); err != nil {
				t.Fatal(err)
			}
			told, err := b.legal(id, byBankCard("123456"))
			if err != nil || realname.CodeOf(told) != c.told {
				t.Fatalf("told %v, %v", told, err)
			}
			s := b.SessionOf(id)
			st, _ := s.Step(realname.StepLegalRepresentative)
			if s.TriesLeft(st) != c.left || (st.Outcome == realname.StepPassed) != (c.told == "") {
				t.Errorf("%+v", st)
			}
			if q := p.bankCards[0]; q.CardNumber != cardNumber || q.Mobile != mobile {
				t.Errorf("asked %+v", q)
			}
			if c.told == "" { // the step takes no other answer
				_, err := b.legal(id, byBankCard("123456"))
				if realname.CodeOf(err) != realname.CodeStepNotOpen || len(p.bankCards) != 1 {
					t.Errorf("the code again: %v", err)
				}
				return
			}
			b.Advance(b.Limits.CheckReuse) // the code has expired with that
			if _, err := b.legal(id, byBankCard("123456")); realname.CodeOf(err) != realname.CodeSMSCodeExpired {
				t.Errorf("an expired code: %v", err)
			}
		})
	}
}

func TestACodeIsGoodForItsNumberItsTimeAndFiveMistakes(t *testing.T) {
	b, p := answering(t, realname.CheckResult{Outcome: realname.Match})
	id := b.toLegal()
	if _, err := b.legal(id, byBankCard("123456")); realname.CodeOf(err) != realname.CodeSMSCodeExpired {
		t.Errorf("before a code was sent: %v", err)
	}
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	other := byBankCard("123456")
	other.Mobile = "13900001002"
	if _, err := b.legal(id, other); realname.CodeOf(err) != realname.CodeSMSCodeExpired {
		t.Errorf("another number: %v", err)
	}
	for n := range b.Limits.SMSCodeTries {
		told, err := b.legal(id, byBankCard("654321"))
		if err != nil || realname.CodeOf(told) != realname.CodeSMSCodeWrong {
			t.Errorf("wrong guess %d: told %v, %v", n+1, told, err)
		}
		var e *realname.Error
		if !errors.As(told, &e) || *e.AttemptsLeft != b.Limits.SMSCodeTries-n-1 { // of the code, not of the step
			t.Errorf("wrong guess %d: told %+v", n+1, e)
		}
	}
	s := b.SessionOf(id)
	st, _ := s.Step(realname.StepLegalRepresentative)
	if s.TriesLeft(st) != 5 || s.LastError.Code != realname.CodeSMSCodeWrong {
		t.Errorf("%+v, %+v", st, s.LastError)
	}
	_, err := b.legal(id, byBankCard("123456"))
	if realname.CodeOf(err) != realname.CodeSMSCodeExpired || len(p.bankCards) > 0 {
		t.Errorf("the right code after five wrong ones: %v", err)
	}
	b.Advance(b.Limits.SMSInterval)
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	b.Advance(b.Limits.SMSCodeLife - 1)
	if told, err := b.legal(id, byBankCard("123456")); told != nil || err != nil {
		t.Errorf("at the last moment: told %v, %v", told, err)
	}
	b, _ = answering(t, realname.CheckResult{Outcome: realname.Match})
	id = b.toLegal()
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	b.Advance(b.Limits.SMSCodeLife)
	if _, err := b.legal(id, byBankCard("123456")); realname.CodeOf(err) != realname.CodeSMSCodeExpired {
		t.Errorf("at its end: %v", err)
	}
}

func TestOnlyAResidentIDCardIsCheckedByItsDates(t *testing.T) {
	b, p := answering(t, realname.CheckResult{Outcome: realname.Match})
	id := b.Begin(realname.LegalRepresentative)
	answer := domaintest.EnterpriseAnswer
	answer.LegalRepresentative = realname.Person{Name: "赵安国", IDType: idcode.Passport, IDNumber: "E12345678"}
	if _, err := b.SubmitEnterprise(t.Context(), b.Request(id), answer); err != nil {
		t.Fatal(err)
	}
	_, err := b.legal(id, byIDCard("20160425", "20360425"))
	if realname.CodeOf(err) != realname.CodeInvalidRequest || len(p.idCards) > 0 {
		t.Errorf("by ID card: %v", err)
	}
	wantAlternatives(t, "by ID card", err, "bank_card")
	if _, err := b.AskCode(id); err != nil {
		t.Fatal(err)
	}
	if told, err := b.legal(id, byBankCard("123456")); told != nil || err != nil {
		t.Errorf("by bank card: told %v, %v", told, err)
	}
}

func TestTheHolderIsTheAccountsAdministrator(t *testing.T) {
	b, p := answering(t, realname.CheckResult{Outcome: realname.Match})
	b.Pass(realname.BankUKey)
	id := b.Begin(realname.AccountHolder)
	submit := func(person realname.Person) (told, err error) {
		r := b.Request(id)
		r.Render = func(_ realname.Session, err error) realname.Reply { told = err; return domaintest.Render(err) }
		_, err = b.SubmitAccountHolder(t.Context(), r, person, byIDCard("20160425", "20360425"))
		return told, err
	}
	other := holder
	other.Name = "钱大敏"
	told, err := submit(other)
	if err != nil || realname.CodeOf(told) != realname.CodeHolderMismatch || len(p.idCards) > 0 {
		t.Errorf("another person: told %v, %v", told, err)
	}
	s := b.SessionOf(id)
	if left := s.TriesLeft(s.Steps[0]); left != 4 {
		t.Errorf("%d tries left", left)
	}
	other.Name = ""
	if _, err := submit(other); realname.CodeOf(err) != realname.CodeInvalidRequest {
		t.Errorf("nobody: %v", err)
	}
	view, err := b.Store.LoadAccount(t.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
	if err != nil {
		t.Fatal(err)
	}
	view.Account.HolderChanges = 3
	if err := b.Store.Commit(t.Context(), realname.Writing(view.Account)); err != nil {
		t.Fatal(err)
	}
	if told, err := submit(holder); told != nil || err != nil {
		t.Fatalf("the administrator: told %v, %v", told, err)
	}
	if got := b.SessionOf(id).Ground.Holder; got != 3 {
		t.Errorf("the session stands on change %d", got)
	}
	if status, err := b.Finish(t.Context(), id); err != nil || status != realname.Verified {
		t.Fatalf("%s, %v", status, err)
	}
	page, err := b.MethodsPage(t.Context(), b.Caller())
	if err != nil || !page.Holder.Passed || !page.Enterprise.Passed {
		t.Fatalf("%+v, %v", page, err)
	}
	for _, c := range page.Cards {
		want := c.Method == realname.AccountHolder || c.Method == realname.BankUKey
		if c.Passed != want || c.Applicable == want || c.SessionID != "" {
			t.Errorf("%+v", c)
		}
	}
}

func TestALiveSessionIsResumedFromTheMethodsPage(t *testing.T) {
	b := newBench(t)
	id := b.Begin(realname.ICCard)
	page, err := b.MethodsPage(t.Context(), b.Caller())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range page.Cards {
		live := c.Method == realname.ICCard
		if (c.SessionID == id) != live || (c.Reason == realname.ReasonSessionLive) != live || c.Passed {
			t.Errorf("%+v", c)
		}
		if c.Applicable != (c.Method != realname.AccountHolder) {
			t.Errorf("%+v", c)
		}
	}
}

func TestAFailedAttemptLeavesTheFewerOfSessionAndDay(t *testing.T) {
	for name, c := range map[string]struct {
		perDay, sessions int
		told             []realname.Code
		after            time.Duration
	}{
		"the session's": {10, 5, []realname.Code{"m", "m", "m", "m", realname.CodeAttemptsExhausted}, time.Second},
		"the day's":     {2, 5, []realname.Code{"m", realname.CodeAttemptsExhausted}, 7 * time.Hour},
		"no session":    {10, 1, []realname.Code{"m", "m", "m", "m", realname.CodeAttemptsExhausted}, 7 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			b, _ := answering(t, realname.CheckResult{Outcome: realname.Mismatch})
			b.Limits.FailedTriesPerDay, b.Limits.SessionsPerDay = c.perDay, c.sessions
			id := b.toLegal()
			var last error
			for n, want := range c.told {
				told, err := b.legal(id, byIDCard("20160425", "20360425"))
				if want == "m" {
					want = realname.CodeIDCardMismatch
				}
				var e *realname.Error
				if err != nil || !errors.As(told, &e) || e.Code != want || *e.AttemptsLeft != len(c.told)-n-1 {
					t.Fatalf("attempt %d: told %+v, %v", n+1, told, err)
				}
				last = told
			}
			_, err := b.legal(id, byIDCard("20160425", "20360425"))
			for when, refusal := range map[string]error{"the last": last, "one more": err} {
				var e *realname.Error
				if !errors.As(refusal, &e) || e.Code != realname.CodeAttemptsExhausted || e.RetryAfter != c.after {
					t.Errorf("%s: %+v", when, refusal)
				}
			}
		})
	}
}
