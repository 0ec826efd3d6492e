package verification

import (
	"context"
	"errors"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// IdentityAnswer is the user's answer to one of the two checks of a person's
// identity: by the dates of an ID card, or by a bank card and the code sent to the
// mobile number reserved at the bank.
type IdentityAnswer struct {
	By             realname.By
	ValidFrom      string // YYYYMMDD
	ValidTo        string // YYYYMMDD, 00000000 = long-term
	BankCardNumber string
	Mobile         string
	SMSCode        string
	Confirmed      []string // pointers of unusual values that the user has confirmed
}

// SubmitLegalRepresentative checks the identity of the legal representative given in
// step 1 (R4, 核验法人身份信息). The check by ID card accepts only a resident ID card;
// every other ID type needs the check by bank card, and so does an enterprise of which the
// registry has compared three elements only.
// Errors: CodeInvalidRequest and CodeConfirmationNeeded with fields; those of submit;
// those of answer.
func (v *Verification) SubmitLegalRepresentative(
	ctx context.Context, r SubmitRequest, a IdentityAnswer,
) (realname.Reply, error) {
	a, err := a.normalized(v.Now())
	if err != nil {
		return realname.Reply{}, err
	}
	step := realname.StepLegalRepresentative
	run := func(ctx context.Context, sub *submission) (decision, error) {
		item := realname.SessionItem(sub.view.Session.ID)
		p, err := realname.OpenPerson(v.Sealer, sub.view.Session.Subject, item, realname.FieldSubject)
		if err != nil {
			return decision{}, err
		}
		return v.checkIdentity(ctx, sub, step, p, a)
	}
	return v.submit(ctx, r, step, a.codeStep(step), run)
}

// SubmitAccountHolder checks the identity of the account holder, who must be the
// account's administrator (R4, 核验管理员身份信息, and R7).
// Errors: CodeInvalidRequest and CodeConfirmationNeeded with fields; those of submit;
// those of answer.
func (v *Verification) SubmitAccountHolder(
	ctx context.Context, r SubmitRequest, holder realname.Person, a IdentityAnswer,
) (realname.Reply, error) {
	f := realname.Fields{Confirmed: a.Confirmed}
	holder = f.Person("", holder, v.Now())
	a = a.normalize(&f, v.Now())
	if err := f.Err(); err != nil {
		return realname.Reply{}, err
	}
	step := realname.StepAccountHolder
	run := func(ctx context.Context, sub *submission) (decision, error) {
		account := sub.view.Account
		item := realname.AccountItem(account.ID)
		admin, err := realname.OpenPerson(v.Sealer, account.Administrator, item, realname.FieldAdministrator)
		if err != nil {
			return decision{}, err
		}
		if !realname.SamePerson(admin, holder) {
			d := decision{event: realname.StepDecided{Step: step, By: a.By, Charged: true}}
			return d.refuse(realname.CodeHolderMismatch), nil
		}
		d, err := v.checkIdentity(ctx, sub, step, holder, a)
		d.event.HolderChanges = account.HolderChanges
		return d, err
	}
	return v.submit(ctx, r, step, a.codeStep(step), run)
}

func (a IdentityAnswer) normalized(now time.Time) (IdentityAnswer, error) {
	f := realname.Fields{Confirmed: a.Confirmed}
	a = a.normalize(&f, now)
	return a, f.Err()
}

func (a IdentityAnswer) normalize(f *realname.Fields, now time.Time) IdentityAnswer {
	if a.By == realname.ByIDCard {
		a.ValidFrom, a.ValidTo = f.Validity(a.ValidFrom, a.ValidTo, now)
		return a
	}
	a.BankCardNumber = f.BankCard("/bankCardNumber", a.BankCardNumber)
	a.Mobile = f.Mobile("/mobile", a.Mobile)
	a.SMSCode = f.SMSCode("/smsCode", a.SMSCode)
	return a
}

// codeStep returns the step whose SMS code must be read; "" if the check does not
// need a code.
func (a IdentityAnswer) codeStep(step realname.StepName) realname.StepName {
	if a.By == realname.ByBankCard {
		return step
	}
	return ""
}

func (v *Verification) checkIdentity(
	ctx context.Context, sub *submission, step realname.StepName, p realname.Person, a IdentityAnswer,
) (decision, error) {
	d := decision{event: realname.StepDecided{Step: step, By: a.By}}
	if a.By == realname.ByBankCard {
		return v.checkBankCard(ctx, sub, d, p, a)
	}
	if p.IDType != idcode.ResidentID {
		return d, notByIDCard("resident_id_only")
	}
	if st, _ := sub.view.Session.Step(step); st.BankCardOnly {
		return d, notByIDCard("bank_card_only")
	}
	return v.checkIDCard(ctx, sub, d, p, a)
}

// notByIDCard refuses the check by ID card.
func notByIDCard(rule string) error {
	return &realname.Error{
		Code:         realname.CodeInvalidRequest,
		Fields:       []realname.FieldError{{Pointer: "/by", Kind: "by", Rule: rule}},
		Alternatives: []string{string(realname.ByBankCard)},
	}
}

func (v *Verification) checkIDCard(
	ctx context.Context, sub *submission, d decision, p realname.Person, a IdentityAnswer,
) (decision, error) {
	if idcode.ValidityUnusual(p.IDNumber, a.ValidFrom, a.ValidTo) {
		d.event.Hints = []realname.Hint{realname.HintValidityUnusual}
	}
	questions := aboutPerson(p, []string{a.ValidFrom, a.ValidTo},
		func() ([]realname.Route[realname.IDCards], error) { return realname.RoutesOfIDCards(ctx, v.IDCards) },
		func(c realname.IDCards, p realname.Person) (realname.CheckResult, error) {
			return c.CheckIDCard(ctx, realname.IDCardQuery{Person: p, ValidFrom: a.ValidFrom, ValidTo: a.ValidTo})
		})
	result, err := v.answer(ctx, sub, &d, realname.IDCardCheck, questions)
	if err != nil {
		return d, err
	}
	d.event.Charged = result.Outcome == realname.Mismatch
	switch {
	case result.Outcome == realname.Match:
		d.event.Passed = true
		return d, nil
	case result.Outcome == realname.NotCovered:
		return d.refuse(realname.CodeIDCardUncovered), nil
	case result.Reason == realname.ReasonValidity:
		return d.refuse(realname.CodeIDCardValidity), nil
	}
	return d.refuse(realname.CodeIDCardMismatch), nil
}

// checkBankCard checks the SMS code and then the card. A correct code stays valid for
// its step, so that a mistyped card number does not cost another message. A passed step
// takes no other answer, so that nothing has to use up its code.
func (v *Verification) checkBankCard(
	ctx context.Context, sub *submission, d decision, p realname.Person, a IdentityAnswer,
) (decision, error) {
	code := sub.view.Code
	number, err := v.Sealer.Index(NumberPurpose, a.Mobile)
	if err != nil {
		return d, err
	}
	err = v.Codes().Guess(ctx, code, number, a.Mobile, a.SMSCode)
	if wrong := (*realname.Error)(nil); errors.As(err, &wrong) && wrong.Code == realname.CodeSMSCodeWrong {
		d.wrongCode = true
		d = d.refuse(wrong.Code)
		d.refusal.AttemptsLeft = wrong.AttemptsLeft
		return d, nil
	}
	if err != nil {
		return d, err
	}
	questions := aboutPerson(p, []string{a.BankCardNumber, a.Mobile},
		func() ([]realname.Route[realname.BankCards], error) {
			return realname.RoutesOfBankCards(ctx, v.BankCards)
		},
		func(b realname.BankCards, p realname.Person) (realname.CheckResult, error) {
			return b.CheckBankCard(ctx, realname.BankCardQuery{Person: p, CardNumber: a.BankCardNumber, Mobile: a.Mobile})
		})
	result, err := v.answer(ctx, sub, &d, realname.BankCardCheck, questions)
	if err != nil {
		return d, err
	}
	d.event.Charged = result.Outcome == realname.Mismatch
	switch {
	case result.Outcome == realname.Match:
		d.event.Passed = true
		return d, nil
	case result.Outcome == realname.NotCovered,
		result.Reason == realname.ReasonUnusable, result.Reason == realname.ReasonIDTypeUnknown:
		return d.refuse(realname.CodeBankCardUnusable), nil
	}
	return d.refuse(realname.CodeBankCardMismatch), nil
}
