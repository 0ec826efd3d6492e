package notify_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/shared/store"
	"realname/shared/table"
)

// dying is a table whose process dies after a number of calls.
type dying struct {
	table.Table
	left int
}

type died struct{}

func (d *dying) Query(ctx context.Context, q table.Query) (table.Page, error) {
	defer d.spend()
	return d.Table.Query(ctx, q)
}

func (d *dying) Transact(ctx context.Context, w ...table.Write) error {
	defer d.spend()
	return d.Table.Transact(ctx, w...)
}

func (d *dying) spend() {
	if d.left--; d.left == 0 {
		panic(died{})
	}
}

func TestAProcessThatDiesAnywhereLosesNothingAndKeepsTheOrder(t *testing.T) {
	for calls := 1; calls < 15; calls++ {
		b := newBench(t)
		b.announce(uscc, "e1", "e2")
		b.announce(uscc, "e3")
		func() {
			defer func() {
				if p := recover(); p != nil && p != (died{}) {
					panic(p)
				}
			}()
			d := b.instance()
			d.Outbox = store.New(&dying{b.table, calls})
			if _, failed := d.Deliver(t.Context(), []string{uscc}); failed != nil {
				t.Error(failed)
			}
		}()
		b.now = b.now.Add(time.Hour)
		b.run()
		// At least once and in order: without the repetitions of the notice during
		// which the process died, the whole list remains.
		got := strings.Join(b.platform.arrived(), " ")
		got = strings.Replace(got, "e1 e2 e1 e2", "e1 e2", 1)
		got = strings.Replace(got, "e3 e3", "e3", 1)
		if got != "e1 e2 e3" {
			t.Errorf("died after call %d: arrived %v", calls, b.platform.arrived())
		}
	}
}

func TestTwoInstancesAtOnceDeliverOnceAndInOrder(t *testing.T) {
	b := newBench(t)
	var want []string
	for i := range 20 {
		id := fmt.Sprintf("e%02d", i)
		b.announce(uscc, id)
		want = append(want, id)
	}
	var all sync.WaitGroup
	for range 2 {
		d := b.instance()
		all.Go(func() {
			if _, failed := d.Deliver(t.Context(), []string{uscc}); failed != nil {
				t.Error(failed)
			}
		})
	}
	all.Wait()
	for range 3 { // deliver the notices that one instance left to the other
		b.now = b.now.Add(time.Hour)
		b.run()
	}
	b.want(want...)
}

func TestARunStopsWhenTheReceiverDoesNotRespond(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.status = http.StatusServiceUnavailable })
	for i := range 10 {
		b.announce(fmt.Sprint("enterprise-", i), fmt.Sprint("e", i))
	}
	if done := b.run(); done.Failed != 3 {
		t.Errorf("%d attempts while the receiver is down, want 3", done.Failed)
	}
	b.platform.set(func() { b.platform.status = 0 })
	b.now = b.now.Add(time.Minute)
	b.run()
	if got := b.platform.arrived(); len(got) != 10 {
		t.Errorf("arrived %v", got)
	}
}

func TestABusThatFailsHoldsBackTheWebhookAndPublishesOnce(t *testing.T) {
	b := newBench(t)
	b.bus.err = errors.New("throttled")
	b.announce(uscc, "e1")
	b.run()
	b.want()
	b.bus.err = nil
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	for range 3 {
		b.now = b.now.Add(time.Hour)
		b.run()
	}
	if fmt.Sprint(b.bus.ids) != "[e1]" {
		t.Errorf("bus got %v", b.bus.ids)
	}
}

func TestAnUnreadableNoticeDoesNotHoldUpOthers(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	key := table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#000000000001"}
	items, err := b.table.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	items[0].Body["due"] = "soon"
	if err := b.table.Transact(t.Context(), table.Put(items[0], table.Always())); err != nil {
		t.Fatal(err)
	}
	b.run()
	b.want("e2")
}
