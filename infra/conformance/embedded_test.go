package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"realname/local/engine"
	"realname/shared/workflow"
)

// embedded is the engine of the embedded default, one for each variant.
type embedded struct {
	engines map[variant]*engine.Engine
	stores  map[variant]engine.Store // none for engines that keep nothing
	former  bool                     // run the one state machine of version 1.0

	mu     sync.Mutex
	tokens map[string]string // by session and step
	calls  map[string]int    // of finish, by session
	by     map[string]variant
}

type named string

func (n named) Error() string { return string(n) }

func (n named) ErrorName() string { return string(n) }

func newEmbedded(t *testing.T, stores map[variant]engine.Store, former bool) *embedded {
	e := &embedded{
		stores: stores, former: former, tokens: map[string]string{}, calls: map[string]int{}, by: map[string]variant{},
	}
	e.load(t)
	t.Cleanup(e.close)
	return e
}

func (e *embedded) close() {
	for _, made := range e.engines {
		made.Close()
	}
}

func (e *embedded) load(t *testing.T) {
	t.Helper()
	e.engines = map[variant]*engine.Engine{}
	definitions, of := workflow.Definitions(), workflow.Of
	if e.former {
		definitions, of = map[string][]byte{"": workflow.Former}, func([]byte) string { return "" }
	}
	for on, seconds := range waitSeconds {
		made, err := engine.Load(engine.Config{
			Definitions: definitions, Of: of,
			Substitutions: map[string]string{
				"Partition": "aws", "TableName": string(on), "FinishFunctionArn": "finish",
				"WaitSeconds": fmt.Sprint(seconds),
			},
			Now: time.Now, After: func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
			Random: rand.Float64, NewToken: uuid.NewString, Invoke: e.finish, PutItem: e.put, Store: e.stores[on],
		})
		if err == nil {
			err = made.Resume(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		e.engines[on] = made
	}
}

func (e *embedded) finish(_ context.Context, _ string, payload []byte) ([]byte, error) {
	var in struct{ SessionID, RequestID string }
	if err := json.Unmarshal(payload, &in); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.calls[in.SessionID]++; strings.HasPrefix(in.SessionID, flaky) && e.calls[in.SessionID] <= 2 {
		return nil, named("RuntimeError")
	}
	return json.Marshal(map[string]string{"status": "decided for " + in.RequestID})
}

func (e *embedded) put(_ context.Context, table string, item map[string]any) error {
	if table == string(homeless) {
		return named("DynamoDb.ResourceNotFoundException")
	}
	text := func(v any, path ...string) string {
		for _, p := range path {
			v = v.(map[string]any)[p]
		}
		return v.(string)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	key := strings.TrimPrefix(text(item, "PK", "S"), "SESSION#") + " " + text(item, "body", "M", "step", "S")
	token := text(item, "body", "M", "taskToken", "S")
	e.tokens[key], e.by[token] = token, variant(table)
	return nil
}

func (e *embedded) start(ctx context.Context, on variant, name, input string) error {
	return e.engines[on].Start(ctx, name, []byte(input))
}

func (e *embedded) open(ctx context.Context, _ variant, session, step string) (string, error) {
	return eventually(ctx, func() (string, bool, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		token, ok := e.tokens[session+" "+step]
		return token, ok, nil
	})
}

func (e *embedded) of(token string) *engine.Engine {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.engines[e.by[token]]
}

func (e *embedded) succeed(ctx context.Context, token string) error {
	return e.of(token).Succeed(ctx, token, []byte(`{}`))
}

func (e *embedded) fail(ctx context.Context, token, errorName string) error {
	return e.of(token).Fail(ctx, token, errorName, "")
}

func (e *embedded) stop(ctx context.Context, on variant, name string) error {
	return e.engines[on].Stop(ctx, name, "Operator", "by hand")
}

func (e *embedded) ended(ctx context.Context, on variant, name string) (outcome, error) {
	return eventually(ctx, func() (outcome, bool, error) {
		x, err := e.engines[on].Describe(name)
		if err != nil || x.Status == engine.Running {
			return outcome{}, false, err
		}
		o := outcome{Status: string(x.Status), Error: x.Error}
		if x.Output != nil {
			err = json.Unmarshal(x.Output, &o.Output)
		}
		for _, ev := range x.Events {
			if strings.HasSuffix(ev.Type, "StateEntered") {
				o.States, o.Tries = append(o.States, ev.State), 0
			}
			if ev.Type == "TaskFailed" {
				o.Tries++
			}
		}
		return o, true, errors.Join(err)
	})
}
