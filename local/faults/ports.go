package faults

import (
	"context"
	"errors"

	"realname/shared/realname"
	"realname/shared/table"
)

// FaultyTable returns the table with faults.
func (f *Faults) FaultyTable(t table.Table) table.Table { return faultyTable{f, t} }

type faultyTable struct {
	f    *Faults
	next table.Table
}

func tableError(err error) error {
	if errors.Is(err, ErrTimeout) || errors.Is(err, ErrFailed) || errors.Is(err, ErrDropped) {
		return errors.Join(table.ErrUnavailable, err)
	}
	return err
}

func (t faultyTable) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	items, err := call(ctx, t.f, Table, table.ErrThrottled, func(ctx context.Context) ([]table.Item, error) {
		return t.next.Get(ctx, keys...)
	})
	return items, tableError(err)
}

func (t faultyTable) Query(ctx context.Context, q table.Query) (table.Page, error) {
	page, err := call(ctx, t.f, Table, table.ErrThrottled, func(ctx context.Context) (table.Page, error) {
		return t.next.Query(ctx, q)
	})
	return page, tableError(err)
}

func (t faultyTable) Transact(ctx context.Context, writes ...table.Write) error {
	_, err := call(ctx, t.f, Table, table.ErrThrottled, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, t.next.Transact(ctx, writes...)
	})
	return tableError(err)
}

// FaultyWorkflow returns the workflow with faults.
func (f *Faults) FaultyWorkflow(w realname.Workflow) realname.Workflow { return faultyWorkflow{f, w} }

type faultyWorkflow struct {
	f    *Faults
	next realname.Workflow
}

var errWorkflowThrottled = errors.New("sandbox fault: ThrottlingException")

func (w faultyWorkflow) tell(ctx context.Context, do func(context.Context) error) error {
	_, err := call(ctx, w.f, Workflow, errWorkflowThrottled, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, do(ctx)
	})
	return err
}

func (w faultyWorkflow) Start(ctx context.Context, e realname.Execution) error {
	return w.tell(ctx, func(ctx context.Context) error { return w.next.Start(ctx, e) })
}

func (w faultyWorkflow) Passed(ctx context.Context, token string) error {
	return w.tell(ctx, func(ctx context.Context) error { return w.next.Passed(ctx, token) })
}

func (w faultyWorkflow) Ended(ctx context.Context, token string, closed realname.Status) error {
	return w.tell(ctx, func(ctx context.Context) error { return w.next.Ended(ctx, token, closed) })
}

// Checks is a provider of every check.
type Checks struct {
	f    *Faults
	next interface {
		realname.Registry
		realname.IDCards
		realname.BankCards
		realname.SMS
	}
}

// FaultyChecks returns the provider of every check with faults.
func (f *Faults) FaultyChecks(p interface {
	realname.Registry
	realname.IDCards
	realname.BankCards
	realname.SMS
},
) Checks {
	return Checks{f, p}
}

// errRequestLimit is the error with which Tencent Cloud throttles.
var errRequestLimit = errors.New("sandbox fault: RequestLimitExceeded")

// CheckEnterprise implements realname.Registry.
func (c Checks) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, Registry, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.next.CheckEnterprise(ctx, q)
	})
}

// CheckIDCard implements realname.IDCards.
func (c Checks) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, IDCard, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.next.CheckIDCard(ctx, q)
	})
}

// CheckBankCard implements realname.BankCards.
func (c Checks) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, BankCard, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.next.CheckBankCard(ctx, q)
	})
}

// SendCode implements realname.SMS.
func (c Checks) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	return call(ctx, c.f, SMS, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.next.SendCode(ctx, m)
	})
}
