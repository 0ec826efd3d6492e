package conformance

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"realname/local/engine"
	"realname/shared/table/sqlite"
)

// restarting is the engine of a machine that keeps its executions in a database. It
// ends and goes on from the file before each call, and again and again while it waits.
type restarting struct {
	*testing.T
	*embedded
	on  machine
	dir string
	db  *sqlite.DB
}

func newRestarting(t *testing.T, on machine) *restarting {
	r := &restarting{T: t, on: on, dir: t.TempDir()}
	r.embedded = newEmbedded(t, r.stores())
	t.Cleanup(r.close)
	return r
}

// stores opens the database.
func (r *restarting) stores() map[machine]engine.Store {
	db, err := sqlite.Open(r.dir, time.Now)
	if err != nil {
		r.Fatal(err)
	}
	r.db = db
	return map[machine]engine.Store{r.on: db.Executions()}
}

func (r *restarting) close() {
	r.embedded.close()
	if err := r.db.Close(); err != nil {
		r.Error(err)
	}
}

func (r *restarting) restart() {
	r.close()
	r.embedded.stores = r.stores()
	r.load(r.T)
}

func (r *restarting) start(ctx context.Context, m machine, name, input string) error {
	r.restart()
	return r.embedded.start(ctx, m, name, input)
}

func (r *restarting) open(ctx context.Context, m machine, session, step string) (string, error) {
	r.restart()
	return r.embedded.open(ctx, m, session, step)
}

func (r *restarting) succeed(ctx context.Context, token string) error {
	r.restart()
	return r.embedded.succeed(ctx, token)
}

func (r *restarting) fail(ctx context.Context, token, errorName string) error {
	r.restart()
	return r.embedded.fail(ctx, token, errorName)
}

func (r *restarting) stop(ctx context.Context, m machine, name string) error {
	r.restart()
	return r.embedded.stop(ctx, m, name)
}

func (r *restarting) ended(ctx context.Context, m machine, name string) (outcome, error) {
	for range 100 { // restarts while timers run and pauses last
		time.Sleep(300 * time.Millisecond)
		r.restart()
		if x, err := r.engines[m].Describe(name); err != nil || x.Status != engine.Running {
			break
		}
	}
	return r.embedded.ended(ctx, m, name)
}

// Executions that go on from the file end as those of an engine that never ends.
func TestRestartsChangeNoOutcome(t *testing.T) {
	for name, s := range scenarios() {
		t.Run(name, func(t *testing.T) {
			session := s.session + "s"
			synctest.Test(t, func(t *testing.T) {
				want, got := s.play(t, newEmbedded(t, nil), session), s.play(t, newRestarting(t, s.on), session)
				if !reflect.DeepEqual(got, want) {
					t.Errorf("with restarts %+v\nwithout %+v", got, want)
				}
			})
		})
	}
}
