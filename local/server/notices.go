package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"realname/shared/notify"
	"realname/shared/notify/webhook"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// deliverer delivers the outbox to the event bus and the platform's webhook.
func (s *Server) deliverer(seal realname.Sealer) *notify.Deliverer {
	return &notify.Deliverer{
		Outbox: s.store(), Bus: s.form.bus,
		Receiver: s.form.receiver(&webhook.Receiver{
			Targets: &store.Settings[webhook.Target]{Store: s.settings(), Kind: store.WebhookSettings, Now: s.now},
			Sealer:  seal, Client: webhook.NewClient(http.DefaultTransport), Now: s.now,
		}),
		Schedule: s.form.schedule, Now: s.now, Log: s.opts.Log,
	}
}

// receiverRoute is the route of the sandbox receiver.
const receiverRoute = "/sandbox/receiver"

// Announce sets the address of this service once it listens. The sandbox receiver
// of the platform's events and the revocation lists of the sandbox's card
// authorities are at that address.
func (s *Server) Announce(ctx context.Context, base string) error {
	if err := s.trustCards(ctx, base); err != nil {
		return err
	}
	secret := webhook.NewSecret()
	s.receiver.Trust(secret, true)
	return store.ChangeSetting(ctx, store.New(s.table), store.WebhookSettings, webhook.Platform,
		func(t *store.Setting[webhook.Target]) error {
			t.Value = webhook.Target{URL: base + receiverRoute}
			return t.Value.Rotate(s.seal, "1", secret, s.now(), 0)
		})
}

// failReceiver is POST /sandbox/receiver/fail {status}: the receiver answers with
// the status until it is set to 0.
func (s *Server) failReceiver(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Status int `json:"status"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || in.Status != 0 && (in.Status < 400 || in.Status > 599) {
		answer(w, http.StatusBadRequest, map[string]string{"message": "status: 400 to 599, or 0 for none"})
		return
	}
	s.receiver.Fail(in.Status)
	answer(w, http.StatusOK, in)
}

// trustReceiver is POST /sandbox/receiver/trust {secret}: the receiver also
// verifies with this secret, like a platform after a rotation.
func (s *Server) trustReceiver(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Secret string `json:"secret"`
	}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil || !strings.HasPrefix(in.Secret, "whsec_") {
		answer(w, http.StatusBadRequest, map[string]string{"message": "secret: whsec_ and base64"})
		return
	}
	s.receiver.Trust(in.Secret, false)
	w.WriteHeader(http.StatusNoContent)
}

// pumpTries is how often the pump retries a record. After that, the schedule finds
// the item.
const pumpTries = 3

// pump replaces the event source mappings between the table's stream and its functions:
// it passes on one record of a function after another and repeats failed invocations.
func (s *Server) pump(ctx context.Context) (stop func()) {
	notices := s.pumpTo(ctx, store.OutboxPartition, "notify")
	messages := s.pumpTo(ctx, store.MessagePartition, "reset-messages")
	return func() { notices(); messages() }
}

func (s *Server) pumpTo(ctx context.Context, from store.Partition, function string) (stop func()) {
	sequence := 0
	return s.table.Subscribe(string(from), func(c table.Change) {
		if c.Old != 0 {
			return
		}
		sequence++
		event, err := streamEvent(c.Key, sequence)
		for try := 0; err == nil && try < pumpTries && ctx.Err() == nil; try++ {
			if s.delivered(ctx, function, event) {
				return
			}
		}
		if err != nil {
			s.opts.Log.LogAttrs(ctx, slog.LevelError, "stream record not made", slog.String("error", err.Error()))
		}
	})
}

func (s *Server) delivered(ctx context.Context, function string, event []byte) bool {
	raw, err := s.invoke(ctx, function, event)
	if err != nil {
		s.opts.Log.LogAttrs(ctx, slog.LevelError, function+" failed", slog.String("error", err.Error()))
		return false
	}
	var out struct {
		BatchItemFailures []json.RawMessage `json:"batchItemFailures"`
	}
	return json.Unmarshal(raw, &out) == nil && len(out.BatchItemFailures) == 0
}

// streamEvent is the record of a new item in DynamoDB Streams, with only its key.
func streamEvent(k table.Key, sequence int) ([]byte, error) {
	return json.Marshal(map[string]any{"Records": []any{map[string]any{
		"eventID": fmt.Sprint(sequence), "eventName": "INSERT", "eventVersion": "1.1", "eventSource": "aws:dynamodb",
		"awsRegion":      "local",
		"eventSourceARN": "arn:aws:dynamodb:local:000000000000:table/" + tableName + "/stream/local",
		"dynamodb": map[string]any{
			"Keys":           map[string]any{"PK": map[string]string{"S": k.PK}, "SK": map[string]string{"S": k.SK}},
			"SequenceNumber": fmt.Sprintf("%021d", sequence), "StreamViewType": "KEYS_ONLY",
		},
	}}})
}
