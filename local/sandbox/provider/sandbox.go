// Package provider is the provider of the embedded default. It answers every check
// from its data, with the outcomes and codes of the real providers, and stores SMS
// messages instead of sending them.
package provider

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"sync"
	"time"

	"realname/local/sandbox/journal"
	"realname/shared/idcode"
	"realname/shared/provider/smstext"
	"realname/shared/provider/tencent/resultcode"
	"realname/shared/realname"
)

// Provider implements every check.
type Provider struct {
	records Records
	now     func() time.Time

	mu       sync.Mutex
	requests int
	asked    map[realname.CheckName]int
	messages map[string]Message
	mails    map[string]Mail
	journal  *journal.Journal
}

// New returns a provider over the data.
func New(d Data, now func() time.Time) *Provider {
	return &Provider{
		records: d.Records(), now: now,
		asked: map[realname.CheckName]int{}, messages: map[string]Message{}, mails: map[string]Mail{},
	}
}

func (p *Provider) result(
	check realname.CheckName, o realname.Outcome, reason realname.CheckReason, code int,
) realname.CheckResult {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked[check]++
	p.requests++
	return realname.CheckResult{
		Outcome: o, Reason: reason, Provider: "sandbox", Code: strconv.Itoa(code),
		RequestID: fmt.Sprintf("sandbox-%d", p.requests),
	}
}

// notFound is OperatingStatus -10002 of VerifyBizLicenseEnterprise4.
const notFound = -10002

// CheckEnterprise implements realname.Registry with the operating statuses of
// VerifyBizLicenseEnterprise4. An enterprise with the status notFound is missing
// from the registry, regardless of its other fields.
func (p *Provider) CheckEnterprise(_ context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	e, known := p.records.Enterprises[q.USCC]
	if !known || !e.Covered || e.OperatingStatus == notFound {
		return p.result(realname.RegistryCheck, realname.NotCovered, "", notFound), nil
	}
	m := resultcode.OperatingStatus(strconv.Itoa(e.OperatingStatus))
	code := e.OperatingStatus
	if e.Name != q.Name || e.OrgCode != q.OrgCode || !same(e.LegalRepresentative, q.LegalRepresentative) {
		code, m.Outcome = 0, realname.Mismatch
	}
	r := p.result(realname.RegistryCheck, m.Outcome, m.Reason, code)
	if m.Outcome == realname.Mismatch {
		r.Age = dataAge
		r = r.DiffersIn(differing(e, q, m)...)
	}
	return r, nil
}

// dataAge is that of VerifyBizLicenseEnterprise4.
const dataAge = 7 * 24 * time.Hour

// differing returns the public elements that differ from the query.
func differing(e Enterprise, q realname.EnterpriseQuery, m resultcode.Meaning) []realname.Element {
	var all []realname.Element
	if e.Name != q.Name {
		all = append(all, realname.ElementName)
	}
	if e.LegalRepresentative.Name != q.LegalRepresentative.Name {
		all = append(all, realname.ElementPerson)
	}
	if m.Reason == realname.ReasonNotInBusiness {
		all = append(all, realname.ElementStatus)
	}
	return all
}

// same compares names character by character, as providers do.
func same(a, b realname.Person) bool {
	return a.Name == b.Name && idcode.SameNumber(a.IDType, a.IDNumber, b.IDType, b.IDNumber)
}

// CheckIDCard implements realname.IDCards with the codes of CheckIdNameDate.
func (p *Provider) CheckIDCard(_ context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	i, known := p.records.Identities[q.Person.IDNumber]
	switch {
	case !known:
		return p.result(realname.IDCardCheck, realname.NotCovered, "", -7), nil
	case i.Name != q.Person.Name:
		return p.result(realname.IDCardCheck, realname.Mismatch, "", -1), nil
	case i.ValidFrom != q.ValidFrom || i.ValidTo != q.ValidTo:
		return p.result(realname.IDCardCheck, realname.Mismatch, realname.ReasonValidity, -1), nil
	}
	return p.result(realname.IDCardCheck, realname.Match, "", 0), nil
}

// CheckBankCard implements realname.BankCards with the codes of
// BankCard4EVerification.
func (p *Provider) CheckBankCard(_ context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	c, known := p.records.Cards[q.CardNumber]
	if !known || !same(c.Holder, q.Person) || c.Mobile != q.Mobile {
		return p.result(realname.BankCardCheck, realname.Mismatch, "", -1), nil
	}
	m := resultcode.BankCard(strconv.Itoa(c.Code))
	r := p.result(realname.BankCardCheck, m.Outcome, m.Reason, c.Code)
	if m.Outcome == realname.Limited { // -19: next day
		r.RetryAfter = realname.UntilTomorrow(p.now())
	}
	return r, nil
}

// SendCode implements realname.SMS.
func (p *Provider) SendCode(_ context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	r := p.result(realname.SMSCheck, realname.Match, "", 0)
	p.mu.Lock()
	defer p.mu.Unlock()
	sent := Message{Code: m.Code, Text: smstext.Code(m), SentAt: p.now().UTC().Truncate(time.Second)}
	if err := p.journal.Add(messageEntry, entry[Message]{m.Mobile, sent}); err != nil {
		return realname.CheckResult{}, err
	}
	p.messages[m.Mobile] = sent
	return r, nil
}

// Asked returns how many questions of each kind this provider has answered.
func (p *Provider) Asked() map[realname.CheckName]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.asked)
}

// LastMessage returns the latest message to a number.
func (p *Provider) LastMessage(mobile string) (Message, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.messages[mobile]
	return m, ok
}
