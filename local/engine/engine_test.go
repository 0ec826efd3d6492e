package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var methodSteps = map[string][]string{
	"legal_representative": {"enterprise", "legal_representative", "account_holder"},
	"bank_ukey":            {"bank"},
	"ic_card":              {"card"},
	"account_holder":       {"account_holder"},
}

func TestEachMethodOpensItsStepsAndFinishes(t *testing.T) {
	for method, steps := range methodSteps {
		t.Run(method, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				r.begin(method)
				r.passes(steps)
				x, err := r.Describe("s1")
				if err != nil {
					t.Fatal(err)
				}
				if got, want := transitions(x), len(steps)+1; got != want { // each is paid for
					t.Errorf("%d states entered, want %d", got, want)
				}
			})
		})
	}
}

// transitions counts the states that the execution has entered, as AWS bills them.
func transitions(x Execution) (n int) {
	for _, e := range x.Events {
		if strings.HasSuffix(e.Type, "StateEntered") {
			n++
		}
	}
	return n
}

func TestAnEndedStepGoesToFinishAtOnce(t *testing.T) {
	for method, steps := range methodSteps {
		for at := range steps {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t)
				r.begin(method)
				for range at {
					r.pass()
				}
				if err := r.Fail(t.Context(), r.token(), "Realname.failed", ""); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				r.wants(Succeeded, "", 1)
				if len(r.steps) != at+1 {
					t.Errorf("%s: %v opened", method, r.steps)
				}
			})
		}
	}
}

func TestAnUnansweredStepExpiresAtItsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("legal_representative")
		time.Sleep(1800*time.Second - time.Nanosecond)
		synctest.Wait()
		r.wants(Running, "", 0)
		token := r.token()
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		r.wants(Succeeded, "", 1)
		x, err := r.Describe("s1")
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(x.Events, func(e Event) bool { return e.Type == "PassStateEntered" && e.State == "Expire" }) {
			t.Error("the execution did not go through Expire")
		}
		if err := r.Succeed(t.Context(), token, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("a late answer: %v", err)
		}
	})
}

func TestEachStepHasItsOwnTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("legal_representative")
		for range 2 {
			time.Sleep(1799 * time.Second)
			r.pass()
		}
		time.Sleep(1799 * time.Second)
		synctest.Wait()
		r.wants(Running, "", 0)
		time.Sleep(time.Second)
		synctest.Wait()
		r.wants(Succeeded, "", 1)
	})
}

func TestATokenIsAnsweredOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("legal_representative")
		used := r.token()
		r.pass()
		if err := r.Succeed(t.Context(), used, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("the same answer twice: %v", err)
		}
		if err := r.Fail(t.Context(), used, "Realname.failed", ""); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("another answer after the first: %v", err)
		}
		if err := r.Succeed(t.Context(), "made up", []byte(`{}`)); !errors.Is(err, ErrInvalidToken) {
			t.Errorf("a token that was never issued: %v", err)
		}
		if err := r.Succeed(t.Context(), r.token(), []byte(`{`)); !errors.Is(err, ErrInvalidOutput) {
			t.Errorf("an answer that is not JSON: %v", err)
		}
		r.wants(Running, "", 0)
		if len(r.steps) != 2 {
			t.Errorf("opened %v", r.steps)
		}
	})
}

func TestStartTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("bank_ukey")
		r.begin("bank_ukey")
		if len(r.steps) != 1 {
			t.Errorf("opened %v", r.steps)
		}
		if err := r.Start(t.Context(), "s1",
			[]byte(`{"sessionId":"s1","method":"ic_card"}`)); !errors.Is(err, ErrExecutionAlreadyExists) {
			t.Errorf("the same name with another input: %v", err)
		}
		r.pass()
		if err := r.Start(t.Context(), "s1",
			[]byte(`{"sessionId":"s1","method":"bank_ukey"}`)); !errors.Is(err, ErrExecutionAlreadyExists) {
			t.Errorf("the same name after the end: %v", err)
		}
		if err := r.Start(t.Context(), "s2", []byte(`not JSON`)); err == nil {
			t.Error("an input that is not JSON started an execution")
		}
	})
}

func TestAnUnknownMethodStartsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		for _, input := range []string{`{"sessionId":"s1","method":"by_hearsay"}`, `{"sessionId":"s1"}`, `"bank_ukey"`} {
			if err := r.Start(t.Context(), "s1", []byte(input)); !errors.Is(err, ErrStateMachineDoesNotExist) {
				t.Errorf("%s: %v", input, err)
			}
		}
		if _, err := r.Describe("s1"); !errors.Is(err, ErrExecutionDoesNotExist) {
			t.Error(err)
		}
	})
}

func TestStartsAndEndsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := map[Status]int{}
		r := newRig(t, func(c *Config) { c.Changed = func(s Status) { told[s]++ } })
		for range 2 { // the second start is the same
			r.begin("bank_ukey")
		}
		r.pass()
		if err := r.Start(t.Context(), "s2", []byte(`{"method":"ic_card"}`)); err != nil { // without its session
			t.Fatal(err)
		}
		if err := r.Start(t.Context(), "s3", []byte(`{"sessionId":"s3","method":"bank_ukey"}`)); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		for range 2 { // it ends once
			if err := r.Stop(t.Context(), "s3", "Operator", ""); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if want := (map[Status]int{Running: 3, Succeeded: 1, Failed: 1, Aborted: 1}); !maps.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

func TestStopAborts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin("bank_ukey")
		if err := r.Stop(t.Context(), "s1", "Operator", "by hand"); err != nil {
			t.Fatal(err)
		}
		r.wants(Aborted, "Operator", 0)
		if err := r.Succeed(t.Context(), r.token(), []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("an answer after the stop: %v", err)
		}
		time.Sleep(time.Hour) // no timer remains
		synctest.Wait()
		r.wants(Aborted, "Operator", 0)
		if err := r.Stop(t.Context(), "s1", "Again", ""); err != nil {
			t.Fatal(err)
		}
		r.wants(Aborted, "Operator", 0)
		if err := r.Stop(t.Context(), "nobody", "", ""); !errors.Is(err, ErrExecutionDoesNotExist) {
			t.Error(err)
		}
		if _, err := r.Describe("nobody"); !errors.Is(err, ErrExecutionDoesNotExist) {
			t.Error(err)
		}
	})
}

// pauses returns the times between the attempts.
func (r *rig) pauses() []time.Duration {
	var p []time.Duration
	for i := 1; i < len(r.tries); i++ {
		p = append(p, r.tries[i].Sub(r.tries[i-1]))
	}
	return p
}

func TestRetryBacksOffWithFullJitter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t) // whose jitter is always half
		r.finish = func() error { return named{"Lambda.Unknown"} }
		r.begin("bank_ukey")
		r.tries = nil
		r.pass()
		time.Sleep(time.Hour)
		synctest.Wait()
		half := 500 * time.Millisecond
		want := []time.Duration{half, 2 * half, 4 * half, 8 * half, 16 * half, 32 * half, 30 * time.Second, 30 * time.Second}
		if got := r.pauses(); !slices.Equal(got, want) {
			t.Errorf("pauses %v, want %v", got, want)
		}
		r.wants(Failed, "Lambda.Unknown", 0)
	})
}

func TestAThrottledPutIsTriedAgainWithANewToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		failures := 3
		r.put = func() error {
			if failures--; failures >= 0 {
				return named{"DynamoDb.ThrottlingException"}
			}
			return nil
		}
		r.begin("bank_ukey")
		time.Sleep(time.Minute)
		synctest.Wait()
		if !strings.HasPrefix(r.token(), "token-4") {
			t.Errorf("the fourth attempt put %s", r.token())
		}
		if err := r.Succeed(t.Context(), r.first, []byte(`{}`)); !errors.Is(err, ErrTaskTimedOut) {
			t.Errorf("the token of a failed attempt: %v", err)
		}
		r.pass()
		r.wants(Succeeded, "", 1)
	})
}

func TestAPutThatNeverSucceedsGoesToFinish(t *testing.T) {
	for name, tries := range map[string]int{"DynamoDb.ThrottlingException": 7, "DynamoDb.ValidationException": 1} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t)
			r.put = func() error { return named{name} }
			r.begin("bank_ukey")
			time.Sleep(10 * time.Minute)
			synctest.Wait()
			r.wants(Succeeded, "", 1)
			if puts := len(r.tries) - 1; puts != tries { // the last is finish
				t.Errorf("%s: %d puts, want %d", name, puts, tries)
			}
		})
	}
}

// An answer may arrive before the put of its token has returned.
func TestAnAnswerDuringThePutCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.put = func() error {
			if err := r.Engine.Succeed(t.Context(), r.last, []byte(`{}`)); err != nil {
				t.Error(err)
			}
			return nil
		}
		r.begin("bank_ukey")
		r.wants(Succeeded, "", 1)
	})
}

func TestFiveThousandExecutionsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		const n = 5000
		id := func(i int) string { return fmt.Sprintf("s%d", i) }
		for i := range n {
			if err := r.Start(t.Context(), id(i),
				fmt.Appendf(nil, `{"sessionId":"s%d","method":"legal_representative","requestId":"request of s%d"}`, i,
					i)); err != nil {
				t.Fatal(err)
			}
		}
		for step := range 3 {
			synctest.Wait()
			for i := range n {
				var err error
				switch token := r.tokenOf(id(i)); {
				case i%3 == 0 && step == 1:
					err = r.Fail(t.Context(), token, "Realname.canceled", "")
				case i%3 != 0 || step == 0:
					err = r.Succeed(t.Context(), token, []byte(`{}`))
				}
				if err != nil {
					t.Fatalf("%d at step %d: %v", i, step, err)
				}
			}
		}
		synctest.Wait()
		all, err := r.Executions()
		if err != nil || len(all) != n {
			t.Fatal(len(all), err)
		}
		for _, x := range all {
			if n := r.finishes(x.Name); x.Status != Succeeded || n != 1 {
				t.Fatalf("%s: %s, finished %d times", x.Name, x.Status, n)
			}
		}
	})
}
