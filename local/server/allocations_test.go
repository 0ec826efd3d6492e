package server

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

// ask sends a request of a signed-in clerk through the gateway.
func (s *Server) ask(t *testing.T, token, method, path, body string, want int) string {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != want {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return w.Body.String()
}

// allocated returns the objects and bytes that a call allocates in the whole process.
func allocated(do func()) (objects, bytes uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs, after.TotalAlloc - before.TotalAlloc
}

// Most of the processor time of a request is its allocations, directly or through the
// garbage collector. JSON between parts of one process would multiply them.
func TestAVerificationAllocatesLittle(t *testing.T) {
	s := demo(t)
	defer s.watches.hear(s.table)()
	consent := s.form.recipients.ConsentVersion("legal_representative")
	token := s.login(t, s.Accounts[0])
	objects, bytes := allocated(func() {
		begun := s.ask(t, token, "POST", "/v1/sessions",
			`{"method":"legal_representative","consentVersion":"`+consent+`"}`, http.StatusCreated)
		_, rest, _ := strings.Cut(begun, `"id":"`)
		id, _, _ := strings.Cut(rest, `"`)
		for _, step := range passingSteps {
			s.ask(t, token, "POST", "/v1/sessions/"+id+"/"+step.function, step.body, http.StatusOK)
		}
	})
	const mostObjects, mostBytes = 5_300, 550_000 // with JSON between the parts: 6,200 to 10,000, and 620,000 to 940,000
	if objects > mostObjects || bytes > mostBytes {
		t.Errorf("%d objects and %d bytes, at most %d and %d", objects, bytes, mostObjects, mostBytes)
	}
}
