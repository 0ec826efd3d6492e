package tencent

import (
	"context"
	"time"

	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/provider/tencent/resultcode"
	"realname/shared/realname"
)

// Covers implements provider.Covering: bodies with a business license (营业执照).
func (c *Client) Covers(h idcode.Holder) provider.Coverage {
	switch h {
	case idcode.Company, idcode.SoleTrader, idcode.Cooperative:
		return provider.CoversFour
	}
	return provider.CoversNothing
}

// dataAge is how old the registry's data can be: it is renewed weekly
// (cloud.tencent.com/document/api/866/129072).
const dataAge = 7 * 24 * time.Hour

// CheckEnterprise implements realname.Registry with VerifyBizLicenseEnterprise4.
// The API compares name, code, legal representative and ID number. The organization
// code is part of the code.
func (c *Client) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	var out struct {
		StatusCode      *int
		VerifyResult    *int
		OperatingStatus text
		IsCreditCodeConsistent, IsEntNameConsistent,
		IsLrNameConsistent *bool
		IsIDNumConsistent *bool `json:"IsIdNumConsistent"`
	}
	id, err := c.call(ctx, verifyEnterprise, plain(map[string]any{
		"CreditCode": q.USCC, "EntName": q.Name,
		"LrName": q.LegalRepresentative.Name, "IdNum": q.LegalRepresentative.IDNumber,
	}), &out)
	if err != nil {
		return judged(err)
	}
	if out.StatusCode != nil && *out.StatusCode == 1 {
		systemError := resultcode.Meaning{Outcome: realname.Unavailable, Known: true}
		return c.judge(verifyEnterprise, id, "StatusCode 1", systemError)
	}
	if out.StatusCode == nil || *out.StatusCode != 0 || out.VerifyResult == nil {
		return unusable(verifyEnterprise, id)
	}
	status := resultcode.OperatingStatus(string(out.OperatingStatus))
	allMatch := allTrue(out.IsCreditCodeConsistent, out.IsEntNameConsistent,
		out.IsLrNameConsistent, out.IsIDNumConsistent)
	switch {
	case status.Outcome == realname.NotCovered:
		return c.judge(verifyEnterprise, id, string(out.OperatingStatus), status)
	case *out.VerifyResult == 0:
		mismatch := resultcode.Meaning{Outcome: realname.Mismatch, Known: true}
		r, err := c.judge(verifyEnterprise, id, "VerifyResult 0", mismatch)
		r.Age = dataAge
		return r.DiffersIn(differing(out.IsEntNameConsistent, out.IsLrNameConsistent, status)...), err
	case *out.VerifyResult != 1 || !allMatch:
		// An overall match with an element that does not match is a contradiction.
		return unusable(verifyEnterprise, id)
	}
	r, err := c.judge(verifyEnterprise, id, string(out.OperatingStatus), status)
	if status.Reason == realname.ReasonNotInBusiness {
		r.Age = dataAge
		return r.DiffersIn(realname.ElementStatus), err
	}
	return r, err
}

// differing returns the public elements that differ. A flag that the answer lacks says
// nothing.
func differing(name, person *bool, status resultcode.Meaning) []realname.Element {
	var all []realname.Element
	if name != nil && !*name {
		all = append(all, realname.ElementName)
	}
	if person != nil && !*person {
		all = append(all, realname.ElementPerson)
	}
	if status.Reason == realname.ReasonNotInBusiness {
		all = append(all, realname.ElementStatus)
	}
	return all
}

func allTrue(flags ...*bool) bool {
	for _, f := range flags {
		if f == nil || !*f {
			return false
		}
	}
	return true
}

// CheckIDCard implements realname.IDCards with CheckIdNameDate.
func (c *Client) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	var out struct{ Result text }
	id, err := c.call(ctx, checkIDCard, encrypted(map[string]any{
		"Name": q.Person.Name, "IdCard": q.Person.IDNumber,
		"ValidityBegin": q.ValidFrom, "ValidityEnd": q.ValidTo,
	}, "Name", "IdCard"), &out)
	if err != nil {
		return judged(err)
	}
	return c.judge(checkIDCard, id, string(out.Result), resultcode.IDCard(string(out.Result)))
}

// residentIDOnly is the only CertType that BankCard4EVerification supports.
const residentIDOnly = 0

// CheckBankCard implements realname.BankCards with BankCard4EVerification. The API
// verifies only holders of a resident ID. For other ID types, CheckBankCard returns
// the API's code -20 without a call.
func (c *Client) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	if q.Person.IDType != idcode.ResidentID {
		m := resultcode.BankCard("-20")
		return realname.CheckResult{
			Outcome: m.Outcome, Reason: m.Reason, Provider: Name, Code: "-20", NotAsked: true,
		}, nil
	}
	var out struct{ Result text }
	id, err := c.call(ctx, verifyBankCard, encrypted(map[string]any{
		"Name": q.Person.Name, "IdCard": q.Person.IDNumber,
		"BankCard": q.CardNumber, "Phone": q.Mobile, "CertType": residentIDOnly,
	}, "Name", "IdCard", "BankCard", "Phone"), &out)
	if err != nil {
		return judged(err)
	}
	return c.judge(verifyBankCard, id, string(out.Result), resultcode.BankCard(string(out.Result)))
}

// judge returns the result of an answered call. An undocumented code is a failure
// with that code.
func (c *Client) judge(a api, requestID, code string, m resultcode.Meaning) (realname.CheckResult, error) {
	r := realname.CheckResult{Outcome: m.Outcome, Reason: m.Reason, Provider: Name, Code: code, RequestID: requestID}
	switch {
	case !m.Known && code == "":
		return unusable(a, requestID)
	case m.Outcome == realname.Unavailable:
		return r, &provider.Failure{Provider: Name, API: a.action, Code: code, RequestID: requestID}
	case m.Outcome == realname.Limited:
		r.RetryAfter = realname.UntilTomorrow(c.config.Now())
	}
	return r, nil
}

// judged returns the result of a failed check. Some error codes are answers.
func judged(err error) (realname.CheckResult, error) {
	r, err := failed(err)
	if outcome, ok := inputOutcome(r.Code); ok {
		r.Outcome, r.RetryAfter = outcome, 0
		return r, nil
	}
	return r, err
}

func failed(err error) (realname.CheckResult, error) { return provider.Failed(Name, err), err }

func unusable(a api, requestID string) (realname.CheckResult, error) {
	r := realname.CheckResult{
		Outcome: realname.Unavailable, Provider: Name, Code: provider.CodeMalformed, RequestID: requestID,
	}
	return r, malformed(a, requestID)
}

func plain(params map[string]any) builder {
	return func(Credentials) (map[string]any, error) { return params, nil }
}
