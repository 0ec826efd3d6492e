package accounts_test

import (
	"context"
	"slices"
	"strings"

	"realname/shared/realname"
	"realname/shared/table"
)

// yes confirms every request.
type yes struct{}

var match = realname.CheckResult{Outcome: realname.Match, Provider: "test"}

// Check implements accounts.Credentials.
func (yes) Check(context.Context, string, string, string) error { return nil }

// Hash implements accounts.Credentials.
func (yes) Hash(string) (string, error) { return "hash", nil }

func (yes) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) ReadCard(der []byte) (realname.CardCertificate, error) {
	return realname.CardCertificate{ID: string(der)}, nil
}

func (yes) CheckCard(context.Context, realname.CardQuery) (realname.CardResult, error) {
	return realname.CardResult{}, nil
}

// Start implements realname.Workflow: it opens the first step. The end of a
// session is a separate action, so that any other action can come before it.
func (h *history) Start(ctx context.Context, e realname.Execution) error {
	return h.open(ctx, e.SessionID, e.Method.Steps()[0])
}

// Passed implements realname.Workflow. The token names the session and the
// step.
func (h *history) Passed(ctx context.Context, token string) error {
	id, step, _ := strings.Cut(token, "|")
	steps := h.known(id).method.Steps()
	if i := slices.Index(steps, realname.StepName(step)) + 1; i < len(steps) {
		return h.open(ctx, id, steps[i])
	}
	return nil
}

// Ended implements realname.Workflow.
func (h *history) Ended(context.Context, string, realname.Status) error { return nil }

func (h *history) open(ctx context.Context, id string, step realname.StepName) error {
	return h.mem.Transact(ctx, table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + id, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(step), "taskToken": id + "|" + string(step)},
	}, table.Always()))
}
