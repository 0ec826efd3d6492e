package faults

import (
	"context"
	"errors"
	"slices"
	"testing"

	"realname/shared/realname"
	"realname/shared/table"
)

type provider struct{ calls int }

func (p *provider) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	p.calls++
	return realname.CheckResult{Outcome: realname.Match}, nil
}

func (p *provider) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, nil
}

func (p *provider) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, nil
}

func (p *provider) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return realname.CheckResult{}, nil
}

func TestAFaultHitsItsTargetAsOftenAsAsked(t *testing.T) {
	for mode, reached := range map[Mode]int{Timeout: 1, Error: 1, Throttle: 1, DropAnswer: 3, Late: 1} {
		var f Faults
		p := &provider{}
		checks := f.FaultyChecks(p, p, p, p)
		if err := f.Set(Registry, mode, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := checks.CheckIDCard(t.Context(), realname.IDCardQuery{}); err != nil {
			t.Errorf("%s hit another target: %v", mode, err)
		}
		for i := range 3 {
			_, err := checks.CheckEnterprise(t.Context(), realname.EnterpriseQuery{})
			if (err != nil) != (i < 2) {
				t.Errorf("%s, call %d: %v", mode, i, err)
			}
		}
		if p.calls != reached {
			t.Errorf("%s: the provider was reached %d times, want %d", mode, p.calls, reached)
		}
	}
}

func TestADoubledCallTakesEffectTwice(t *testing.T) {
	var f Faults
	p := &provider{}
	if err := f.Set(Registry, Double, 1); err != nil {
		t.Fatal(err)
	}
	_, err := f.FaultyChecks(p, p, p, p).CheckEnterprise(t.Context(), realname.EnterpriseQuery{})
	if err != nil || p.calls != 2 {
		t.Errorf("%d calls, %v", p.calls, err)
	}
}

// workflow records its signals in order.
type workflow struct{ told []string }

func (w *workflow) Start(context.Context, realname.Execution) error { return nil }

func (w *workflow) Ended(context.Context, string, realname.Status) error { return nil }

func (w *workflow) Passed(ctx context.Context, token string) error {
	w.told = append(w.told, token)
	return ctx.Err()
}

func TestALateCallTakesEffectBehindLaterOnes(t *testing.T) {
	var f Faults
	w := &workflow{}
	faulty := f.FaultyWorkflow(w)
	if err := f.Set(Workflow, Late, 1); err != nil {
		t.Fatal(err)
	}
	if err := faulty.Passed(t.Context(), "late"); !errors.Is(err, ErrTimeout) {
		t.Fatal(err)
	}
	for range lateBy {
		if err := faulty.Passed(t.Context(), "later"); err != nil {
			t.Fatal(err)
		}
	}
	if at := slices.Index(w.told, "late"); at != lateBy-1 {
		t.Errorf("it took effect as call %d: %q", at, w.told)
	}
	if err := f.Set(Workflow, Late, 1); err != nil {
		t.Fatal(err)
	}
	before := len(w.told)
	if err := faulty.Passed(t.Context(), "held"); err == nil || len(w.told) != before {
		t.Errorf("not held: %q, %v", w.told, err)
	}
	if err := f.Set(Workflow, Error, 0); err != nil || w.told[len(w.told)-1] != "held" {
		t.Errorf("the end of the faults did not release it: %q, %v", w.told, err)
	}
}

func TestAnUnknownFaultIsRefused(t *testing.T) {
	var f Faults
	if f.Set("moon", Error, 1) == nil || f.Set(SMS, "sulk", 1) == nil || f.Set(SMS, Error, -1) == nil {
		t.Error("accepted")
	}
}

func TestTableFaultsAreTheTablesOwnErrors(t *testing.T) {
	var f Faults
	faulty := f.FaultyTable(nil)
	for mode, want := range map[Mode]error{
		Timeout: table.ErrUnavailable, Error: table.ErrUnavailable, Throttle: table.ErrThrottled,
	} {
		if err := f.Set(Table, mode, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := faulty.Get(t.Context()); !errors.Is(err, want) {
			t.Errorf("%s: %v", mode, err)
		}
	}
}

func TestAnAbortEndsOneInvocationAfterItsCall(t *testing.T) {
	var f Faults
	f.AbortAt(Abort{Function: "enterprise", Call: 2})
	p := &provider{}
	checks := f.FaultyChecks(p, p, p, p)
	invoke := func(function string) (made int, aborted bool) {
		defer func() {
			if p := recover(); p != nil {
				_, aborted = p.(Aborted)
			}
		}()
		ctx := Invocation(t.Context(), function)
		for range 3 {
			made++
			if _, err := checks.CheckEnterprise(ctx, realname.EnterpriseQuery{}); err != nil {
				t.Error(err)
			}
		}
		return made, false
	}
	if made, aborted := invoke("account"); made != 3 || aborted {
		t.Errorf("another function: %d calls, aborted %v", made, aborted)
	}
	if made, aborted := invoke("enterprise"); made != 2 || !aborted {
		t.Errorf("the function: %d calls, aborted %v", made, aborted)
	}
	if made, aborted := invoke("enterprise"); made != 3 || aborted {
		t.Errorf("its next invocation: %d calls, aborted %v", made, aborted)
	}
}
