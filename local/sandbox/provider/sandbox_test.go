package provider_test

import (
	"path/filepath"
	"testing"
	"time"

	"realname/local/sandbox/journal"
	"realname/local/sandbox/provider"
	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
)

func TestOnlyAnEnterpriseInBusinessPassesAndOneThatIsNotFoundIsNotCovered(t *testing.T) {
	person := realname.Person{Name: "张三", IDType: idcode.ResidentID, IDNumber: "11010519491231002X"}
	q := realname.EnterpriseQuery{
		Name: "河北省电子口岸发展股份有限公司", USCC: "9113000034801880XB", OrgCode: "34801880X", LegalRepresentative: person,
	}
	for status, want := range map[int]realname.Outcome{
		1: realname.Match, 0: realname.Mismatch, 2: realname.Mismatch, 3: realname.Mismatch, 4: realname.Mismatch,
		5: realname.Mismatch, 6: realname.Mismatch, -10002: realname.NotCovered,
	} {
		row := provider.Enterprise{
			Name: q.Name, USCC: q.USCC, OrgCode: q.OrgCode, LegalRepresentative: person, OperatingStatus: status, Covered: true,
		}
		p := provider.New(provider.Data{Registry: []provider.Enterprise{row}}, time.Now)
		got, err := p.CheckEnterprise(t.Context(), q)
		if err != nil || got.Outcome != want || (got.Reason == realname.ReasonNotInBusiness) != (want == realname.Mismatch) {
			t.Errorf("status %d: %s %s %v, want %s", status, got.Outcome, got.Reason, err, want)
		}
	}
}

func TestACardThatWasAskedAboutTooOftenIsForTomorrow(t *testing.T) {
	q := realname.BankCardQuery{
		Person:     realname.Person{Name: "张三", IDType: idcode.ResidentID, IDNumber: "11010519491231002X"},
		CardNumber: "6222021234567890128", Mobile: "13800138000",
	}
	evening := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC) // 23:00 in China
	for code, want := range map[int]time.Duration{-19: time.Hour, -18: 0, 0: 0} {
		row := provider.Card{Holder: q.Person, CardNumber: q.CardNumber, Mobile: q.Mobile, Code: code}
		p := provider.New(provider.Data{Cards: []provider.Card{row}}, func() time.Time { return evening })
		if got, err := p.CheckBankCard(t.Context(), q); err != nil || got.RetryAfter != want {
			t.Errorf("code %d: again after %v, want %v (%v)", code, got.RetryAfter, want, err)
		}
	}
}

func TestMessagesComeBackFromTheJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sandbox.jsonl")
	opened := func() *provider.Provider {
		t.Helper()
		p := provider.New(provider.Data{}, time.Now)
		j, err := journal.Open(path, p.Recall)
		if err != nil {
			t.Fatal(err)
		}
		p.Keep(j)
		return p
	}
	p := opened()
	if _, err := p.SendCode(t.Context(), realname.SMSMessage{Mobile: "13900000000", Code: "123456"}); err != nil {
		t.Fatal(err)
	}
	if err := p.SendConfirmation(t.Context(), accounts.ConfirmationMail{To: "A@example.com", Secret: "s"}); err != nil {
		t.Fatal(err)
	}
	p = opened()
	if m, ok := p.LastMessage("13900000000"); !ok || m.Code != "123456" || m.SentAt.IsZero() {
		t.Errorf("%+v %v", m, ok)
	}
	if m, ok := p.LastMail("a@example.com"); !ok || m.Subject == "" || m.Link == "" {
		t.Errorf("%+v %v", m, ok)
	}
}
