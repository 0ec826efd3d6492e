package server

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

func (s *Server) move(t *testing.T, body string) int {
	t.Helper()
	w := httptest.NewRecorder()
	s.setClock(w, httptest.NewRequest("POST", "/sandbox/clocks", strings.NewReader(body)))
	return w.Code
}

func TestAClockIsOneFunctionsAlone(t *testing.T) {
	s := demo(t)
	for body, want := range map[string]int{
		`{"function":"sessions","offset":"-10m"}`: 200, `{"function":"platform","offset":"10m"}`: 200,
		`{"function":"nobody","offset":"1m"}`:   400,
		`{"function":"login","offset":"later"}`: 400, `{"function":"login","offset":"1m","more":1}`: 400, `nonsense`: 400,
	} {
		if code := s.move(t, body); code != want {
			t.Errorf("%s: %d", body, code)
		}
	}
	created := func(method string) time.Duration {
		t.Helper()
		version := s.form.recipients.ConsentVersion(realname.Method(method))
		body := `{"method":"` + method + `","consentVersion":"` + version + `"}`
		status, id, _ := s.call(t, "sessions", "POST", "/v1/sessions", body)
		items, err := s.table.Get(t.Context(), table.Key{PK: "SESSION#" + id, SK: "STATE"})
		if status != 201 || err != nil || len(items) != 1 {
			t.Fatalf("%d %v %v", status, items, err)
		}
		at, err := store.SessionOf(items[0])
		if err != nil {
			t.Fatal(err)
		}
		return time.Until(at.CreatedAt).Round(time.Minute)
	}
	if off := created("legal_representative"); off != -10*time.Minute {
		t.Errorf("sessions is off by %s", off)
	}
	if s.move(t, `{"function":"sessions","offset":"0s"}`) != 200 {
		t.Fatal("not moved back")
	}
	if s.move(t, `{"function":"login","offset":"10m"}`) != 200 {
		t.Fatal("not moved")
	}
	if off := created("bank_ukey"); off != 0 {
		t.Errorf("sessions is off by %s after it was set right", off)
	}
}
