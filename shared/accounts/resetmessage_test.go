package accounts_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// order asks for a code to the bound number without sending its message.
func (r *resets) order(login string) {
	r.Helper()
	if _, err := r.SendResetCode(r.Context(), accounts.ResetCodeRequest{
		LoginName: login, Mobile: boundNumber,
		Render: func(time.Duration, time.Time) realname.Reply { return realname.Reply{Status: 202} },
	}); err != nil {
		r.Fatal(err)
	}
}

// waiting returns the messages that have yet to be sent.
func (r *resets) waiting() []realname.ResetMessage {
	r.Helper()
	messages, err := r.Directory.ResetMessages(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	return messages
}

// provider is a provider with a state that the test chooses.
type provider struct {
	failure error
	during  func() // runs in each call
	sent    []realname.SMSMessage
}

func (p *provider) SendCode(_ context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	if p.during != nil {
		p.during()
	}
	if p.failure != nil {
		return realname.CheckResult{}, p.failure
	}
	p.sent = append(p.sent, m)
	return realname.CheckResult{Outcome: realname.Match}, nil
}

// The request neither reads the account nor asks the provider, so its answer cannot
// depend on them: it makes the same two calls for every name.
func TestARequestForACodeDoesNotReadTheAccount(t *testing.T) {
	r := newResets(t)
	used := &recorded{Table: r.table}
	r.Directory = store.New(used)
	r.Store = store.New(used)
	calls := map[string]string{}
	for _, login := range []string{r.logins[0], "nobody"} {
		used.calls = ""
		r.order(login)
		calls[login] = used.calls
	}
	const want = "get RESET# MOBILE# MOBILE#\nwrite RESET# MOBILE# MESSAGE#\n"
	if calls["nobody"] != want || calls[r.logins[0]] != want {
		t.Errorf("%q", calls)
	}
	if len(r.sms.sent) > 0 || len(r.waiting()) != 2 {
		t.Errorf("sent %v, waiting %v", r.sms.sent, r.waiting())
	}
}

// recorded is a table that records the partitions of its calls.
type recorded struct {
	table.Table
	calls string
}

func (t *recorded) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	t.calls += "get"
	for _, k := range keys {
		t.calls += " " + string(store.PartitionOf(k.PK))
	}
	t.calls += "\n"
	return t.Table.Get(ctx, keys...)
}

func (t *recorded) Transact(ctx context.Context, writes ...table.Write) error {
	t.calls += "write"
	for _, w := range writes {
		t.calls += " " + string(store.PartitionOf(w.Item.Key.PK))
	}
	t.calls += "\n"
	return t.Table.Transact(ctx, writes...)
}

func TestAMessageIsSentOnceHoweverOftenItIsPassedOn(t *testing.T) {
	r := newResets(t)
	p := &provider{}
	r.Sessions.SMS = p
	r.order(r.logins[0])
	id := r.waiting()[0].ID
	p.during = func() { // another run, while this one waits for the provider
		if err := r.SendResetMessage(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	for range 3 {
		if err := r.SendResetMessage(t.Context(), id); err != nil {
			t.Error(err)
		}
	}
	if len(p.sent) != 1 || p.sent[0].Mobile != boundNumber || len(r.waiting()) > 0 {
		t.Errorf("sent %+v, waiting %+v", p.sent, r.waiting())
	}
}

// A process that dies between the count and the answer of the provider leaves the message
// to the schedule. It counts once.
func TestAMessageOutlivesTheProcessThatSendsIt(t *testing.T) {
	r := newResets(t)
	p := &provider{during: func() { panic("the process ends") }}
	r.Sessions.SMS = p
	r.order(r.logins[0])
	func() {
		defer func() { _ = recover() }() // the panic above
		r.deliver()
	}()
	p.during = nil
	for _, step := range []struct {
		after time.Duration
		sent  int
	}{{0, 0}, {44 * time.Second, 0}, {time.Second, 1}, {time.Minute, 1}} {
		r.now = r.now.Add(step.after)
		if r.deliver(); len(p.sent) != step.sent {
			t.Errorf("after %v: %d messages, want %d", step.after, len(p.sent), step.sent)
		}
	}
	for n := range 4 { // with the first, the number's five messages of the day
		r.order(r.logins[0])
		if r.deliver(); len(p.sent) != n+2 {
			t.Fatalf("%d messages, want %d", len(p.sent), n+2)
		}
		r.now = r.now.Add(time.Minute)
	}
}

func TestAFailedMessageIsSentAgainWhileItsCodeIsValid(t *testing.T) {
	for name, c := range map[string]struct {
		runs     int
		pause    time.Duration
		attempts int
	}{
		"three attempts": {runs: 5, pause: 45 * time.Second, attempts: 3},
		"code expires":   {runs: 4, pause: 150 * time.Second, attempts: 2}, // at 0 s and 150 s; it expires at 300 s
	} {
		t.Run(name, func(t *testing.T) {
			r := newResets(t)
			attempts := 0
			p := &provider{failure: errors.New("down"), during: func() { attempts++ }}
			r.Sessions.SMS, r.Ports.Log = p, slog.New(slog.DiscardHandler)
			r.order(r.logins[0])
			for range c.runs {
				r.deliver()
				r.now = r.now.Add(c.pause)
			}
			if attempts != c.attempts || len(r.waiting()) > 0 {
				t.Errorf("%d attempts, want %d; waiting %+v", attempts, c.attempts, r.waiting())
			}
		})
	}
}

// A message that waited long still counts at the time of its request. Otherwise the next
// one, a minute after the request, would be dropped.
func TestALateMessageDoesNotDelayTheNextOne(t *testing.T) {
	r := newResets(t)
	r.order(r.logins[0])
	r.now = r.now.Add(50 * time.Second)
	r.deliver()
	r.now = r.now.Add(10 * time.Second)
	r.order(r.logins[0])
	r.deliver()
	if len(r.sms.sent) != 2 {
		t.Errorf("%d messages", len(r.sms.sent))
	}
}

func TestWhatCannotBeReadOrWrittenIsLeftToTheNextRun(t *testing.T) {
	r := newResets(t)
	r.order(r.logins[0])
	id := r.waiting()[0].ID
	working := r.Directory
	r.Directory = store.New(broken{})
	if err := r.SendResetMessage(t.Context(), id); err == nil {
		t.Error("a message that cannot be read is done")
	}
	if _, err := r.SendDueResetMessages(t.Context()); err == nil {
		t.Error("messages that cannot be listed are done")
	}
	r.Directory = working
	r.Store = store.New(broken{})
	if err := r.SendResetMessage(t.Context(), id); err == nil || len(r.sms.sent) > 0 {
		t.Errorf("a message that cannot be counted: %v, sent %v", err, r.sms.sent)
	}
}

// broken is a table that answers nothing.
type broken struct{ table.Table }

var errBroken = errors.New("cut off")

func (broken) Get(context.Context, ...table.Key) ([]table.Item, error) { return nil, errBroken }
func (broken) Query(context.Context, table.Query) (table.Page, error)  { return table.Page{}, errBroken }
func (broken) Transact(context.Context, ...table.Write) error          { return errBroken }

func TestARunSaysHowManyMessagesItLookedAt(t *testing.T) {
	r := newResets(t)
	r.Sessions.SMS = &provider{}
	r.order(r.logins[0])
	for _, want := range []int{1, 0} {
		if looked, err := r.SendDueResetMessages(t.Context()); err != nil || looked != want {
			t.Errorf("looked at %d, want %d, %v", looked, want, err)
		}
	}
}
