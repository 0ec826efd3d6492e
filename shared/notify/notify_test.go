package notify_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"realname/shared/notify"
	"realname/shared/notify/webhook"
	"realname/shared/realname"
	"realname/shared/table"
)

const (
	uscc  = "91130100MA0R01NM09"
	other = "91130100MA0R02FL1P"
)

func TestANoticeGoesToBusAndWebhookOnce(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1", "e2")
	if done := b.run(); done != (notify.Result{Delivered: 1}) {
		t.Errorf("%+v", done)
	}
	b.run()
	b.want("e1", "e2")
	if fmt.Sprint(b.bus.ids) != "[e1 e2]" {
		t.Errorf("bus got %v", b.bus.ids)
	}
	var m struct {
		Type      string
		Timestamp time.Time
		Data      map[string]any
	}
	if err := json.Unmarshal(b.platform.bodies[0], &m); err != nil {
		t.Fatal(err)
	}
	if m.Type != "EnterpriseVerified" || !m.Timestamp.Equal(b.now) ||
		m.Data["uscc"] != uscc || m.Data["version"] != 1.0 || m.Data["sequence"] != 1.0 {
		t.Errorf("%s", b.platform.bodies[0])
	}
}

// A withdrawal's event names the aspect; events of other types do not.
func TestAWithdrawalSaysWhichAspect(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	c := realname.Change{}
	for _, aspect := range []realname.AspectName{realname.EnterpriseAspect, realname.HolderAspect} {
		c.Announcements = append(c.Announcements, realname.Announcement{
			ID: string(aspect), Type: realname.VerificationWithdrawn, At: b.now, USCC: uscc, Aspect: aspect,
		})
	}
	if err := b.store.Commit(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	b.run()
	b.want("e1", "enterprise", "holder")
	for i, want := range []any{nil, "enterprise", "holder"} {
		var m struct{ Data map[string]any }
		err := json.Unmarshal(b.platform.bodies[i], &m)
		if err != nil || m.Data["aspect"] != want || m.Data["version"] != 1.0 {
			t.Errorf("%s", b.platform.bodies[i])
		}
	}
}

// The receiver is down for an hour, while the schedule runs every minute and five
// enterprises announce more events. When it is up again, every event arrives once,
// and each enterprise's events arrive in order.
func TestAnHourWithoutAReceiverLosesNothing(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.status = http.StatusServiceUnavailable })
	enterprises := []string{uscc, other, "c", "d", "e"}
	want := map[string][]string{}
	for minute := range 60 {
		if of := enterprises[minute%len(enterprises)]; minute%3 == 0 {
			id := fmt.Sprintf("%s/%02d", of, minute)
			b.announce(of, id+"a", id+"b")
			want[of] = append(want[of], id+"a", id+"b")
		}
		b.run()
		b.now = b.now.Add(time.Minute)
	}
	b.want()
	if tries := b.notices(uscc)[0].Tries; tries < 5 || tries > 8 {
		t.Errorf("%d attempts in an hour, want 5 to 8: the delay must grow", tries)
	}
	b.platform.set(func() { b.platform.status = 0 })
	for range 31 { // the longest delay is 30 minutes
		b.run()
		b.now = b.now.Add(time.Minute)
	}
	got := map[string][]string{}
	for _, id := range b.platform.arrived() {
		of, _, _ := strings.Cut(id, "/")
		got[of] = append(got[of], id)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("arrived %v\nwant    %v", got, want)
	}
}

func TestLaterEventsWaitForTheirEnterprisesEarlierOnesOnly(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	b.announce(other, "o1")
	b.run()
	b.want("o1")
	b.platform.set(func() { b.platform.refuse["e1"] = false })
	b.run()
	b.want("o1") // not before the delay is over
	b.now = b.now.Add(30 * time.Second)
	b.run()
	b.want("o1", "e1", "e2")
}

func TestARefusedEventIsAbandonedAfterADayAndCanBeReplayed(t *testing.T) {
	b := newBench(t)
	b.platform.set(func() { b.platform.refuse["e1"] = true })
	b.announce(uscc, "e1")
	b.announce(uscc, "e2")
	dead := 0
	for range 25 * 60 {
		dead += b.run().Dead
		b.now = b.now.Add(time.Minute)
	}
	b.want("e2")
	letters, err := b.store.DeadNotices(t.Context())
	if err != nil || dead != 1 || len(letters) != 1 || letters[0].Events[0].ID != "e1" {
		t.Fatalf("%d dead, letters %+v, %v", dead, letters, err)
	}
	if tried := letters[0].Dead.Sub(letters[0].TriedFrom); tried < 24*time.Hour || tried > 25*time.Hour {
		t.Errorf("tried for %v", tried)
	}
	b.platform.set(func() { b.platform.refuse["e1"] = false })
	if err := notify.Replay(t.Context(), b.store, uscc, 1, b.now); err != nil {
		t.Fatal(err)
	}
	b.now = b.now.Add(time.Second)
	b.run()
	b.want("e2", "e1")
	if letters, err = b.store.DeadNotices(t.Context()); err != nil || len(letters) != 0 {
		t.Errorf("still dead: %v %v", letters, err)
	}
	if err := notify.Replay(t.Context(), b.store, uscc, 9, b.now); !errors.Is(err, notify.ErrNoNotice) {
		t.Error(err)
	}
}

func TestBothSecretsSignDuringTheOverlap(t *testing.T) {
	b := newBench(t)
	old := b.platform.secrets[0]
	b.rotate("s2", time.Hour)
	renewed := b.platform.secrets[1]
	step := func(id string, arrives bool, secrets ...string) {
		t.Helper()
		b.platform.set(func() { b.platform.secrets, b.platform.got = secrets, nil })
		b.announce("enterprise-"+id, id)
		b.run()
		if got := b.platform.arrived(); (len(got) == 1) != arrives {
			t.Errorf("%s arrived as %v", id, got)
		}
	}
	b.now = b.now.Add(time.Second)
	step("e1", true, old)
	step("e2", true, renewed)
	b.now = b.now.Add(time.Hour)
	step("e3", false, old)
	step("e4", true, renewed)
}

func TestTheURLMustKeepEventsSecret(t *testing.T) {
	for url, ok := range map[string]bool{
		"https://platform.example/hook":     true,
		"http://127.0.0.1:8080/x":           true,
		"http://localhost/x":                true,
		"http://[::1]/x":                    true,
		"http://platform.example/hook":      false,
		"ftp://platform.example":            false,
		"https://user:pw@platform.example/": false,
		"":                                  false,
		"https:///x":                        false,
	} {
		if err := webhook.CheckURL(url); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
}

// seeing is a receiver that looks at the outbox while it receives.
type seeing struct {
	see func()
	err error
}

func (s *seeing) Receive(context.Context, notify.Event) error {
	s.see()
	return s.err
}

// Each move in the list costs two write units, and most notices are delivered at once.
func TestANoticeMovesInTheListOnlyAfterAFailure(t *testing.T) {
	b := newBench(t)
	listed := func() string {
		t.Helper()
		items, err := b.table.Get(t.Context(), table.Key{PK: "OUTBOX#" + uscc, SK: "EVENT#000000000001"})
		if err != nil {
			t.Fatal(err)
		}
		at, _, _ := strings.Cut(items[0].GSI2.SK, "#")
		return at
	}
	b.announce(uscc, "e1")
	first := listed()
	during := ""
	receiver := &seeing{see: func() { during = listed() }, err: errors.New("refused")}
	b.Receiver = receiver
	b.now = b.now.Add(time.Second)
	b.run()
	if during != first {
		t.Errorf("listed at %s, and while it is delivered at %s", first, during)
	}
	if at := listed(); at != "20260302T090031.000000000Z" {
		t.Errorf("after a failure listed at %s", at)
	}
	b.now = b.now.Add(time.Minute)
	receiver.err = nil
	if b.run(); during != "20260302T090031.000000000Z" || listed() != "" {
		t.Errorf("listed at %s while it is delivered, and at %q afterwards", during, listed())
	}
}

// A notice whose process died stays listed. It is not attempted before its time.
func TestANoticeUnderWayIsLeftAlone(t *testing.T) {
	b := newBench(t)
	b.announce(uscc, "e1")
	other := b.instance()
	b.Receiver = &seeing{see: func() {
		if _, err := other.Due(t.Context()); err != nil {
			t.Fatal(err)
		}
	}, err: errors.New("died")}
	b.run()
	b.want()
	b.now = b.now.Add(30 * time.Second)
	if _, err := other.Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.want("e1")
}
