package engine

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"realname/shared/workflow"
)

// rig is an engine whose functions and table the test controls. Inside
// synctest.Test, its clock advances only when every goroutine waits.
//
// A rig with a store ends its engine before each call and goes on with a new one.
type rig struct {
	*testing.T
	*Engine
	store    *kept // nil for an engine that keeps nothing
	change   []func(*Config)
	mu       sync.Mutex
	issued   int
	steps    []string          // steps opened, in order
	tokens   map[string]string // the latest token of a session
	first    string            // the first token of all
	last     string            // and the last one, put or not
	finished map[string]int    // calls of finish by session
	put      func() error
	finish   func() error
	tries    []time.Time // when finish or put was called, for a put once for each token
	puts     int
}

type named struct{ name string }

func (n named) Error() string { return "failed as " + n.name }

func (n named) ErrorName() string { return n.name }

func config(r *rig) Config {
	return Config{
		Definitions: workflow.Definitions(), Of: workflow.Of,
		Substitutions: map[string]string{
			"Partition": "aws", "TableName": "realname", "FinishFunctionArn": "arn:finish", "WaitSeconds": "1800",
		},
		Now:    time.Now,
		After:  func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop },
		Random: func() float64 { return 0.5 },
		NewToken: func() string {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.issued++
			return fmt.Sprintf("token-%d", r.issued)
		},
		Invoke:  r.invoke,
		PutItem: r.putItem,
	}
}

// only makes the definition the one of every execution.
func (c *Config) only(definition []byte) {
	c.Definitions, c.Of = map[string][]byte{"": definition}, func([]byte) string { return "" }
}

// keeping is whether every new rig has a store.
var keeping bool

func newRig(t *testing.T, change ...func(*Config)) *rig {
	t.Helper()
	r := &rig{T: t, tokens: map[string]string{}, finished: map[string]int{}, change: change}
	r.put = func() error { return nil }
	r.finish = r.put
	if keeping {
		r.store = &kept{records: map[string]keptRecord{}}
	}
	r.open()
	t.Cleanup(func() { r.Close() })
	return r
}

func (r *rig) open() {
	r.Helper()
	cfg := config(r)
	for _, c := range r.change {
		c(&cfg)
	}
	if r.store != nil {
		cfg.Store = r.store
	}
	e, err := Load(cfg)
	if err != nil {
		r.Fatal(err)
	}
	if err := e.Resume(r.Context()); err != nil {
		r.Fatal(err)
	}
	r.Engine = e
}

// restart goes on with another engine on the same store. It leaves out rigs with many
// executions, because each restart reads all of them.
func (r *rig) restart() {
	r.Helper()
	if r.store == nil || r.store.len() > 10 {
		return
	}
	r.Close()
	r.open()
	synctest.Wait()
}

// Start, Stop, Succeed and Fail are calls of the engine, each after a restart.

func (r *rig) Start(ctx context.Context, name string, input []byte) error {
	r.restart()
	return r.Engine.Start(ctx, name, input)
}

func (r *rig) Stop(ctx context.Context, name, errorName, cause string) error {
	r.restart()
	return r.Engine.Stop(ctx, name, errorName, cause)
}

func (r *rig) Succeed(ctx context.Context, token string, output []byte) error {
	r.restart()
	return r.Engine.Succeed(ctx, token, output)
}

func (r *rig) Fail(ctx context.Context, token, errorName, cause string) error {
	r.restart()
	return r.Engine.Fail(ctx, token, errorName, cause)
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
	body := item["body"].(map[string]any)["M"].(map[string]any)
	token := body["taskToken"].(map[string]any)["S"].(string)
	if token != r.last { // a restart puts the same item again
		r.tries = append(r.tries, time.Now())
	}
	r.first, r.last = cmp.Or(r.first, token), token
	r.puts++
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
	if r.tokens[session] != token {
		r.steps = append(r.steps, text(item, "body", "M", "step", "S"))
	}
	r.tokens[session] = token
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

// passes takes the execution through these steps, which are all that it opens.
func (r *rig) passes(steps []string) {
	r.Helper()
	for range steps {
		r.wants(Running, "", 0)
		r.pass()
	}
	r.wants(Succeeded, "", 1)
	if !slices.Equal(r.steps, steps) {
		r.Errorf("steps %v, want %v", r.steps, steps)
	}
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
