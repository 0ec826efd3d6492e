package tencent_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	sandbox "realname/local/sandbox/tencent"
	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

// secretStore is a store of one secret that counts its reads.
type secretStore struct {
	text  string
	err   error
	reads int
}

func (s *secretStore) load(context.Context) ([]byte, error) {
	s.reads++
	return []byte(s.text), s.err
}

func keyPair(id, key string) string { return fmt.Sprintf(`{"secretId":%q,"secretKey":%q}`, id, key) }

func TestARotatedKeyWorksWithoutARestart(t *testing.T) {
	now := time.Now()
	s := &secretStore{text: keyPair("AKIDtest", "key of a test")}
	h := start(t, func(c *tencent.Config, _ *sandbox.Config) {
		c.Credentials = &credential.Cached[tencent.Credentials]{
			Parse: tencent.ParseCredentials,
			Load:  s.load, TTL: 15 * time.Minute, Pause: 10 * time.Second,
			Now: func() time.Time { return now },
		}
	})
	match := func(when string) {
		t.Helper()
		if r, err := h.client.CheckIDCard(t.Context(), idCard); err != nil || r.Outcome != realname.Match {
			t.Errorf("%s: %+v %v", when, r, err)
		}
	}
	match("at first")
	match("again")
	if s.reads != 1 {
		t.Errorf("the secret was read %d times", s.reads)
	}
	now = now.Add(time.Minute)
	h.Rotate("AKIDnew", "new key")
	s.text = keyPair("AKIDnew", "new key")
	match("after the rotation")
	if s.reads != 2 {
		t.Errorf("the secret was read %d times", s.reads)
	}
	now = now.Add(16 * time.Minute)
	match("after the time to live")
	if s.reads != 3 {
		t.Errorf("the secret was read %d times", s.reads)
	}
}

func TestAWrongSecretIsNotReadForEachRequest(t *testing.T) {
	now := time.Now()
	s := &secretStore{text: keyPair("AKIDtest", "wrong")}
	h := start(t, func(c *tencent.Config, _ *sandbox.Config) {
		c.Credentials = &credential.Cached[tencent.Credentials]{
			Parse: tencent.ParseCredentials,
			Load:  s.load, TTL: 15 * time.Minute, Pause: 10 * time.Second,
			Now: func() time.Time { return now },
		}
	})
	for range 5 {
		if r, err := h.client.CheckIDCard(t.Context(), idCard); err == nil || r.Code != "AuthFailure.SignatureFailure" {
			t.Fatalf("%+v %v", r, err)
		}
		now = now.Add(3 * time.Second)
	}
	if s.reads != 2 {
		t.Errorf("the secret was read %d times in 15 seconds", s.reads)
	}
}

func TestCredentialsStayInUseWhileTheirStoreIsAway(t *testing.T) {
	now := time.Now()
	s := &secretStore{text: keyPair("AKIDtest", "key of a test")}
	var log bytes.Buffer
	c := &credential.Cached[tencent.Credentials]{
		Parse: tencent.ParseCredentials, Load: s.load, TTL: time.Minute, Pause: time.Second,
		Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	if _, err := c.Get(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	now, s.err = now.Add(time.Hour), errors.New("away")
	for i := range 4 { // the store is asked again after each pause, not for each request
		if k, err := c.Get(t.Context(), i%2 == 1); err != nil || k.SecretID != "AKIDtest" {
			t.Errorf("%v", err)
		}
		now = now.Add(500 * time.Millisecond)
	}
	if failures := strings.Count(log.String(), "error=away"); s.reads != 3 || failures != 2 {
		t.Errorf("%d reads, %d logged failures", s.reads, failures)
	}
	s.err, s.text = nil, keyPair("AKIDnew", "key of a test")
	if k, err := c.Get(t.Context(), false); err != nil || k.SecretID != "AKIDnew" {
		t.Errorf("when the store is back: %v %v", k.SecretID, err)
	}
}

func TestErrorsOfABadSecretDoNotHoldItsText(t *testing.T) {
	for _, text := range []string{
		"", "hunter2", `{"secretId":"AKIDx"}`, `["hunter2"]`,
		`{"secretId":"AKIDx","secretKey":"hunter2","encryptionPublicKey":"none"}`,
	} {
		if _, err := tencent.ParseCredentials([]byte(text)); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
