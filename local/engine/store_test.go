package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// kept is a store whose process ends at a chosen moment.
type kept struct {
	mu      sync.Mutex
	records map[string]keptRecord
	full    atomic.Bool // saves fail
	moments int         // before and after each save, and before and after each effect
	endsAt  int         // the moment of the end, counted from 1
	ended   bool        // from then on, the process does nothing
}

type keptRecord struct {
	running bool
	raw     []byte
}

var (
	errEnded = errors.New("the process has ended")
	errFull  = errors.New("the disk is full")
)

// moment reports whether the process still runs.
func (k *kept) moment() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.moments++; k.moments == k.endsAt {
		k.ended = true
	}
	return !k.ended
}

func (k *kept) len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.records)
}

// Save implements Store.
func (k *kept) Save(name string, running bool, record []byte) (wait func() error) {
	failed := func() error { return errEnded }
	if !k.moment() {
		return failed
	}
	k.mu.Lock()
	full := k.full.Load()
	if !full {
		k.records[name] = keptRecord{running, slices.Clone(record)}
	}
	k.mu.Unlock()
	if full {
		return func() error { return errFull }
	}
	if !k.moment() {
		return failed
	}
	return keptAlready
}

// Find implements Store.
func (k *kept) Find(_ context.Context, name string) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.records[name].raw, nil
}

// Each implements Store.
func (k *kept) Each(_ context.Context, running bool, visit func([]byte) error) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, r := range k.records {
		if r.running == running {
			if err := visit(r.raw); err != nil {
				return err
			}
		}
	}
	return nil
}

// The engine's own tests hold with a store and a restart before each call.
func TestRestartsChangeNothing(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	for name, test := range map[string]func(*testing.T){
		"methods": TestEachMethodOpensItsStepsAndFinishes, "ended": TestAnEndedStepGoesToFinishAtOnce,
		"time-out": TestAnUnansweredStepExpiresAtItsTimeout, "time-outs": TestEachStepHasItsOwnTimeout,
		"token": TestATokenIsAnsweredOnce, "start": TestStartTwice, "unknown": TestAnUnknownMethodStartsNothing,
		"stop": TestStopAborts, "retry": TestRetryBacksOffWithFullJitter,
		"throttled": TestAThrottledPutIsTriedAgainWithANewToken, "put": TestAPutThatNeverSucceedsGoesToFinish,
		"early answer": TestAnAnswerDuringThePutCounts, "paths": TestPathsAndStates,
	} {
		t.Run(name, test)
	}
}

// story is what happens to one execution, and what must come of it.
type story struct {
	method string
	act    func(r *rig, session string) // once everything waits
	steps  []string
	failed int  // attempts of finish that fail
	put    bool // or of put instead
}

// A process that ends at any moment, before or after any save and any effect, goes on
// after a restart to the same end.
func TestAnEndAtAnyMomentIsMadeUpFor(t *testing.T) {
	answer := func(errorName string) func(*rig, string) {
		return func(r *rig, _ string) {
			token := r.token()
			var err error
			if errorName == "" {
				err = r.Engine.Succeed(r.Context(), token, []byte(`{}`))
			} else {
				err = r.Engine.Fail(r.Context(), token, errorName, "")
			}
			if err != nil && !errors.Is(err, errEnded) && !errors.Is(err, ErrTaskTimedOut) {
				r.Errorf("answer: %v", err)
			}
		}
	}
	for name, s := range map[string]story{
		"all steps pass": {method: "legal_representative", act: answer(""), steps: methodSteps["legal_representative"]},
		"a step ends":    {method: "legal_representative", act: answer("Realname.failed"), steps: []string{"enterprise"}},
		"nobody answers": {
			method: "bank_ukey", act: func(*rig, string) { time.Sleep(1800 * time.Second) }, steps: []string{"bank"},
		},
		"finish fails four times": {
			method: "ic_card", act: answer(""), steps: []string{"card"}, failed: 4,
		},
		"the put fails three times": {
			method: "ic_card", act: answer(""), steps: []string{"card"}, failed: 3, put: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			moments := 0
			for at := 1; ; at++ {
				reached := false
				synctest.Test(t, func(t *testing.T) { reached = s.play(t, at) })
				if t.Failed() {
					t.Fatalf("ended at moment %d", at)
				}
				if !reached {
					break
				}
				moments++
			}
			if moments < 10 {
				t.Errorf("only %d moments", moments)
			}
		})
	}
}

// play plays the story in a process that ends at the moment, and then in another. It
// reports whether there was such a moment.
func (s story) play(t *testing.T, at int) (ended bool) {
	keeping = true
	defer func() { keeping = false }()
	r := newRig(t, func(c *Config) {
		invoke, put := c.Invoke, c.PutItem
		c.Invoke = func(ctx context.Context, arn string, payload []byte) ([]byte, error) {
			return effect(ctx, c.Store, func() ([]byte, error) { return invoke(ctx, arn, payload) })
		}
		c.PutItem = func(ctx context.Context, name string, item map[string]any) error {
			_, err := effect(ctx, c.Store, func() ([]byte, error) { return nil, put(ctx, name, item) })
			return err
		}
	})
	r.store.endsAt = at
	failed := 0
	fail := func() error {
		if failed < s.failed {
			failed++
			return named{"DynamoDb.ThrottlingException"}
		}
		return nil
	}
	if s.put {
		r.put = fail
	} else {
		r.finish = func() error {
			if err := fail(); err != nil {
				return named{"Lambda.Unknown"}
			}
			return nil
		}
	}
	input := fmt.Appendf(nil, `{"sessionId":"s1","method":%q,"requestId":"request of s1"}`, s.method)
	for range 60 {
		if r.store.ended && !ended {
			ended = true
			r.Close()
			r.store.ended = false
			r.open()
		}
		// As repair does: start what is not known, answer what waits.
		x, err := r.Describe("s1")
		switch {
		case errors.Is(err, ErrExecutionDoesNotExist):
			if err := r.Engine.Start(t.Context(), "s1", input); err != nil && !errors.Is(err, errEnded) {
				t.Fatal(err)
			}
		case err != nil:
			t.Fatal(err)
		case x.Status != Running:
			r.wantsHistory(x)
			if n := r.finishes("s1"); n < 1 || n > 2 || !ended && n != 1 || !slices.Equal(r.steps, s.steps) {
				t.Errorf("%d finishes, steps %v", n, r.steps)
			}
			return ended
		case r.token() != "":
			s.act(r, "s1")
		}
		time.Sleep(time.Second)
		synctest.Wait()
	}
	t.Errorf("the execution did not end: %+v", r.steps)
	return ended
}

// wantsHistory checks that the history is whole: it begins with the start, ends with
// the end, and counts its events.
func (r *rig) wantsHistory(x Execution) {
	r.Helper()
	last := len(x.Events) - 1
	if x.Status != Succeeded || x.Events[0].Type != "ExecutionStarted" || x.Events[last].Type != "ExecutionSucceeded" {
		r.Errorf("%s %q with events %+v", x.Status, x.Error, x.Events)
	}
	for i, v := range x.Events {
		if v.ID != i+1 || v.At.IsZero() {
			r.Errorf("event %d: %+v", i+1, v)
		}
	}
}

// effect is an effect on the outside of a process that may end before or after it.
func effect[T any](ctx context.Context, store Store, do func() (T, error)) (T, error) {
	k := store.(*kept)
	var none T
	if !k.moment() {
		<-ctx.Done()
		return none, errEnded
	}
	v, err := do()
	if !k.moment() {
		<-ctx.Done()
		return none, errEnded
	}
	return v, err
}

func TestTimersThatRanOutFireAfterARestart(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("bank_ukey")
		time.Sleep(1000 * time.Second)
		token := r.token()
		r.Close()
		time.Sleep(799 * time.Second)
		r.open()
		synctest.Wait()
		r.wants(Running, "", 0)
		if r.token() != token {
			t.Error("the token changed")
		}
		r.Close()
		time.Sleep(time.Hour)
		puts := r.puts
		r.open()
		synctest.Wait()
		r.wants(Succeeded, "", 1)
		if r.puts != puts { // the step is over
			t.Errorf("%d puts after the restart", r.puts-puts)
		}
		if err := r.Succeed(t.Context(), token, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("a late answer: %v", err)
		}
	})
}

func TestUsedRetriesSurviveRestarts(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.finish = func() error { return named{"Lambda.Unknown"} }
		r.begin("bank_ukey")
		r.tries = nil
		r.pass()
		for range 200 { // in the pauses between the attempts
			time.Sleep(time.Second)
			synctest.Wait()
			r.restart()
		}
		r.wants(Failed, "Lambda.Unknown", 0)
		half := 500 * time.Millisecond
		want := []time.Duration{half, 2 * half, 4 * half, 8 * half, 16 * half, 32 * half, 30 * time.Second, 30 * time.Second}
		if got := r.pauses(); !slices.Equal(got, want) {
			t.Errorf("pauses %v, want %v", got, want)
		}
	})
}

// Nothing is acknowledged that is not kept, and nothing has an effect before.
func TestAFullDiskStopsExecutionsUntilItHasSpace(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.store.full.Store(true)
		input := []byte(`{"sessionId":"s1","method":"bank_ukey","requestId":"request of s1"}`)
		for range 2 {
			if r.Engine.Start(t.Context(), "s1", input) == nil {
				t.Error("a start was acknowledged")
			}
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(r.tries) != 0 {
			t.Error("a step was opened")
		}
		r.store.full.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		r.wants(Running, "", 0)
		r.store.full.Store(true)
		token := r.token()
		for range 2 {
			err := r.Engine.Succeed(t.Context(), token, []byte(`{}`))
			if !errors.Is(err, errFull) || errors.Is(err, ErrTaskTimedOut) {
				t.Errorf("an answer was acknowledged: %v", err)
			}
		}
		time.Sleep(time.Minute)
		r.wants(Running, "", 0)
		r.store.full.Store(false)
		if err := r.Engine.Succeed(t.Context(), token, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		r.wants(Succeeded, "", 1)
	})
}

// With a store, ended executions leave the memory and stay known.
func TestEndedExecutionsLeaveTheMemory(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("bank_ukey")
		token := r.token()
		r.pass()
		if len(r.executions)+len(r.Engine.tokens) != 0 {
			t.Errorf("%d executions and %d tokens are in memory", len(r.executions), len(r.Engine.tokens))
		}
		if err := r.Engine.Succeed(t.Context(), token, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Error(err)
		}
		if err := r.Engine.Succeed(t.Context(), "x~nobody", []byte(`{}`)); !errors.Is(err, ErrInvalidToken) {
			t.Error(err)
		}
		all, err := r.Executions()
		if err != nil || len(all) != 1 || all[0].Status != Succeeded {
			t.Errorf("%+v %v", all, err)
		}
	})
}

func TestAStateThatIsGoneIsTold(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("bank_ukey")
		r.Close()
		cfg := config(r)
		cfg.Store = r.store
		cfg.only([]byte(machineWith(`{"Type":"Pass","Next":"B"}`)))
		e, err := Load(cfg)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if err := e.Resume(t.Context()); err == nil {
			t.Error("an execution in an unknown state was ignored")
		}
	})
}

// formerRecords are executions as the engine stored them while one state machine served
// all methods: one that waits at its second step, and one that had yet to choose.
var formerRecords = []string{
	`{"name":"s1","status":"RUNNING",` +
		`"input":{"sessionId":"s1","method":"legal_representative","requestId":"request of s1"},` +
		`"startDate":"2000-01-01T00:00:00Z","history":[["ExecutionStarted","","",946684800000],` +
		`["ChoiceStateEntered","ChooseMethod","",946684800000],["ChoiceStateExited","ChooseMethod","",946684800000],` +
		`["TaskStateEntered","AwaitEnterprise","",946684800000],["TaskScheduled","AwaitEnterprise","",946684800000],` +
		`["TaskSubmitted","AwaitEnterprise","",946684800000],["TaskSucceeded","AwaitEnterprise","",946684800000],` +
		`["TaskStateExited","AwaitEnterprise","",946684800000],` +
		`["TaskStateEntered","AwaitLegalRepresentative","",946684800000],` +
		`["TaskScheduled","AwaitLegalRepresentative","",946684800000]],"state":"AwaitLegalRepresentative",` +
		`"entered":"2000-01-01T00:00:00Z","data":{"method":"legal_representative","requestId":"request of s1",` +
		`"sessionId":"s1"},"token":"token-0~s1","until":"2000-01-01T00:30:00Z"}`,
	`{"name":"s1","status":"RUNNING","input":{"sessionId":"s1","method":"bank_ukey","requestId":"request of s1"},` +
		`"startDate":"2000-01-01T00:00:00Z","history":[["ExecutionStarted","","",946684800000],` +
		`["ChoiceStateEntered","ChooseMethod","",946684800000]],"state":"ChooseMethod",` +
		`"entered":"2000-01-01T00:00:00Z","data":{"method":"bank_ukey","requestId":"request of s1","sessionId":"s1"}}`,
}

func TestExecutionsOfTheFormerMachineGoOn(t *testing.T) {
	keeping = true
	defer func() { keeping = false }()
	for i, steps := range [][]string{{"legal_representative", "account_holder"}, {"bank"}} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.Close()
			r.store.records["s1"] = keptRecord{true, []byte(formerRecords[i])}
			r.open()
			synctest.Wait()
			if i == 0 && r.token() != "token-0~s1" {
				t.Errorf("it waits for %s", r.token())
			}
			r.passes(steps)
		})
	}
}
