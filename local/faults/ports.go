package faults

import (
	"context"
	"errors"

	"realname/shared/idcode"
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

// Checks are the ports of every check.
type Checks struct {
	f         *Faults
	registry  realname.Registry
	idCards   realname.IDCards
	bankCards realname.BankCards
	sms       realname.SMS
}

// FaultyChecks returns the ports of every check with faults.
func (f *Faults) FaultyChecks(
	r realname.Registry, i realname.IDCards, b realname.BankCards, s realname.SMS,
) Checks {
	return Checks{f, r, i, b, s}
}

// RegistryRoutes implements realname.RegistryRoutes with faults in each provider.
func (c Checks) RegistryRoutes(
	ctx context.Context, holder idcode.Holder,
) ([]realname.Route[realname.Registry], error) {
	routes, err := realname.RoutesOfRegistry(ctx, c.registry, holder)
	for i, r := range routes {
		routes[i].Provider = Checks{f: c.f, registry: r.Provider}
	}
	return routes, err
}

// IDCardRoutes implements realname.IDCardRoutes with faults in each provider.
func (c Checks) IDCardRoutes(ctx context.Context) ([]realname.Route[realname.IDCards], error) {
	routes, err := realname.RoutesOfIDCards(ctx, c.idCards)
	for i, r := range routes {
		routes[i].Provider = Checks{f: c.f, idCards: r.Provider}
	}
	return routes, err
}

// BankCardRoutes implements realname.BankCardRoutes with faults in each provider.
func (c Checks) BankCardRoutes(ctx context.Context) ([]realname.Route[realname.BankCards], error) {
	routes, err := realname.RoutesOfBankCards(ctx, c.bankCards)
	for i, r := range routes {
		routes[i].Provider = Checks{f: c.f, bankCards: r.Provider}
	}
	return routes, err
}

// errRequestLimit is the error with which Tencent Cloud throttles.
var errRequestLimit = errors.New("sandbox fault: RequestLimitExceeded")

// CheckEnterprise implements realname.Registry.
func (c Checks) CheckEnterprise(ctx context.Context, q realname.EnterpriseQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, Registry, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.registry.CheckEnterprise(ctx, q)
	})
}

// CheckIDCard implements realname.IDCards.
func (c Checks) CheckIDCard(ctx context.Context, q realname.IDCardQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, IDCard, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.idCards.CheckIDCard(ctx, q)
	})
}

// CheckBankCard implements realname.BankCards.
func (c Checks) CheckBankCard(ctx context.Context, q realname.BankCardQuery) (realname.CheckResult, error) {
	return call(ctx, c.f, BankCard, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.bankCards.CheckBankCard(ctx, q)
	})
}

// SendCode implements realname.SMS.
func (c Checks) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	return call(ctx, c.f, SMS, errRequestLimit, func(ctx context.Context) (realname.CheckResult, error) {
		return c.sms.SendCode(ctx, m)
	})
}
