package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/local/data"
	"realname/shared/realname"
	"realname/shared/table"
)

func demo(t testing.TB, change ...func(*Options)) *Server {
	t.Helper()
	n := 0
	o := Options{
		Data: data.Demo(), Limits: realname.DefaultLimits(), TokenTTL: time.Hour, IdleTimeout: time.Hour,
		RepairEvery: time.Minute, RetentionEvery: time.Hour,
		NotifyEvery: time.Minute, NotifyFirst: time.Minute, Rate: 1000, Burst: 1000,
		Log: slog.New(slog.DiscardHandler), NewAccountID: func() string { n++; return fmt.Sprintf("account-%d", n) },
	}
	for _, c := range change {
		c(&o)
	}
	s, err := New(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.engine.Close)
	return s
}

// call invokes a function as account-1 and counts its calls to the table.
func (s *Server) call(t testing.TB, function, method, path, body string) (status int, id string, calls int64) {
	t.Helper()
	status, id, calls, err := s.try(t, function, method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return status, id, calls
}

// try is like call, for an invocation that may be aborted.
func (s *Server) try(
	t testing.TB, function, method, path, body string,
) (status int, id string, calls int64, err error) {
	t.Helper()
	event, err := json.Marshal(map[string]any{
		"version": "2.0", "routeKey": method + " " + path, "rawPath": path,
		"headers": map[string]string{"content-type": "application/json"}, "body": body,
		"requestContext": map[string]any{
			"requestId": "r1", "http": map[string]string{"method": method, "path": path},
			"authorizer": map[string]any{
				"lambda": map[string]string{"accountId": "account-1", "uscc": "91130100MA0R01NM09", "issuedAtMs": "4102444800000"},
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, counter := table.WithCounter(context.WithoutCancel(t.Context()))
	raw, err := s.Invoke(ctx, function, event)
	if err != nil {
		return 0, "", counter.Calls(), err
	}
	var answer struct {
		StatusCode int
		Body       string
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		t.Fatal(err)
	}
	var s1 struct{ ID string }
	_ = json.Unmarshal([]byte(answer.Body), &s1) // a problem has no id
	return answer.StatusCode, s1.ID, counter.Calls(), nil
}

// opened waits until the workflow has opened the step.
func (s *Server) opened(t testing.TB, session, step string) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		items, err := s.table.Get(t.Context(), table.Key{PK: "SESSION#" + session, SK: "STEP"})
		if err != nil {
			t.Fatal(err)
		}
		if len(items) == 1 && items[0].Body["step"] == step {
			return
		}
	}
	t.Fatalf("%s was not opened", step)
}

// passingSteps are the bodies that verify account-1, the demonstration account "pass".
var passingSteps = []struct{ function, name, body string }{
	{
		"enterprise", "enterprise",
		`{"name":"河北安达进出口贸易有限公司","uscc":"91130100MA0R01NM09","orgCode":"MA0R01NM0","legalRepresentative":{"name":"赵安国","idType":"resident_id","idNumber":"130105197803121016"}}`, //nolint:lll // a body as sent
	},
	{"legal-representative", "legal_representative", `{"by":"id_card","validFrom":"20160425","validTo":"20360425"}`},
	{
		"account-holder", "account_holder",
		`{"by":"id_card","name":"钱小敏","idType":"resident_id","idNumber":"13010419850215201X","validFrom":"20190610","validTo":"20390610"}`, //nolint:lll // a body as sent
	},
}

// A step whose check asks a provider counts the question in a call of its own (decision
// 41). A step that asks no one makes two.
func TestSubmittingAStepCostsThreeTableCalls(t *testing.T) {
	s := demo(t)
	status, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
		`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
	if status != 201 {
		t.Fatal(status)
	}
	submit := func(function, body string, want int, most int64) {
		t.Helper()
		status, _, calls := s.call(t, function, "POST", "/v1/sessions/"+id+"/"+function, body)
		if status != want || calls != most {
			t.Errorf("%s: status %d in %d table calls, want %d in %d", function, status, calls, want, most)
		}
	}
	s.opened(t, id, "enterprise")
	wrong := strings.Replace(passingSteps[0].body, "安达", "他名", 1)
	submit("enterprise", wrong, 422, 3)
	submit("enterprise", wrong, 422, 2) // the session has the answer
	for _, step := range passingSteps {
		s.opened(t, id, step.name)
		submit(step.function, step.body, 200, 3)
	}
	if status, _, calls := s.call(t, "sessions", "GET", "/v1/sessions/"+id, ""); status != 200 || calls != 1 {
		t.Errorf("status read: %d in %d table calls", status, calls)
	}
}

func TestTheTryThatClosesASessionCostsNoFurtherTableCall(t *testing.T) {
	s := demo(t)
	_, id, calls := s.call(t, "sessions", "POST", "/v1/sessions",
		`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
	if calls != 3 {
		t.Errorf("start: %d table calls, want 3", calls)
	}
	s.opened(t, id, "enterprise")
	wrong := strings.Replace(passingSteps[0].body, "安达", "他名", 1)
	for try, want := range []int{422, 422, 422, 422, 429} {
		if status, _, calls := s.call(t, "enterprise", "POST", "/v1/sessions/"+id+"/enterprise",
			wrong); status != want || calls != map[bool]int64{true: 3, false: 2}[try == 0] {
			t.Errorf("attempt %d: status %d in %d table calls, want %d", try+1, status, calls, want)
		}
	}
}

// The verdict on the code is a separate write, correct or not. Only a correct code leads
// to a question, which is counted.
func TestAnSMSCodeCostsAnotherTableCallRightOrWrong(t *testing.T) {
	s := demo(t)
	_, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
		`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
	path := "/v1/sessions/" + id + "/"
	s.opened(t, id, "enterprise")
	s.call(t, "enterprise", "POST", path+"enterprise", passingSteps[0].body)
	s.opened(t, id, "legal_representative")
	const mobile, card = "13900001001", "6222021000001000016"
	status, _, calls := s.call(t, "sms-codes", "POST", path+"sms-codes",
		`{"step":"legal_representative","mobile":"`+mobile+`","bankCardNumber":"`+card+`"}`)
	if status != 202 || calls != 5 { // read, three counts each in its own write, and the evidence of the message
		t.Errorf("sms-codes: status %d in %d table calls, want 202 in 5", status, calls)
	}
	sent, _ := s.provider.LastMessage(mobile)
	other := strings.Map(func(r rune) rune { return '0' + '9' - r }, sent.Code)
	for _, try := range []struct {
		code string
		want int
		cost int64
	}{{other, 422, 3}, {sent.Code, 200, 4}} {
		body := `{"by":"bank_card","bankCardNumber":"` + card + `","mobile":"` + mobile + `","smsCode":"` + try.code + `"}`
		if status, _, calls := s.call(t, "legal-representative", "POST", path+"legal-representative",
			body); status != try.want || calls != try.cost {
			t.Errorf("status %d in %d table calls, want %d in %d", status, calls, try.want, try.cost)
		}
	}
}

func TestEveryFunctionOfTheContractIsServed(t *testing.T) {
	routes, err := contractRoutes()
	if err != nil || len(routes) == 0 {
		t.Fatal(err)
	}
	s := demo(t)
	for _, r := range routes {
		if s.functions[r.Function] == nil {
			t.Errorf("%s %s: no function %q", r.Method, r.Path, r.Function)
		}
	}
}

// For the race detector: the answer to one caller must not share data with the
// answer to another.
func TestCallersAtOnceGetTheirOwnAnswers(t *testing.T) {
	s := demo(t)
	var all sync.WaitGroup
	for i, a := range s.Accounts {
		all.Go(func() {
			token := s.login(t, a)
			for range 20 {
				r := httptest.NewRequest("GET", "/v1/account", nil)
				r.Header.Set("Authorization", "Bearer "+token)
				w := httptest.NewRecorder()
				s.ServeHTTP(w, r)
				if w.Code != 200 || !strings.Contains(w.Body.String(), a.Enterprise.USCC) {
					t.Errorf("account %d: %d %s", i, w.Code, w.Body)
					return
				}
			}
		})
	}
	all.Wait()
}

func (s *Server) login(t testing.TB, a data.Account) string {
	body, err := json.Marshal(map[string]string{"loginName": a.LoginName, "password": a.Password})
	if err != nil {
		t.Error(err)
	}
	r := httptest.NewRequest("POST", "/v1/login", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var answer struct{ Token string }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Token == "" {
		t.Errorf("%s: %d %s", a.LoginName, w.Code, w.Body)
	}
	return answer.Token
}
