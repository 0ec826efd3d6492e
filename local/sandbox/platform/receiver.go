// Package platform is a sandbox of the Single Window platform: a webhook that
// verifies signatures by Standard Webhooks and shows its messages, and an event bus
// that shows its events.
package platform

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"realname/local/sandbox/journal"
	"realname/shared/notify"
)

// Arrival is one message that reached the webhook.
type Arrival struct {
	ID       string          `json:"id"`
	At       time.Time       `json:"at"`
	Verified bool            `json:"verified"`
	Problem  string          `json:"problem,omitempty"` // why it was refused
	Again    bool            `json:"again,omitempty"`   // the event arrived before
	Body     json.RawMessage `json:"body"`
}

// kept bounds the stored messages and events.
const kept = 10_000

// tolerance is the maximum difference between a message's timestamp and the receiver's clock.
const tolerance = 5 * time.Minute

// Receiver is the sandbox. It implements notify.Bus.
type Receiver struct {
	mu        sync.Mutex
	now       func() time.Time
	secrets   []string
	down      int // the status to answer with while it fails
	arrivals  []Arrival
	published []notify.Event
	seen      map[string]bool
	journal   *journal.Journal
}

// Entries of the journal.
const (
	arrivalEntry   = "webhook"
	publishedEntry = "event"
)

// Keep makes the receiver write what arrives into the journal.
func (r *Receiver) Keep(j *journal.Journal) { r.journal = j }

// Recall adds an entry of the journal. It ignores those of others.
func (r *Receiver) Recall(kind string, value json.RawMessage) error {
	switch kind {
	case arrivalEntry:
		var a Arrival
		if err := json.Unmarshal(value, &a); err != nil {
			return err
		}
		r.arrivals = last(append(r.arrivals, a))
		r.seen[a.ID] = r.seen[a.ID] || a.Verified
	case publishedEntry:
		var e notify.Event
		if err := json.Unmarshal(value, &e); err != nil {
			return err
		}
		r.published = last(append(r.published, e))
	}
	return nil
}

// New returns a receiver without a secret.
func New(now func() time.Time) *Receiver { return &Receiver{now: now, seen: map[string]bool{}} }

// Trust adds a secret that the receiver verifies with. If only is set, it replaces the others.
func (r *Receiver) Trust(secret string, only bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if only {
		r.secrets = nil
	}
	r.secrets = append(r.secrets, secret)
}

// Fail makes the receiver answer every message with the status; 0 ends it.
func (r *Receiver) Fail(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.down = status
}

// SetClock gives the receiver another clock.
func (r *Receiver) SetClock(now func() time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = now
}

// maxMessage bounds a message.
const maxMessage = 64 << 10

// Receive is the webhook. It accepts messages with a valid signature, also repeated ones.
func (r *Receiver) Receive(w http.ResponseWriter, q *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, q.Body, maxMessage))
	if err != nil || !json.Valid(body) {
		http.Error(w, "body: want JSON", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.down != 0 {
		http.Error(w, "the sandbox receiver is set to fail", r.down)
		return
	}
	a := Arrival{ID: q.Header.Get(standardwebhooks.HeaderWebhookID), At: r.now(), Body: body}
	a.Problem = r.problem(q.Header, body)
	a.Verified = a.Problem == ""
	a.Again = a.Verified && r.seen[a.ID]
	if err := r.journal.Add(arrivalEntry, a); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	r.arrivals = last(append(r.arrivals, a))
	if !a.Verified {
		http.Error(w, a.Problem, http.StatusUnauthorized)
		return
	}
	r.seen[a.ID] = true
	w.WriteHeader(http.StatusNoContent)
}

// problem returns the reason for refusing a message. The library checks the
// timestamp by the process's clock, problem by the receiver's.
func (r *Receiver) problem(h http.Header, body []byte) string {
	problem := "no secret is known"
	seconds, err := strconv.ParseInt(h.Get(standardwebhooks.HeaderWebhookTimestamp), 10, 64)
	if err != nil || r.now().Sub(time.Unix(seconds, 0)).Abs() > tolerance {
		return "the timestamp is missing, or too far from the receiver's clock"
	}
	for _, s := range r.secrets {
		hook, err := standardwebhooks.NewWebhook(s)
		if err == nil {
			err = hook.VerifyIgnoringTimestamp(body, h)
		}
		if err == nil {
			return ""
		}
		problem = err.Error()
	}
	return problem
}

// Publish implements notify.Bus.
func (r *Receiver) Publish(_ context.Context, events []notify.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range events {
		if err := r.journal.Add(publishedEntry, e); err != nil {
			return err
		}
		r.published = last(append(r.published, e))
	}
	return nil
}

// Record holds the stored messages and events, oldest first.
type Record struct {
	Webhooks []Arrival      `json:"webhooks"`
	Bus      []notify.Event `json:"bus"`
}

// Record returns the stored messages and events.
func (r *Receiver) Record() Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Record{append([]Arrival{}, r.arrivals...), append([]notify.Event{}, r.published...)}
}

func last[T any](list []T) []T { return list[max(0, len(list)-kept):] }
