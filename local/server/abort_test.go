package server

import (
	"strings"
	"testing"
	"time"

	"realname/local/engine"
	"realname/local/faults"
	"realname/shared/table"
)

// begun returns a server whose repair acts at once, with a running session of account-1.
func begun(t *testing.T) (s *Server, path string) {
	t.Helper()
	s = demo(t, func(o *Options) { o.RepairEvery = time.Nanosecond })
	_, id, _ := s.call(t, "sessions", "POST", "/v1/sessions",
		`{"method":"legal_representative","consentVersion":"2026-12-755e1e5a"}`)
	s.opened(t, id, "enterprise")
	return s, "/v1/sessions/" + id
}

// Two functions close sessions other than by the last step, and login also signs
// users out. The test aborts each after its first outside call, its second, and so
// on.
func TestAnAbortInARareWayLeavesNothingHalfDone(t *testing.T) {
	wrong := strings.Replace(passingSteps[0].body, "安达", "他名", 1)
	for _, tt := range []struct {
		name, function, method, suffix, body string
		before                               int // wrong answers first
		least                                int
		again                                int // final status of the repeated request
		closed                               string
	}{
		{"cancel", "sessions", "DELETE", "", "", 0, 3, 200, "canceled"},
		{"the last failed try", "enterprise", "POST", "/enterprise", wrong, 4, 4, 429, "failed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for call, fired := 1, true; fired; call++ {
				s, path := begun(t)
				for range tt.before {
					other := strings.Replace(tt.body, "他名", "别名", 1) // a known answer would need fewer calls
					if status, _, _ := s.call(t, tt.function, tt.method, path+tt.suffix, other); status != 422 {
						t.Fatal(status)
					}
				}
				s.faults.AbortAt(faults.Abort{Function: tt.function, Call: call})
				_, _, _, err := s.try(t, tt.function, tt.method, path+tt.suffix, tt.body)
				if fired = err != nil; !fired {
					if call <= tt.least {
						t.Errorf("call %d was not reached", call)
					}
					return
				}
				if status, _, _ := s.call(t, tt.function, tt.method, path+tt.suffix, tt.body); status != tt.again {
					t.Errorf("after call %d, again: %d", call, status)
				}
				s.closes(t, strings.TrimPrefix(path, "/v1/sessions/"), tt.closed)
			}
		})
	}
}

func TestAnAbortedSignOutEverywhereIsDoneOrRepeatable(t *testing.T) {
	for call := 1; call <= 2; call++ {
		s := demo(t)
		s.faults.AbortAt(faults.Abort{Function: "login", Call: call})
		if _, _, _, err := s.try(t, "login", "DELETE", "/v1/account/sign-ins", ""); err == nil {
			t.Fatalf("call %d was not reached", call)
		}
		want := 204 // not written yet
		if call == 2 {
			want = 401 // already revoked
		}
		if status, _, _ := s.call(t, "login", "DELETE", "/v1/account/sign-ins", ""); status != want {
			t.Errorf("after call %d, again: %d", call, status)
		}
	}
}

// closes runs repair until the session has the wanted final status, its execution
// has ended, and its signal is gone.
func (s *Server) closes(t *testing.T, id, status string) {
	t.Helper()
	var stored map[string]any
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); {
		if _, err := s.invoke(t.Context(), "repair", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		items, err := s.table.Get(t.Context(), table.Key{PK: "SESSION#" + id, SK: "STATE"})
		if err != nil {
			t.Fatal(err)
		}
		x, err := s.engine.Describe(id)
		if err != nil {
			t.Fatal(err)
		}
		stored = items[0].Body
		if stored["closed"] == status && stored["signal"] == nil && x.Status == engine.Succeeded {
			return
		}
	}
	t.Errorf("stuck as %v", stored)
}
