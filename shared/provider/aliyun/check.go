package aliyun

import (
	"context"
	"errors"
	"slices"
	"strings"

	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/provider/aliyun/resultcode"
	"realname/shared/realname"
)

// Covers implements provider.Covering by the documentation of EntElementVerifyV2. Other
// bodies such as state organs and institutions are covered with three elements only.
func (c *Client) Covers(h idcode.Holder) provider.Coverage {
	switch h {
	case idcode.Company, idcode.SoleTrader, idcode.Cooperative, idcode.LawFirm:
		return provider.CoversFour
	}
	return provider.CoversThree
}

// maxID is the greatest length of an identifier of ours in a request.
const maxID = 32

// CheckEnterprise implements realname.Registry with EntElementVerifyV2: with the four
// elements ENT_4META where Alibaba Cloud offers them for the kind of enterprise, and
// with ENT_3META elsewhere. A match of three elements has the reason
// realname.ReasonThreeElements.
func (c *Client) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	three := c.Covers(idcode.HolderOf(q.USCC)) == provider.CoversThree
	id := identifier(c.config.NewID())
	params := map[string]string{
		"SceneCode": "realname", "MerchantBizId": id, "MerchantUserId": id, "UserAuthorization": "1",
		"InfoVerifyType": "ENT_4META", "LicenseNo": q.USCC, "EntName": q.Name,
		"LegalPersonName": q.LegalRepresentative.Name, "LegalPersonCertNo": q.LegalRepresentative.IDNumber,
	}
	if three {
		params["InfoVerifyType"] = "ENT_3META"
		delete(params, "LegalPersonCertNo")
	}
	var out struct {
		Result struct{ BizCode, ReasonDetail, Status string }
	}
	got, err := c.call(ctx, verifyEnterprise, params, &out)
	if r, done, err := c.answered(verifyEnterprise, got, err, "Success", "200"); done {
		return r, err
	}
	result := out.Result
	switch result.BizCode {
	case resultcode.NoRecord:
		return c.judge(verifyEnterprise, got, result.BizCode, known(realname.NotCovered))
	case resultcode.Differs:
		r, err := c.judge(verifyEnterprise, got, result.BizCode, known(realname.Mismatch))
		return r.DiffersIn(differing(result.ReasonDetail, result.Status)...), err
	case resultcode.Same:
		if result.ReasonDetail != "" { // a match with an element that differs is a contradiction
			return c.unusable(verifyEnterprise, got)
		}
	default:
		return c.judge(verifyEnterprise, got, result.BizCode, resultcode.Meaning{Outcome: realname.Unavailable})
	}
	status := resultcode.OperatingStatus(result.Status)
	if three && result.Status == "" {
		status = known(realname.Match) // a body without a business license has no status
	}
	r, err := c.judge(verifyEnterprise, got, result.Status, status)
	switch {
	case r.Outcome == realname.Mismatch:
		return r.DiffersIn(realname.ElementStatus), err
	case r.Outcome == realname.Match && three:
		r.Code, r.Reason = "ENT_3META "+resultcode.Same, realname.ReasonThreeElements
	}
	return r, err
}

// differing returns the public elements that differ. The ID number is none of them.
func differing(flags, status string) []realname.Element {
	var differ []realname.Element
	all := strings.Split(flags, ",")
	if slices.Contains(all, "EntNameFlag") {
		differ = append(differ, realname.ElementName)
	}
	if slices.Contains(all, "LegalPersonNameFlag") {
		differ = append(differ, realname.ElementPerson)
	}
	if status != "" && resultcode.OperatingStatus(status).Outcome == realname.Mismatch {
		differ = append(differ, realname.ElementStatus)
	}
	return differ
}

// identifier returns the letters and digits of an ID, as many as a request may hold.
func identifier(id string) string {
	id = strings.ReplaceAll(id, "-", "")
	return id[:min(len(id), maxID)]
}

// longTerm is the ValidityEndDate of a card without an end.
const longTerm = "长期"

// CheckIDCard implements realname.IDCards with Id2MetaPeriodVerify.
func (c *Client) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	end := q.ValidTo
	if end == idcode.LongTerm {
		end = longTerm
	}
	var out struct{ ResultObject struct{ BizCode string } }
	got, err := c.call(ctx, checkIDCard, map[string]string{
		"ParamType": "normal", "UserName": q.Person.Name, "IdentifyNum": q.Person.IDNumber,
		"ValidityStartDate": q.ValidFrom, "ValidityEndDate": end,
	}, &out)
	if r, done, err := c.answered(checkIDCard, got, err, "200"); done {
		return r, err
	}
	return c.judge(checkIDCard, got, out.ResultObject.BizCode, resultcode.IDCard(out.ResultObject.BizCode))
}

// CheckBankCard implements realname.BankCards with BankMetaVerify of four elements. The
// adapter asks only about holders of a resident ID: the documentation does not list the
// values of IdentityType for others.
func (c *Client) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	if q.Person.IDType != idcode.ResidentID {
		return realname.CheckResult{
			Outcome: realname.NotCovered, Reason: realname.ReasonIDTypeUnknown, Provider: Name, NotAsked: true,
		}, nil
	}
	var out struct {
		ResultObject struct{ BizCode, SubCode string }
	}
	got, err := c.call(ctx, verifyBankCard, map[string]string{
		"ParamType": "normal", "VerifyMode": "VERIFY_BANK_CARD", "ProductType": "BANK_CARD_4_META",
		"BankCard": q.CardNumber, "UserName": q.Person.Name, "IdentifyNum": q.Person.IDNumber, "Mobile": q.Mobile,
	}, &out)
	if r, done, err := c.answered(verifyBankCard, got, err, "200"); done {
		return r, err
	}
	result := out.ResultObject
	// The first digit of a SubCode repeats the BizCode: 1 same, 2 different, 3 not verified.
	if result.BizCode == "" || !strings.HasPrefix(result.SubCode, result.BizCode) {
		return c.unusable(verifyBankCard, got)
	}
	return c.judge(verifyBankCard, got, result.SubCode, resultcode.BankCard(result.SubCode))
}

func known(o realname.Outcome) resultcode.Meaning { return resultcode.Meaning{Outcome: o, Known: true} }

// answered handles a call without a result: a failure, or a code other than those of
// success. done is false if the answer holds a result.
func (c *Client) answered(
	a api, got codes, err error, success ...string,
) (r realname.CheckResult, done bool, failed error) {
	if err == nil {
		if slices.ContainsFunc(success, func(s string) bool { return strings.EqualFold(s, got.Code) }) {
			return r, false, nil
		}
		f := c.http.Failure(a.action, got.Code, got.RequestID)
		classify(f, c.config.Now())
		err = f
	}
	var f *provider.Failure
	if errors.As(err, &f) && (f.Code == "401" || provider.IsCode(f.Code, "InvalidParameter")) {
		return realname.CheckResult{
			Outcome: realname.InvalidInput, Provider: Name, Code: f.Code, RequestID: f.RequestID,
		}, true, nil
	}
	r, failed = c.failed(err)
	return r, true, failed
}

// judge returns the result of an answered call. An undocumented code is a failure with
// that code.
func (c *Client) judge(a api, got codes, code string, m resultcode.Meaning) (realname.CheckResult, error) {
	r := realname.CheckResult{
		Outcome: m.Outcome, Reason: m.Reason, Provider: Name, Code: code, RequestID: got.RequestID,
	}
	switch {
	case !m.Known && code == "":
		return c.unusable(a, got)
	case m.Outcome == realname.Unavailable:
		return r, c.http.Failure(a.action, code, got.RequestID)
	case m.Outcome == realname.Limited:
		r.RetryAfter = realname.UntilTomorrow(c.config.Now())
	}
	return r, nil
}

func (c *Client) unusable(a api, got codes) (realname.CheckResult, error) {
	return c.failed(c.http.Failure(a.action, provider.CodeMalformed, got.RequestID))
}

func (c *Client) failed(err error) (realname.CheckResult, error) {
	return provider.Failed(Name, err), err
}
