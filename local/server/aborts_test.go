package server

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAbortsAreAskedForByFunctionAndCall(t *testing.T) {
	s := demo(t)
	for body, want := range map[string]int{
		`{"function":"login","call":2}`: 200, `{"function":"nobody","call":1}`: 400, `{"function":"login","call":0}`: 400,
		`{"function":"login"}`: 400, `{"function":"login","call":1,"more":1}`: 400, `nonsense`: 400,
	} {
		w := httptest.NewRecorder()
		s.addAbort(w, httptest.NewRequest("POST", "/sandbox/aborts", strings.NewReader(body)))
		if w.Code != want {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	if due := s.faults.Aborts(); len(due) != 1 || due[0].Function != "login" || due[0].Call != 2 {
		t.Errorf("%+v", due)
	}
	s.forgetAborts(httptest.NewRecorder(), httptest.NewRequest("DELETE", "/sandbox/aborts", nil))
	if due := s.faults.Aborts(); len(due) != 0 {
		t.Errorf("not forgotten: %+v", due)
	}
}
