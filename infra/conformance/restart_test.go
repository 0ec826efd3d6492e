package conformance

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"realname/local/engine"
	"realname/shared/realname"
	"realname/shared/table/sqlite"
)

// restarting is the engine of a machine that keeps its executions in a database. It
// ends and goes on from the file before each call, and again and again while it waits.
type restarting struct {
	*testing.T
	*embedded
	on     variant
	dir    string
	db     *sqlite.DB
	update int // the restart that brings a state machine for each method; 0 if they were there
}

func newRestarting(t *testing.T, on variant, update int) *restarting {
	r := &restarting{T: t, on: on, dir: t.TempDir(), update: update}
	r.embedded = newEmbedded(t, r.stores(), update > 0)
	t.Cleanup(r.close)
	return r
}

// stores opens the database.
func (r *restarting) stores() map[variant]engine.Store {
	db, err := sqlite.Open(r.dir, time.Now)
	if err != nil {
		r.Fatal(err)
	}
	r.db = db
	return map[variant]engine.Store{r.on: db.Executions()}
}

func (r *restarting) close() {
	r.embedded.close()
	if err := r.db.Close(); err != nil {
		r.Error(err)
	}
}

func (r *restarting) restart() {
	r.close()
	if r.update--; r.update <= 0 {
		r.former = false
	}
	r.embedded.stores = r.stores()
	r.load(r.T)
}

func (r *restarting) start(ctx context.Context, on variant, name, input string) error {
	r.restart()
	return r.embedded.start(ctx, on, name, input)
}

func (r *restarting) open(ctx context.Context, on variant, session, step string) (string, error) {
	r.restart()
	return r.embedded.open(ctx, on, session, step)
}

func (r *restarting) succeed(ctx context.Context, token string) error {
	r.restart()
	return r.embedded.succeed(ctx, token)
}

func (r *restarting) fail(ctx context.Context, token, errorName string) error {
	r.restart()
	return r.embedded.fail(ctx, token, errorName)
}

func (r *restarting) stop(ctx context.Context, on variant, name string) error {
	r.restart()
	return r.embedded.stop(ctx, on, name)
}

func (r *restarting) ended(ctx context.Context, on variant, name string) (outcome, error) {
	for range 100 { // restarts while timers run and pauses last
		time.Sleep(300 * time.Millisecond)
		r.restart()
		if x, err := r.engines[on].Describe(name); err != nil || x.Status != engine.Running {
			break
		}
	}
	return r.embedded.ended(ctx, on, name)
}

// Executions that go on from the file end as those of an engine that never ends.
func TestRestartsChangeNoOutcome(t *testing.T) {
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			session := s.session + "s"
			synctest.Test(t, func(t *testing.T) {
				want, got := s.play(t, newEmbedded(t, nil, false), session), s.play(t, newRestarting(t, s.on, 0), session)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("with restarts %+v\nwithout %+v", got, want)
				}
			})
		})
	}
}

// Executions that the one state machine of version 1.0 started go on in those of the
// methods, wherever the update meets them.
func TestExecutionsOfTheFormerMachineEndTheSame(t *testing.T) {
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			for update := 2; update < 6; update++ { // the first restart is before the start
				session := fmt.Sprintf("%ss%d", s.session, update)
				synctest.Test(t, func(t *testing.T) {
					want, got := s.play(t, newEmbedded(t, nil, false), session), s.play(t, newRestarting(t, s.on, update), session)
					want.States = append([]string{"ChooseMethod"}, want.States...)
					if !reflect.DeepEqual(got, want) {
						t.Errorf("with the update %+v\nwithout %+v", got, want)
					}
				})
			}
		})
	}
}

// Each step costs one transition, and so does finish. There are no others.
func TestAMethodTakesNoTransitionMoreThanItsSteps(t *testing.T) {
	states := map[string][]string{
		"legal_representative": {"AwaitEnterprise", "AwaitLegalRepresentative", "AwaitAccountHolder", "Finish"},
		"bank_ukey":            {"AwaitBank", "Finish"}, "ic_card": {"AwaitCard", "Finish"},
		"account_holder": {"AwaitAccountHolder", "Finish"},
	}
	for _, method := range realname.Methods() {
		s := scenarios()[string(method)+" passes"]
		synctest.Test(t, func(t *testing.T) {
			if got := s.play(t, newEmbedded(t, nil, false), "s").States; !slices.Equal(got, states[string(method)]) {
				t.Errorf("%s: %v, want %v", method, got, states[string(method)])
			}
		})
	}
}
