package baidu

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/provider/baidu/resultcode"
	"realname/shared/realname"
)

// Covers implements provider.Covering by the documentation of
// four_factors_verification: bodies that the market regulators or the organization code
// center have registered, including institutions and law firms.
func (c *Client) Covers(h idcode.Holder) provider.Coverage {
	switch h {
	case idcode.Company, idcode.SoleTrader, idcode.Cooperative, idcode.LawFirm, idcode.Institution:
		return provider.CoversFour
	}
	return provider.CoversNothing
}

// dataAge is how old the registry's data can be: a change shows 15 working days after its
// approval (cloud.baidu.com/doc/OCR/s/7l9nz69kp), that is three weeks.
const dataAge = 3 * 7 * 24 * time.Hour

// CheckEnterprise implements realname.Registry with four_factors_verification. The API
// does not report whether the enterprise is in business.
func (c *Client) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	form := url.Values{
		"name": {q.LegalRepresentative.Name}, "idcard": {q.LegalRepresentative.IDNumber},
		"company": {q.Name}, "regnum": {q.USCC},
	}
	var out struct {
		Words struct{ VerifyResult, NameMatch, IDNumMatch, CompanyMatch, RegNumMatch string } `json:"words_result"`
	}
	id, err := c.call(ctx, verifyEnterprise, []byte(form.Encode()), &out)
	if err != nil {
		return judged(err)
	}
	w := out.Words
	r := realname.CheckResult{Provider: Name, Code: "verifyresult " + w.VerifyResult, RequestID: id}
	fields := []string{w.NameMatch, w.IDNumMatch, w.CompanyMatch, w.RegNumMatch}
	count := map[string]int{}
	for _, f := range fields {
		count[f]++
	}
	verified := count[resultcode.Matches] == len(fields)
	switch {
	case count[resultcode.Matches]+count[resultcode.Differs]+count[resultcode.Unverifiable] != len(fields),
		verified != (w.VerifyResult == resultcode.Matches):
		// An overall match with an element that does not match is a contradiction.
		return judged(c.http.Failure(verifyEnterprise.name(), provider.CodeMalformed, id))
	case verified:
		r.Outcome = realname.Match
	case w.RegNumMatch != resultcode.Matches, count[resultcode.Differs] == 0:
		// The code is not in the data, or no element could be compared.
		r.Outcome = realname.NotCovered
	default:
		r.Age = dataAge
		var differ []realname.Element
		if w.CompanyMatch == resultcode.Differs {
			differ = append(differ, realname.ElementName)
		}
		if w.NameMatch == resultcode.Differs {
			differ = append(differ, realname.ElementPerson)
		}
		r = r.DiffersIn(differ...)
	}
	return r, nil
}

// leastYears is the shortest term of validity that idmatch_date accepts.
const leastYears = 5

// CheckIDCard implements realname.IDCards with idmatch_date. A term of validity under
// five years is answered without a call, because Baidu refuses such a request.
func (c *Client) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	if tooShort(q.ValidFrom, q.ValidTo) {
		return realname.CheckResult{
			Outcome: realname.NotCovered, Reason: realname.ReasonValidity, Provider: Name, Code: "term_under_5_years",
			NotAsked: true,
		}, nil
	}
	body, err := json.Marshal(map[string]string{
		"name": q.Person.Name, "id_card_number": q.Person.IDNumber, "start_date": q.ValidFrom, "end_date": q.ValidTo,
	})
	if err != nil {
		return realname.CheckResult{}, err
	}
	var out struct {
		Result struct {
			VerifyStatus *int `json:"verify_status"`
		}
	}
	id, err := c.call(ctx, checkIDCard, body, &out)
	if err != nil {
		return judged(err)
	}
	if out.Result.VerifyStatus == nil {
		return judged(c.http.Failure(checkIDCard.name(), provider.CodeMalformed, id))
	}
	status := *out.Result.VerifyStatus
	m := resultcode.VerifyStatus(status)
	code := "verify_status " + strconv.Itoa(status)
	if m.Outcome == realname.Unavailable {
		return judged(c.http.Failure(checkIDCard.name(), code, id))
	}
	return realname.CheckResult{Outcome: m.Outcome, Reason: m.Reason, Provider: Name, Code: code, RequestID: id}, nil
}

// tooShort reports whether the term ends less than five years after its start.
func tooShort(from, to string) bool {
	if to == idcode.LongTerm || len(from) != 8 {
		return false
	}
	year, err := strconv.Atoi(from[:4])
	return err == nil && to < strconv.Itoa(year+leastYears)+from[4:]
}

// judged returns the result of a failed check. Some error codes are answers.
func judged(err error) (realname.CheckResult, error) {
	r := provider.Failed(Name, err)
	code, aerr := strconv.Atoi(r.Code)
	m := resultcode.Error(code)
	if aerr != nil || m.Outcome == realname.Unavailable || m.Outcome == realname.Limited {
		return r, err
	}
	r.Outcome, r.Reason, r.RetryAfter = m.Outcome, m.Reason, 0
	return r, nil
}
