// Package conformance compares the embedded engine with Step Functions. The same
// executions of the definitions in shared/workflow run on both and must go through the
// same states to the same end.
package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

// machines runs executions of the definitions, in each of their variants.
type machines interface {
	start(ctx context.Context, on variant, name, input string) error
	// open waits until the step is open and returns its token.
	open(ctx context.Context, on variant, session, step string) (token string, err error)
	succeed(ctx context.Context, token string) error
	fail(ctx context.Context, token, errorName string) error
	stop(ctx context.Context, on variant, name string) error
	// ended waits for the execution's end.
	ended(ctx context.Context, on variant, name string) (outcome, error)
}

// variant names a variant of the definitions.
type variant string

// The variants: steps that stay open long, steps that time out after 2 s, and a
// missing table.
const (
	patient  variant = "patient"
	hurried  variant = "hurried"
	homeless variant = "homeless"
)

// waitSeconds is how long each variant waits for a step.
var waitSeconds = map[variant]int{patient: 600, hurried: 2, homeless: 600}

// outcome is the result that both engines must produce.
type outcome struct {
	Status string
	Error  string
	Output any
	States []string // entered, in order
	Tries  int      // failed attempts of the last task
}

// The prefix of a session's name selects its behavior: finish fails twice for flaky
// sessions. An older release started the older ones, without a request ID.
const (
	flaky = "flaky-"
	older = "older-"
)

var methods = map[string][]string{
	"legal_representative": {"enterprise", "legal_representative", "account_holder"},
	"bank_ukey":            {"bank"}, "ic_card": {"card"}, "account_holder": {"account_holder"},
}

// scenario is one execution and the actions on it.
type scenario struct {
	on      variant
	method  string
	session string // a prefix
	act     func(t *testing.T, x *run)
}

// run is one running execution.
type run struct {
	machines
	variant
	session string
}

func (x *run) pass(t *testing.T, steps ...string) {
	t.Helper()
	for _, step := range steps {
		if err := x.succeed(t.Context(), x.token(t, step)); err != nil {
			t.Fatal(err)
		}
	}
}

func (x *run) token(t *testing.T, step string) string {
	t.Helper()
	token, err := x.open(t.Context(), x.variant, x.session, step)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func scenarios() map[string]scenario {
	all := map[string]scenario{
		"finish is tried again": {patient, "bank_ukey", flaky, func(t *testing.T, x *run) { x.pass(t, "bank") }},
		"without a request ID":  {patient, "bank_ukey", older, func(t *testing.T, x *run) { x.pass(t, "bank") }},
		"a table that is gone":  {homeless, "bank_ukey", "", func(*testing.T, *run) {}},
		"stopped by hand": {patient, "legal_representative", "", func(t *testing.T, x *run) {
			x.pass(t, "enterprise")
			x.token(t, "legal_representative")
			if err := x.stop(t.Context(), x.variant, x.session); err != nil {
				t.Fatal(err)
			}
		}},
		"a token is used once": {patient, "bank_ukey", "", func(t *testing.T, x *run) {
			token := x.token(t, "bank")
			if err := x.succeed(t.Context(), token); err != nil {
				t.Fatal(err)
			}
			if x.succeed(t.Context(), token) == nil || x.fail(t.Context(), token, "Realname.failed") == nil {
				t.Error("a used token was accepted")
			}
		}},
		"an answer after the time-out": {hurried, "ic_card", "", func(t *testing.T, x *run) {
			token := x.token(t, "card")
			if _, err := x.ended(t.Context(), x.variant, x.session); err != nil {
				t.Fatal(err)
			}
			if x.succeed(t.Context(), token) == nil {
				t.Error("a late answer was accepted")
			}
		}},
	}
	for method, steps := range methods {
		all[method+" passes"] = scenario{patient, method, "", func(t *testing.T, x *run) { x.pass(t, steps...) }}
		for i, step := range steps {
			for _, status := range []string{"failed", "canceled"} {
				all[fmt.Sprintf("%s %s at %s", method, status, step)] = scenario{patient, method, "", func(t *testing.T, x *run) {
					x.pass(t, steps[:i]...)
					if err := x.fail(t.Context(), x.token(t, step), "Realname."+status); err != nil {
						t.Fatal(err)
					}
				}}
			}
			timesOut := func(t *testing.T, x *run) { x.pass(t, steps[:i]...) }
			all[fmt.Sprintf("%s times out at %s", method, step)] = scenario{hurried, method, "", timesOut}
		}
	}
	return all
}

func TestTheSameExecutionsEndTheSame(t *testing.T) {
	endpoint := os.Getenv("STATES_ENDPOINT")
	if endpoint == "" {
		t.Skip("STATES_ENDPOINT names no Step Functions endpoint")
	}
	here, there := newEmbedded(t, nil, false), newStates(t, endpoint)
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := s.session + uuid.NewString()
			want, got := s.play(t, here, session), s.play(t, there, session)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("embedded %+v\nStep Functions %+v", want, got)
			}
		})
	}
}

// play runs the scenario to its end.
func (s scenario) play(t *testing.T, on machines, session string) outcome {
	t.Helper()
	handed := map[string]string{"sessionId": session, "method": s.method, "requestId": "r-" + session}
	if strings.HasPrefix(session, older) {
		delete(handed, "requestId")
	}
	// What finish answers, for an emulator that gives back what a function was called with.
	handed["status"] = "decided for " + handed["requestId"]
	input, err := json.Marshal(handed)
	if err != nil {
		t.Fatal(err)
	}
	if err := on.start(t.Context(), s.on, session, string(input)); err != nil {
		t.Fatal(err)
	}
	s.act(t, &run{on, s.on, session})
	end, err := on.ended(t.Context(), s.on, session)
	if err != nil {
		t.Fatal(err)
	}
	end.Output = withoutCause(end.Output)
	return end
}

// withoutCause removes the texts for people, which differ between the engines.
func withoutCause(v any) any {
	if m, ok := v.(map[string]any); ok {
		delete(m, "Cause")
		for k := range m {
			m[k] = withoutCause(m[k])
		}
	}
	return v
}

// eventually repeats the query until it has an answer.
func eventually[T any](ctx context.Context, ask func() (T, bool, error)) (T, error) {
	for end := time.Now().Add(4 * time.Minute); time.Now().Before(end); {
		if v, ok, err := ask(); ok || err != nil {
			return v, err
		}
		select {
		case <-ctx.Done():
			var none T
			return none, ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	var none T
	return none, fmt.Errorf("no answer before the deadline")
}
