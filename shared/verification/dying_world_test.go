package verification_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// ending is what happens to a request at one of its calls of the outside.
type ending int

const (
	nothing    ending = iota
	diesAfter         // the process dies after the call
	fails             // the call has no effect
	answerLost        // the call has its effect, and nobody hears of it
	meets             // another request runs before the call
	endings
)

// died is the panic that ends a process.
type died struct{}

// world is a bench whose processes die, and which knows what was asked of the outside.
type world struct {
	*bench
	how           ending
	calls, endsAt int
	meanwhile     func()

	key        string         // of the request under way
	asked      map[string]int // questions to providers, by check and request
	sent       int            // messages
	executions map[string]*execution
	tokens     int
	challenges map[string]string // the latest, by session
	request    string            // the latest to a bank
}

// execution is one of the workflow.
type execution struct {
	method   realname.Method
	step     int
	token    string // that it waits with
	finishes bool   // it is in its last state
	ended    bool
	outdated bool // its step's item holds another token
}

func newWorld(t *testing.T) *world {
	w := &world{
		bench: newCardBench(t), asked: map[string]int{}, executions: map[string]*execution{}, challenges: map[string]string{},
	}
	w.Store = store.New(dyingTable{w.Table, w})
	w.Workflow, w.Registry, w.SMS, w.IDCards, w.BankCards, w.Cards = w, w, w, w, w, w
	w.Limits.SessionsPerDay, w.Limits.FailedTriesPerDay = 1000, 1000
	return w
}

// does runs a request, whose process may die. A dead process gives no answer.
func (w *world) does(key string, r request) (answer string, err error) {
	before := w.key
	w.key = key
	defer func() {
		w.key, w.endsAt = before, 0
		if p := recover(); p != nil {
			if _, ok := p.(died); !ok {
				panic(p)
			}
			err = table.ErrUnavailable
		}
	}()
	return r()
}

// outside is a call of the outside.
func outside[T any](w *world, lost error, do func() (T, error)) (T, error) {
	if w.calls++; w.calls != w.endsAt {
		return do()
	}
	switch w.how {
	case fails:
		var none T
		return none, lost
	case meets:
		w.endsAt = 0
		w.meanwhile()
		return do()
	}
	v, err := do()
	if w.how == diesAfter {
		panic(died{})
	}
	if err == nil {
		err = lost
	}
	return v, err
}

type dyingTable struct {
	table.Table
	w *world
}

func (t dyingTable) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	return outside(t.w, table.ErrUnavailable, func() ([]table.Item, error) { return t.Table.Get(ctx, keys...) })
}

func (t dyingTable) Transact(ctx context.Context, writes ...table.Write) error {
	_, err := outside(t.w, table.ErrUnavailable, func() (struct{}, error) {
		return struct{}{}, t.Table.Transact(ctx, writes...)
	})
	return err
}

var errNoRoute = errors.New("no route to host")

// asks answers a question of the request under way. One whose answer is lost counts as not
// put, because its request says so and may put it again.
func (w *world) asks(check string) (realname.CheckResult, error) {
	lost := w.calls+1 == w.endsAt && w.how == answerLost
	return outside(w, errNoRoute, func() (realname.CheckResult, error) {
		if lost {
			return realname.CheckResult{}, errNoRoute
		}
		w.asked[check+" of "+w.key]++
		r := realname.CheckResult{Outcome: realname.Match, Provider: "test", RequestID: w.key}
		if strings.HasPrefix(w.key, "wrong") {
			r.Outcome = realname.Mismatch
		}
		return r, nil
	})
}

func (w *world) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	return w.asks("registry")
}

func (w *world) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return w.asks("ID card")
}

func (w *world) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return w.asks("bank card")
}

func (w *world) SendCode(context.Context, realname.SMSMessage) (realname.CheckResult, error) {
	return outside(w, errNoRoute, func() (realname.CheckResult, error) {
		w.sent++
		return realname.CheckResult{Outcome: realname.Match, Provider: "test", RequestID: w.key}, nil
	})
}

func (w *world) ReadCard(der []byte) (realname.CardCertificate, error) {
	return realname.CardCertificate{ID: string(der)}, nil
}

func (w *world) CheckCard(context.Context, realname.CardQuery) (realname.CardResult, error) {
	e := realname.Evidence{Provider: "test", CertificateSerial: "1", RequestID: w.key, Outcome: realname.Match}
	if strings.HasPrefix(w.key, "wrong") {
		e.Outcome = realname.Mismatch
		return realname.CardResult{Refusal: realname.CodeCardSignatureWrong, Evidence: e}, nil
	}
	return realname.CardResult{Evidence: e}, nil
}

func (w *world) tells(do func() error) error {
	_, err := outside(w, errNoRoute, func() (struct{}, error) { return struct{}{}, do() })
	return err
}

// Start implements realname.Workflow.
func (w *world) Start(_ context.Context, e realname.Execution) error {
	return w.tells(func() error {
		if w.executions[e.SessionID] == nil {
			x := &execution{method: e.Method, step: -1}
			w.executions[e.SessionID] = x
			w.moves(e.SessionID, x)
		}
		return nil
	})
}

// Passed implements realname.Workflow.
func (w *world) Passed(_ context.Context, token string) error {
	return w.tells(func() error {
		for id, x := range w.executions {
			if x.token == token {
				w.moves(id, x)
				return nil
			}
		}
		return realname.ErrNotWaiting
	})
}

// Ended implements realname.Workflow.
func (w *world) Ended(_ context.Context, token string, _ realname.Status) error {
	return w.tells(func() error {
		for _, x := range w.executions {
			if x.token == token {
				x.token, x.finishes = "", true
				return nil
			}
		}
		return realname.ErrNotWaiting
	})
}

// moves takes an execution to its next step, or to its last state.
func (w *world) moves(id string, x *execution) {
	x.token = ""
	x.step++
	x.finishes = x.step == len(x.method.Steps())
	if !x.finishes {
		w.opensAgain(id, x)
	}
}

// opensAgain opens the step of an execution with another token.
func (w *world) opensAgain(id string, x *execution) {
	w.tokens++
	x.token, x.outdated = fmt.Sprintf("token-%d", w.tokens), false
	w.puts(id, x)
}

func (w *world) puts(id string, x *execution) {
	err := w.Table.Transact(w.Context(), table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + id, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(x.method.Steps()[x.step]), "taskToken": x.token},
	}, table.Always()))
	if err != nil {
		w.Fatal(err)
	}
}

// losesTokens makes the open steps hold tokens that no execution waits with, as after
// lost answers of the table. The workflow opens them again when it goes on.
func (w *world) losesTokens() {
	for _, x := range w.executions {
		if x.token != "" {
			x.token, x.outdated = "", true
		}
	}
}

// goesOn lets the workflow do what it has to do.
func (w *world) goesOn() error {
	for id, x := range w.executions {
		if x.outdated {
			w.opensAgain(id, x)
		}
		if x.finishes && !x.ended {
			if _, err := w.Finish(w.Context(), id); err != nil {
				return err
			}
			x.ended = true
		}
	}
	return nil
}

// latest returns the account's latest session of a method.
func (w *world) latest(m realname.Method) string {
	view, err := store.New(w.Table).LoadAccount(w.Context(), realname.AccountQuery{
		AccountID: domaintest.AccountID, Methods: realname.Methods(),
	})
	if err != nil {
		w.Fatal(err)
	}
	return view.Latest[m].SessionID
}

var _ interface {
	realname.Workflow
	realname.Registry
	realname.IDCards
	realname.BankCards
	realname.SMS
	realname.Cards
} = (*world)(nil)
