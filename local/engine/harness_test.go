package engine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/workflow"
)

// rig is an engine whose functions and table the test controls. Inside
// synctest.Test, its clock advances only when every goroutine waits.
type rig struct {
	*testing.T
	*Engine
	mu       sync.Mutex
	steps    []string          // steps opened, in order
	tokens   map[string]string // the latest token of a session
	finished map[string]int    // calls of finish by session
	put      func() error
	finish   func() error
	tries    []time.Time // when finish or put was called
}

type named struct{ name string }

func (n named) Error() string { return "failed as " + n.name }

func (n named) ErrorName() string { return n.name }

func config(r *rig) Config {
	n := 0
	return Config{
		Definition: workflow.Definition,
		Substitutions: map[string]string{
			"Partition": "aws", "TableName": "realname", "FinishFunctionArn": "arn:finish", "StepTimeoutSeconds": "1800",
		},
		Now:    time.Now,
		After:  func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		Random: func() float64 { return 0.5 },
		NewToken: func() string {
			n++
			return fmt.Sprintf("token-%d", n)
		},
		Invoke:  r.invoke,
		PutItem: r.putItem,
	}
}

func newRig(t *testing.T, change ...func(*Config)) *rig {
	t.Helper()
	r := &rig{T: t, tokens: map[string]string{}, finished: map[string]int{}}
	r.put = func() error { return nil }
	r.finish = r.put
	cfg := config(r)
	for _, c := range change {
		c(&cfg)
	}
	e, err := Load(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.Engine = e
	t.Cleanup(e.Close)
	return r
}

func (r *rig) invoke(_ context.Context, arn string, payload []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = append(r.tries, time.Now())
	if arn != "arn:finish" {
		return nil, errors.New("unknown function")
	}
	if err := r.finish(); err != nil {
		return nil, err
	}
	var in struct{ SessionID, RequestID string }
	if err := json.Unmarshal(payload, &in); err != nil || in.RequestID != "request of "+in.SessionID {
		return nil, fmt.Errorf("finish received %s: %w", payload, err)
	}
	r.finished[in.SessionID]++
	return []byte(`{"status":"decided"}`), nil
}

func (r *rig) putItem(_ context.Context, table string, item map[string]any) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tries = append(r.tries, time.Now())
	if err := r.put(); err != nil {
		return err
	}
	text := func(v any, path ...string) string {
		for _, p := range path {
			v = v.(map[string]any)[p]
		}
		return v.(string)
	}
	session := text(item, "PK", "S")
	r.steps = append(r.steps, text(item, "body", "M", "step", "S"))
	r.tokens[session] = text(item, "body", "M", "taskToken", "S")
	if table != "realname" || text(item, "SK", "S") != "STEP" {
		return fmt.Errorf("unexpected item in %s", table)
	}
	return nil
}

func (r *rig) begin(method string) {
	r.Helper()
	if err := r.Start(r.Context(), "s1",
		[]byte(`{"sessionId":"s1","method":"`+method+`","requestId":"request of s1"}`)); err != nil {
		r.Fatal(err)
	}
	synctest.Wait()
}

func (r *rig) token() string { return r.tokenOf("s1") }

func (r *rig) tokenOf(session string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tokens["SESSION#"+session]
}

func (r *rig) finishes(session string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.finished[session]
}

func (r *rig) pass() {
	r.Helper()
	if err := r.Succeed(r.Context(), r.token(), []byte(`{}`)); err != nil {
		r.Fatal(err)
	}
	synctest.Wait()
}

// wants checks the status of the execution and how often finish ran for it.
func (r *rig) wants(status Status, errorName string, finishes int) {
	r.Helper()
	x, err := r.Describe("s1")
	if err != nil {
		r.Fatal(err)
	}
	if n := r.finishes("s1"); x.Status != status || x.Error != errorName || n != finishes {
		r.Errorf("%s %q with %d finishes, want %s %q with %d", x.Status, x.Error, n, status, errorName, finishes)
	}
}
