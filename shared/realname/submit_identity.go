package realname

import (
	"context"
	"time"

	"realname/shared/idcode"
)

// IdentityAnswer is one of the two ways to prove who somebody is: an ID card's
// dates, or a bank card with the code sent to its reserved mobile number.
type IdentityAnswer struct {
	By             By
	ValidFrom      string // YYYYMMDD
	ValidTo        string // YYYYMMDD, 00000000 = long-term
	BankCardNumber string
	Mobile         string
	SMSCode        string
}

// SubmitLegalRepresentative checks the identity of the legal representative who
// was given in step 1 (R4, 核验法人身份信息). ID-card authentication exists only
// for a resident ID card; any other ID type goes by bank card.
// Errors: CodeInvalidRequest with fields; those of submit; CodeUnavailable.
func (v *Verification) SubmitLegalRepresentative(ctx context.Context, r SubmitRequest, a IdentityAnswer) (Reply, error) {
	a, err := a.normalized(v.Now())
	if err != nil {
		return Reply{}, err
	}
	return v.submit(ctx, r, StepLegalRepresentative, a.codeStep(StepLegalRepresentative), func(ctx context.Context, view SessionView) (decision, error) {
		p, err := OpenPerson(v.Sealer, view.Session.Subject, SessionItem(view.Session.ID), FieldSubject)
		if err != nil {
			return decision{}, err
		}
		return v.checkIdentity(ctx, view, StepLegalRepresentative, p, a)
	})
}

// SubmitAccountHolder checks the identity of the account holder, who must be
// the account's administrator (R4, 核验管理员身份信息, and R7).
// Errors: CodeInvalidRequest with fields; those of submit; CodeUnavailable.
func (v *Verification) SubmitAccountHolder(ctx context.Context, r SubmitRequest, holder Person, a IdentityAnswer) (Reply, error) {
	var f fieldErrors
	holder = f.person("", holder, v.Now())
	a = a.normalize(&f, v.Now())
	if err := f.err(); err != nil {
		return Reply{}, err
	}
	return v.submit(ctx, r, StepAccountHolder, a.codeStep(StepAccountHolder), func(ctx context.Context, view SessionView) (decision, error) {
		admin, err := OpenPerson(v.Sealer, view.Account.Administrator, AccountItem(view.Account.ID), FieldAdministrator)
		if err != nil {
			return decision{}, err
		}
		if !samePerson(admin, holder) {
			d := decision{event: StepDecided{Step: StepAccountHolder, By: a.By, Charged: true}}
			return d.refuse(CodeHolderMismatch), nil
		}
		d, err := v.checkIdentity(ctx, view, StepAccountHolder, holder, a)
		d.event.HolderChanges = view.Account.HolderChanges
		return d, err
	})
}

func samePerson(a, b Person) bool {
	return a.IDType == b.IDType && a.IDNumber == b.IDNumber && idcode.SameName(a.Name, b.Name)
}

func (a IdentityAnswer) normalized(now time.Time) (IdentityAnswer, error) {
	var f fieldErrors
	a = a.normalize(&f, now)
	return a, f.err()
}

func (a IdentityAnswer) normalize(f *fieldErrors, now time.Time) IdentityAnswer {
	if a.By == ByIDCard {
		a.ValidFrom, a.ValidTo = f.validity(a.ValidFrom, a.ValidTo, now)
		return a
	}
	a.BankCardNumber = f.code("/bankCardNumber", a.BankCardNumber, idcode.ValidateBankCard)
	a.Mobile = f.mobile("/mobile", a.Mobile)
	a.SMSCode = f.smsCode("/smsCode", a.SMSCode)
	return a
}

// codeStep names the step whose SMS code has to be read, if the way needs one.
func (a IdentityAnswer) codeStep(step StepName) StepName {
	if a.By == ByBankCard {
		return step
	}
	return ""
}

func (v *Verification) checkIdentity(ctx context.Context, view SessionView, step StepName, p Person, a IdentityAnswer) (decision, error) {
	d := decision{event: StepDecided{Step: step, By: a.By}}
	if a.By == ByBankCard {
		return v.checkBankCard(ctx, view, d, p, a)
	}
	if p.IDType != idcode.ResidentID {
		return d, &Error{
			Code:         CodeInvalidRequest,
			Fields:       []FieldError{{Pointer: "/by", Kind: "by", Rule: "resident_id_only"}},
			Alternatives: []string{string(ByBankCard)},
		}
	}
	return v.checkIDCard(ctx, view.Session, d, p, a)
}

func (v *Verification) checkIDCard(ctx context.Context, s Session, d decision, p Person, a IdentityAnswer) (decision, error) {
	if unusualValidity(p, a) {
		d.event.Hints = []Hint{HintValidityUnusual}
	}
	words := []string{p.Name, string(p.IDType), p.IDNumber, a.ValidFrom, a.ValidTo}
	result, err := v.answer(ctx, s, &d, IDCardCheck, words, func() (CheckResult, error) {
		return v.IDCards.CheckIDCard(ctx, IDCardQuery{Person: p, ValidFrom: a.ValidFrom, ValidTo: a.ValidTo})
	})
	if err != nil {
		return d, err
	}
	d.event.Charged = result.Outcome == Mismatch
	switch {
	case result.Outcome == Match:
		d.event.Passed = true
		return d, nil
	case result.Outcome == NotCovered:
		return d.refuse(CodeIDCardUncovered), nil
	case result.Reason == ReasonValidity:
		return d.refuse(CodeIDCardValidity), nil
	}
	return d.refuse(CodeIDCardMismatch), nil
}

// checkBankCard judges the SMS code, then the card. A right code is used up only
// when its step passes, so that a mistyped card number does not cost another
// message.
func (v *Verification) checkBankCard(ctx context.Context, view SessionView, d decision, p Person, a IdentityAnswer) (decision, error) {
	err := v.guess(ctx, view.Code, v.Sealer.Index(numberPurpose, a.Mobile), a.Mobile, a.SMSCode)
	if CodeOf(err) == CodeSMSCodeWrong {
		d.wrongCode = true
		return d.refuse(CodeSMSCodeWrong), nil
	}
	if err != nil {
		return d, err
	}
	words := []string{p.Name, string(p.IDType), p.IDNumber, a.BankCardNumber, a.Mobile}
	result, err := v.answer(ctx, view.Session, &d, BankCardCheck, words, func() (CheckResult, error) {
		return v.BankCards.CheckBankCard(ctx, BankCardQuery{Person: p, CardNumber: a.BankCardNumber, Mobile: a.Mobile})
	})
	if err != nil {
		return d, err
	}
	d.event.Charged = result.Outcome == Mismatch
	d.dropCode = view.Code
	switch {
	case result.Outcome == Match:
		d.event.Passed = true
		return d, nil
	case result.Reason == ReasonUnusable || result.Reason == ReasonIDTypeUnknown || result.Outcome == NotCovered:
		return d.refuse(CodeBankCardUnusable), nil
	}
	return d.refuse(CodeBankCardMismatch), nil
}

func unusualValidity(p Person, a IdentityAnswer) bool {
	return idcode.ValidityUnusual(p.IDNumber, a.ValidFrom, a.ValidTo)
}
