package verification

import (
	"context"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// EnterpriseAnswer is the user's answer to step 1 (R4, 核验企业信息).
type EnterpriseAnswer struct {
	Name                string
	USCC                string
	OrgCode             string
	LegalRepresentative realname.Person
	Confirmed           []string // pointers of unusual values that the user has confirmed
}

// SubmitEnterprise checks the enterprise against the registry.
//
// The code must be the account's own. The registry confirms the name and the legal
// representative, which become the enterprise's record when the session is verified.
// Errors: CodeInvalidRequest and CodeConfirmationNeeded with fields; those of submit;
// those of answer.
func (v *Verification) SubmitEnterprise(
	ctx context.Context, r SubmitRequest, a EnterpriseAnswer,
) (realname.Reply, error) {
	a, err := a.normalized(v)
	if err != nil {
		return realname.Reply{}, err
	}
	run := func(ctx context.Context, sub *submission) (decision, error) {
		return v.checkEnterprise(ctx, sub, a)
	}
	return v.submit(ctx, r, realname.StepEnterprise, "", run)
}

func (a EnterpriseAnswer) normalized(v *Verification) (EnterpriseAnswer, error) {
	f := realname.Fields{Confirmed: a.Confirmed}
	a.Name = f.EnterpriseName("/name", a.Name, idcode.NormalizeCode(a.USCC))
	a.USCC = f.USCC("/uscc", a.USCC)
	a.OrgCode = f.OrgCode("/orgCode", a.OrgCode, a.USCC)
	a.LegalRepresentative = f.Person("/legalRepresentative", a.LegalRepresentative, v.Now())
	return a, f.Err()
}

func (v *Verification) checkEnterprise(
	ctx context.Context, sub *submission, a EnterpriseAnswer,
) (decision, error) {
	view := sub.view
	d := decision{event: realname.StepDecided{Step: realname.StepEnterprise}}
	if a.USCC != view.Account.USCC {
		d.event.Charged = true
		return d.refuse(realname.CodeEnterpriseMismatch, foreignCode()), nil
	}
	l := a.LegalRepresentative
	var questions []question
	for _, names := range spelled(a.Name, l.Name) {
		q := realname.EnterpriseQuery{Name: names[0], USCC: a.USCC, OrgCode: a.OrgCode, LegalRepresentative: l}
		q.LegalRepresentative.Name = names[1]
		ask := func(r realname.Registry) (realname.CheckResult, error) { return r.CheckEnterprise(ctx, q) }
		questions = append(questions, question{
			words: []string{names[0], a.USCC, a.OrgCode, names[1], string(l.IDType), l.IDNumber},
			routes: func() ([]put, error) {
				routes, err := realname.RoutesOfRegistry(ctx, v.Registry, idcode.HolderOf(a.USCC))
				return puts(routes, ask), err
			},
		})
	}
	result, err := v.answer(ctx, sub, &d, realname.RegistryCheck, questions)
	if err != nil {
		return d, err
	}
	switch {
	case result.Outcome == realname.Match:
		d.event.Passed = true
		d.event.ThreeElements = result.Reason == realname.ReasonThreeElements
		d.event.Enterprise = realname.SessionEnterprise{Name: a.Name, USCC: a.USCC}
		if known := view.Session.Enterprise.Name; idcode.SameName(known, a.Name) {
			d.event.Enterprise.Name = known // not the spelling that the user entered
		}
		item := realname.SessionItem(view.Session.ID)
		d.event.Subject, err = realname.SealPerson(v.Sealer, a.LegalRepresentative, item, realname.FieldSubject)
		return d, err
	case result.Outcome == realname.NotCovered:
		return d.refuse(realname.CodeEnterpriseUncovered), nil
	case result.Outcome == realname.Mismatch && result.Reason == realname.ReasonNotInBusiness:
		d.event.Charged = true
		return d.refuse(realname.CodeEnterpriseClosed).differing(), nil
	case result.Outcome == realname.Mismatch:
		d.event.Charged = true
	}
	return d.refuse(realname.CodeEnterpriseMismatch).differing(), nil
}

// foreignCode names the field of a code that is not the account's.
func foreignCode() realname.FieldError {
	return realname.FieldError{Pointer: "/uscc", Kind: "uscc", Rule: "not_the_accounts"}
}

// differing returns the refusal with the public elements that differ, at their fields.
func (d decision) differing() decision {
	e := d.event.Evidence
	d.refusal.Differs, d.refusal.CurrentFrom = e.Differs, e.CurrentFrom
	pointers := map[realname.Element]string{
		realname.ElementName: "/name", realname.ElementPerson: "/legalRepresentative/name",
	}
	for _, element := range e.Differs {
		if at := pointers[element]; at != "" {
			field := realname.FieldError{Pointer: at, Kind: "registry", Rule: string(element)}
			d.refusal.Fields = append(d.refusal.Fields, field)
		}
	}
	return d
}
