package eport

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

func running(t *testing.T) (*Sandbox, string) {
	t.Helper()
	s, err := New([]Enterprise{
		{"pass", "河北安达进出口贸易有限公司", "91130100MA0R01NM09"},
		{"other", "河北常青国际货运代理有限公司", "91130100MA0R02NM3R"},
	}, "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	control := httptest.NewServer(s.Control())
	t.Cleanup(control.Close)
	return s, "ws" + strings.TrimPrefix(control.URL, "http")
}

func ask(ctx context.Context, c *websocket.Conn, method, pin string) (answer, error) {
	var a answer
	if err := wsjson.Write(ctx, c, map[string]any{
		"_id": 7, "_method": method, "args": map[string]string{"inData": "x", "passwd": pin},
	}); err != nil {
		return a, err
	}
	err := wsjson.Read(ctx, c, &a)
	return a, err
}

func dial(t *testing.T, address string, origin string) *websocket.Conn {
	t.Helper()
	c, _, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPHeader: http.Header{"Origin": {origin}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() }) // the test is over
	var hello answer
	if err := wsjson.Read(t.Context(), c, &hello); err != nil || hello.Method != "open" || hello.Status != "00" {
		t.Fatalf("%+v %v", hello, err)
	}
	return c
}

// Run with the race detector.
func TestManyPagesAtOnceSignWithTheirOwnCards(t *testing.T) {
	_, address := running(t)
	var all sync.WaitGroup
	for i := range 8 {
		of, kind := []string{"pass", "other"}[i%2], []Kind{Good, GoodRSA, Revoked, StaleList}[i%4]
		c := dial(t, fmt.Sprintf("%s/?card=%s&kind=%s", address, of, kind), "http://localhost:8080")
		all.Go(func() {
			for range 5 {
				a, err := ask(t.Context(), c, "cus-sec_SpcSignDataAsPEM", defaultPIN)
				if err != nil || !a.Args.Result || len(a.Args.Data) != 2 || string(a.ID) != "7" {
					t.Errorf("%s: %+v %v", kind, a, err)
				}
			}
		})
	}
	all.Wait()
}

func TestControlRefusesOtherSitesAndUnknownCards(t *testing.T) {
	_, address := running(t)
	for url, origin := range map[string]string{
		address: "https://evil.example", address + "/?card=nobody": "http://localhost",
		address + "/?card=pass&kind=golden": "http://localhost", address + "/?card=pass&delay=soon": "http://localhost",
	} {
		if c, _, err := websocket.Dial(t.Context(), url, &websocket.DialOptions{
			HTTPHeader: http.Header{"Origin": {origin}},
		}); err == nil {
			_ = c.CloseNow() // the connection should have failed
			t.Errorf("%s from %s was accepted", url, origin)
		}
	}
}

func TestReaderIsWhatTheDeskSays(t *testing.T) {
	s, address := running(t)
	mux := http.NewServeMux()
	s.Register(mux)
	put := func(body string) int {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("POST", "/sandbox/card", strings.NewReader(body)))
		return w.Code
	}
	c := dial(t, address, "http://127.0.0.1:8080")
	for _, step := range []struct {
		body  string
		said  string
		error string
	}{
		{`{"card":"other"}`, "河北常青国际货运代理有限公司", ""},
		{`{"missing":true}`, "", codeReader},
		{`{}`, "", codeNoCard},
		{`{"card":"91130100MA0R01NM09","kind":"expired"}`, "河北安达进出口贸易有限公司", ""},
	} {
		if status := put(step.body); status != http.StatusOK {
			t.Fatalf("%s: %d", step.body, status)
		}
		a, err := ask(t.Context(), c, "cus-sec_SpcGetEntName", "")
		got := strings.Join(append(a.Args.Data, a.Args.Error...), " ")
		if err != nil || !strings.Contains(got, step.said+step.error) {
			t.Errorf("%s: %+v %v", step.body, a, err)
		}
	}
	for _, bad := range []string{
		`{"card":"nobody"}`, `{"card":"pass","kind":"golden"}`, `{"delay":"soon"}`, `{"color":"red"}`, `[]`,
	} {
		if status := put(bad); status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, status)
		}
	}
	var st state
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest("GET", "/sandbox/card", nil))
	if err := json.Unmarshal(w.Body.Bytes(), &st); err != nil || st.Reader.Kind != Expired ||
		len(st.Kinds) != len(Kinds()) {
		t.Errorf("%s %v", w.Body, err)
	}
}

func TestInsertingTheCardAgainUnlocksIt(t *testing.T) {
	s, address := running(t)
	c := dial(t, address, "http://127.0.0.1:8080")
	sign := func(pin string) string {
		a, err := ask(t.Context(), c, "cus-sec_SpcSignDataAsPEM", pin)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(a.Args.Error, " ")
	}
	for range triesOfAPIN {
		sign("0")
	}
	if said := sign(defaultPIN); !strings.Contains(said, codeLocked) {
		t.Errorf("locked: %s", said)
	}
	if err := s.insert(Reader{USCC: "pass", Kind: Good}); err != nil {
		t.Fatal(err)
	}
	if said := sign(defaultPIN); said != "" {
		t.Errorf("inserted again: %s", said)
	}
}
