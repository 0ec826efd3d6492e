package realname

import (
	"context"

	"realname/shared/idcode"
)

// EnterpriseAnswer is what step 1 asks for (R4, 核验企业信息).
type EnterpriseAnswer struct {
	Name                string
	USCC                string
	OrgCode             string
	LegalRepresentative Person
}

// SubmitEnterprise checks the enterprise against the registry.
//
// The code must be the account's own; name and legal representative are the
// registry's to confirm, and become the enterprise's record once the session is
// verified.
// Errors: CodeInvalidRequest with fields; those of submit; CodeUnavailable.
func (v *Verification) SubmitEnterprise(ctx context.Context, r SubmitRequest, a EnterpriseAnswer) (Reply, error) {
	a, err := a.normalized(v)
	if err != nil {
		return Reply{}, err
	}
	return v.submit(ctx, r, StepEnterprise, "", func(ctx context.Context, view SessionView) (decision, error) {
		return v.checkEnterprise(ctx, view, a)
	})
}

func (a EnterpriseAnswer) normalized(v *Verification) (EnterpriseAnswer, error) {
	var f fieldErrors
	a.Name = f.name("/name", a.Name)
	a.USCC = f.code("/uscc", a.USCC, idcode.ValidateUSCC)
	a.OrgCode = f.code("/orgCode", a.OrgCode, idcode.ValidateOrgCode)
	if f.clean("/uscc", "/orgCode") && !idcode.OrgCodeMatches(a.USCC, a.OrgCode) {
		f.add("/orgCode", "org_code", "differs_from_uscc")
	}
	a.LegalRepresentative = f.person("/legalRepresentative", a.LegalRepresentative, v.Now())
	return a, f.err()
}

func (v *Verification) checkEnterprise(ctx context.Context, view SessionView, a EnterpriseAnswer) (decision, error) {
	d := decision{event: StepDecided{Step: StepEnterprise}}
	if a.USCC != view.Account.USCC {
		d.event.Charged = true
		return d.refuse(CodeEnterpriseMismatch, FieldError{Pointer: "/uscc", Kind: "uscc", Rule: "not_the_accounts"}), nil
	}
	l := a.LegalRepresentative
	words := []string{a.Name, a.USCC, a.OrgCode, l.Name, string(l.IDType), l.IDNumber}
	result, err := v.answer(ctx, view.Session, &d, RegistryCheck, words, func() (CheckResult, error) {
		return v.Registry.CheckEnterprise(ctx, EnterpriseQuery(a))
	})
	if err != nil {
		return d, err
	}
	switch {
	case result.Outcome == Match:
		d.event.Passed = true
		d.event.Enterprise = SessionEnterprise{Name: a.Name, USCC: a.USCC}
		if known := view.Session.Enterprise.Name; idcode.SameName(known, a.Name) {
			d.event.Enterprise.Name = known // not as it happened to be typed
		}
		d.event.Subject, err = SealPerson(v.Sealer, a.LegalRepresentative, SessionItem(view.Session.ID), FieldSubject)
		return d, err
	case result.Outcome == NotCovered:
		return d.refuse(CodeEnterpriseUncovered), nil
	case result.Outcome == Mismatch && result.Reason == ReasonNotInBusiness:
		d.event.Charged = true
		return d.refuse(CodeEnterpriseClosed), nil
	case result.Outcome == Mismatch:
		d.event.Charged = true
	}
	return d.refuse(CodeEnterpriseMismatch), nil
}

// refuse makes the decision a refusal with the ways that remain.
func (d decision) refuse(code Code, fields ...FieldError) decision {
	d.event.Code = code
	d.refusal = &Error{Code: code, Fields: fields, Alternatives: Alternatives(code)}
	return d
}

// Alternatives lists what may be tried instead after a refusal: another method,
// or the other way of the same step (R4).
func Alternatives(code Code) []string {
	switch code {
	case CodeEnterpriseMismatch:
		return []string{string(BankUKey)}
	case CodeBankRefused, CodeBankMismatch, CodeBankUnavailable:
		return []string{string(ICCard), string(LegalRepresentative)}
	case CodeEnterpriseUncovered, CodeEnterpriseClosed:
		return []string{string(ICCard), string(BankUKey)}
	case CodeCardIssuerUnknown, CodeCardUsageWrong, CodeCardUnsuitable, CodeCardNotYetValid, CodeCardExpired, CodeCardRevoked,
		CodeCardUnnamed, CodeCardWrongEnterprise, CodeCardBoundElsewhere, CodeCardSHA1:
		return []string{string(LegalRepresentative), string(BankUKey)}
	case CodeIDCardMismatch, CodeIDCardUncovered, CodeIDCardValidity:
		return []string{string(ByBankCard)}
	}
	return nil
}
