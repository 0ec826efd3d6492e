package server

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	banksandbox "realname/local/sandbox/bank"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
	"realname/shared/verification"
	"realname/shared/wiring"
)

// sent is one callback and its expected outcome.
type sent struct {
	event  []byte
	status int
}

// sending returns the numbers of callbacks. Of 10,000 callbacks, the service must
// not apply 3 in 10. The short form sends a hundredth.
func sending() (genuine, ofEach int) { // of each: forged, replayed, late, reordered, for another enterprise
	if testing.Short() {
		return 70, 6
	}
	return 7000, 600
}

// BenchmarkCallbacks sends 10,000 callbacks in random order through the function's
// own Lambda handler, on all cores at once, and counts the applied ones.
func BenchmarkCallbacks(b *testing.B) {
	genuine, ofEach := sending()
	s := demo(b)
	v := s.verification()
	for b.Loop() {
		b.StopTimer()
		all := s.callbacks(b, v)
		before := s.passedAttempts()
		b.StartTimer()
		wrong := s.sendAll(b, all)
		b.StopTimer()
		applied := s.passedAttempts()
		for session := range before {
			delete(applied, session)
		}
		for session, times := range applied {
			if times != 1 {
				b.Errorf("session %s was decided %d times", session, times)
			}
		}
		if wrong > 0 || len(applied) != genuine || len(all) != genuine+5*ofEach {
			b.Errorf("of %d callbacks %d were answered wrongly, %d sessions passed, want %d", len(all), wrong, len(applied),
				genuine)
		}
		b.ReportMetric(float64(len(applied)), "applied")
		b.ReportMetric(float64(len(all)-len(applied)), "not_applied")
		b.StartTimer()
	}
	b.ReportMetric(float64(genuine), "genuine")
	b.ReportMetric(float64(genuine+5*ofEach)*float64(b.N)/b.Elapsed().Seconds(), "callbacks/s")
}

func (s *Server) sendAll(b *testing.B, all []sent) (wrong int64) {
	var next, bad atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(all)); i = next.Add(1) - 1 {
				raw, err := s.Invoke(b.Context(), "bank-callback", all[i].event)
				var answer struct{ StatusCode int }
				if err != nil || json.Unmarshal(raw, &answer) != nil || answer.StatusCode != all[i].status {
					bad.Add(1)
				}
			}
		})
	}
	wg.Wait()
	return bad.Load()
}

// passedAttempts counts the passed bank attempts of each session.
func (s *Server) passedAttempts() map[string]int {
	counts := map[string]int{}
	for _, it := range s.table.(*memory.Table).Dump() {
		if of, err := store.SessionOf(it); err == nil && it.Key.SK == "STATE" {
			for _, a := range of.Attempts {
				if a.Passed && a.Step == realname.StepBank {
					counts[it.Key.PK]++
				}
			}
		}
	}
	return counts
}

// callbacks opens the sessions and signs the banks' callbacks.
func (s *Server) callbacks(b *testing.B, v *verification.Verification) []sent {
	var all []sent
	type change func(headers map[string]string)
	add := func(bank, request string, e realname.SessionEnterprise, status int, change change) []byte {
		body, err := json.Marshal(map[string]any{
			"requestId": request, "result": "PASS", "completedAt": "2026-01-01T00:00:00Z",
			"enterprise": map[string]string{"name": e.Name, "uscc": e.USCC, "orgCode": e.OrgCode()},
		})
		if err != nil {
			b.Fatal(err)
		}
		signed, err := banksandbox.Sign(bank, time.Now(), strings.ReplaceAll(wiring.NewID(), "-", ""), body)
		if err != nil {
			b.Fatal(err)
		}
		headers := map[string]string{"content-type": "application/json"}
		for name := range signed {
			headers[strings.ToLower(name)] = signed.Get(name)
		}
		if change != nil {
			change(headers)
		}
		path := "/v1/bank-callbacks/" + bank
		event, err := json.Marshal(map[string]any{
			"version": "2.0", "rawPath": path, "headers": headers, "body": string(body),
			"requestContext": map[string]any{"requestId": "r", "http": map[string]string{"method": "POST", "path": path}},
		})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, sent{event, status})
		return event
	}
	banks := []string{"CCB", "ABC"} // RSA and SM2 alternate
	genuine, ofEach := sending()
	for n := range genuine {
		bank := banks[n%2]
		c, session, e := s.bankSession(b, v)
		if n < ofEach { // abandoned at another bank first
			add(banks[(n+1)%2], s.chosen(b, v, c, session, banks[(n+1)%2]), e, http.StatusConflict, nil)
		}
		request := s.chosen(b, v, c, session, bank)
		event := add(bank, request, e, http.StatusOK, nil)
		switch n / ofEach {
		case 1: // a recorded callback, replayed
			all = append(all, sent{event, http.StatusOK})
		case 2:
			add(bank, request, e, http.StatusUnauthorized, func(h map[string]string) { h["rn-nonce"] = "forged" })
		case 3:
			other := realname.SessionEnterprise{Name: "别的公司", USCC: e.USCC}
			add(bank, request, other, http.StatusUnprocessableEntity, nil)
		}
	}
	for range ofEach { // late: canceled before the bank answers
		c, session, e := s.bankSession(b, v)
		request := s.chosen(b, v, c, session, "ABC")
		if _, err := v.Cancel(b.Context(), c, session); err != nil {
			b.Fatal(err)
		}
		add("ABC", request, e, http.StatusConflict, nil)
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

var benchEnterprises atomic.Int64

// bankSession creates an enterprise with its account, starts a session, and waits
// until the workflow has opened it.
func (s *Server) bankSession(
	b *testing.B, v *verification.Verification,
) (realname.Caller, string, realname.SessionEnterprise) {
	n := benchEnterprises.Add(1)
	org := fmt.Sprintf("MC%06d", n)
	check, _ := idcode.OrgCodeCheck(org) // org has the right form
	org += string(check)
	uscc := "91130100" + org
	check, _ = idcode.USCCCheck(uscc)
	uscc += string(check)
	e := realname.Enterprise{USCC: uscc, Name: fmt.Sprintf("基准%d贸易有限公司", n), OrgCode: org}
	a := realname.Account{
		ID: fmt.Sprintf("bench-%d", n), LoginName: fmt.Sprintf("bench-%d", n), Origin: realname.MigratedLocal, USCC: uscc,
	}
	if err := store.New(s.table).CreateAccount(b.Context(), a, e, realname.HolderIndex{Current: "h"}); err != nil {
		b.Fatal(err)
	}
	c := realname.Caller{AccountID: a.ID, USCC: uscc, IssuedAt: time.Now().Add(time.Hour)}
	var session realname.Session
	_, err := v.Start(b.Context(), verification.StartRequest{
		Caller: c, Method: realname.BankUKey, ConsentVersion: realname.Recipients{}.ConsentVersion(realname.BankUKey),
		Render: func(s realname.Session) realname.Reply { session = s; return realname.Reply{} },
	})
	if err != nil {
		b.Fatal(err)
	}
	s.opened(b, session.ID, "bank")
	return c, session.ID, session.Enterprise
}

// chosen hands the session over to the bank and returns the request's ID.
func (s *Server) chosen(
	b *testing.B, v *verification.Verification, c realname.Caller, session, bank string,
) (id string) {
	_, err := v.ChooseBank(b.Context(), verification.SubmitRequest{Caller: c, SessionID: session},
		realname.BankName{Code: bank},
		func(_ realname.Session, r realname.BankRequest) (realname.Reply, error) {
			id = r.ID
			return realname.Reply{}, nil
		})
	if err != nil {
		b.Fatal(err)
	}
	return id
}
