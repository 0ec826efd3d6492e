// Package conformance holds what the tests of every provider's adapter share: fictional
// data, and the checks of failures against the provider's simulator.
package conformance

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	data "realname/local/sandbox/provider"
	"realname/local/sandbox/trouble"
	"realname/shared/idcode"
	"realname/shared/provider"
	"realname/shared/realname"
)

// Zhao and Li are fictional persons. Li's card has no end.
var (
	Zhao = realname.Person{Name: "赵安国", IDType: "resident_id", IDNumber: "130105197803121016"}
	Li   = realname.Person{Name: "李长江", IDType: "resident_id", IDNumber: "11010519491231002X"}
)

// Queries that match the data.
var (
	Enterprise = realname.EnterpriseQuery{
		Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0", LegalRepresentative: Zhao,
	}
	Institution = realname.EnterpriseQuery{
		Name: "石家庄市（测试）检测中心", USCC: "12130100MA0R01NM0K", OrgCode: "MA0R01NM0", LegalRepresentative: Zhao,
	}
	IDCard   = realname.IDCardQuery{Person: Zhao, ValidFrom: "20160425", ValidTo: "20360425"}
	LongTerm = realname.IDCardQuery{Person: Li, ValidFrom: "20160425", ValidTo: idcode.LongTerm}
	BankCard = realname.BankCardQuery{Person: Zhao, CardNumber: "6222021000001000016", Mobile: "13900001001"}
	Message  = realname.SMSMessage{Mobile: "13900001001", Code: "482913", CardTail: "0016", Minutes: 5}
)

// Data returns the data that the queries match.
func Data() data.Data {
	enterprise := func(q realname.EnterpriseQuery) data.Enterprise {
		return data.Enterprise{
			Name: q.Name, USCC: q.USCC, OrgCode: q.OrgCode, LegalRepresentative: q.LegalRepresentative,
			OperatingStatus: 1, Covered: true,
		}
	}
	identity := func(q realname.IDCardQuery) data.Identity {
		return data.Identity{
			Name: q.Person.Name, IDNumber: q.Person.IDNumber, ValidFrom: q.ValidFrom, ValidTo: q.ValidTo,
		}
	}
	return data.Data{
		Registry:   []data.Enterprise{enterprise(Enterprise), enterprise(Institution)},
		Identities: []data.Identity{identity(IDCard), identity(LongTerm)},
		Cards:      []data.Card{{Holder: Zhao, CardNumber: BankCard.CardNumber, Mobile: BankCard.Mobile}},
	}
}

// Serve serves a simulator until the test ends, and returns its address.
func Serve(t testing.TB, h http.Handler) *url.URL {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// Checks ask each check of a client with the queries above.
type Checks map[trouble.Target]func(context.Context) (realname.CheckResult, error)

// ChecksOf returns the checks that the client implements.
func ChecksOf(client any) Checks {
	all := Checks{}
	if c, ok := client.(realname.Registry); ok {
		all[trouble.Registry] = func(ctx context.Context) (realname.CheckResult, error) {
			return c.CheckEnterprise(ctx, Enterprise)
		}
	}
	if c, ok := client.(realname.IDCards); ok {
		all[trouble.IDCard] = func(ctx context.Context) (realname.CheckResult, error) {
			return c.CheckIDCard(ctx, IDCard)
		}
	}
	if c, ok := client.(realname.BankCards); ok {
		all[trouble.BankCard] = func(ctx context.Context) (realname.CheckResult, error) {
			return c.CheckBankCard(ctx, BankCard)
		}
	}
	if c, ok := client.(realname.SMS); ok {
		all[trouble.SMS] = func(ctx context.Context) (realname.CheckResult, error) { return c.SendCode(ctx, Message) }
	}
	return all
}

// Meaning is what an error code means for the request.
type Meaning struct {
	Outcome  realname.Outcome
	NoEffect bool
	Pause    bool // the failure says when to ask again
}

// Meanings of error codes: the rate is refused, staff have to act, or there is just no
// answer.
var (
	Refused  = Meaning{Outcome: realname.Limited, NoEffect: true, Pause: true}
	Staff    = Meaning{Outcome: realname.Unavailable, NoEffect: true, Pause: true}
	NoAnswer = Meaning{Outcome: realname.Unavailable}
)

// Verify fails the test unless a check with this error code has the meaning and its
// evidence, and unless its error is free of the ID number.
func (m Meaning) Verify(t testing.TB, code string, r realname.CheckResult, err error) {
	t.Helper()
	var f *provider.Failure
	if !errors.As(err, &f) || r.Outcome != m.Outcome || f.NoEffect != m.NoEffect ||
		f.Throttled != (m.Outcome == realname.Limited) || (f.RetryAfter > 0) != m.Pause {
		t.Fatalf("%s: %+v %+v, want %+v", code, r, err, m)
	}
	if r.Code != code || r.RequestID == "" || strings.Contains(err.Error(), Zhao.IDNumber) {
		t.Errorf("%s: evidence %+v, error %v", code, r, err)
	}
}

// FailBelow makes each check fail below the provider's protocol, and fails the test unless
// it has the code of the mode and its error holds nothing of the query and none of the
// secrets. A refused rate alone has certainly no effect.
func FailBelow(
	t *testing.T, checks Checks, fault func(trouble.Target, trouble.Mode, int) error, codes map[trouble.Mode]string,
	secrets ...string,
) {
	t.Helper()
	for mode, code := range codes {
		for target, ask := range checks {
			t.Run(string(mode)+" "+string(target), func(t *testing.T) {
				if err := fault(target, mode, 1); err != nil {
					t.Fatal(err)
				}
				ctx := t.Context()
				if mode == trouble.Timeout {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, 50*time.Millisecond)
					defer cancel()
				}
				r, err := ask(ctx)
				var f *provider.Failure
				if !errors.As(err, &f) || f.Code != code || f.NoEffect != (mode == trouble.Throttle) {
					t.Fatalf("%+v %+v", r, err)
				}
				for _, value := range append([]string{Zhao.Name, Zhao.IDNumber, "127.0.0.1"}, secrets...) {
					if strings.Contains(err.Error(), value) {
						t.Errorf("the error holds a value: %v", err)
					}
				}
			})
		}
	}
}
