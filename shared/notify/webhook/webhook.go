// Package webhook sends events to the platform's webhook in the format of Standard
// Webhooks (standard-webhooks/spec, 1.0.0).
package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"realname/shared/notify"
	"realname/shared/realname"
	"realname/shared/store"
)

// Target is the setting of the platform's webhook. Its name is Platform.
type Target struct {
	URL     string   `json:"url"`
	Secrets []Secret `json:"secrets"`
}

// Platform is the name of the only target.
const Platform = "platform"

// Secret signs messages. During a rotation two secrets are in force, and a message
// carries a signature by each.
type Secret struct {
	ID     string          `json:"id"`
	Sealed realname.Sealed `json:"sealed"` // whsec_ and 32 bytes in base64
	Since  time.Time       `json:"since"`
	Until  time.Time       `json:"until,omitzero"` // zero: until further notice
}

// InForce reports whether the secret signs at the instant.
func (s Secret) InForce(now time.Time) bool { return s.Until.IsZero() || now.Before(s.Until) }

// Receiver implements notify.Receiver.
type Receiver struct {
	Targets *store.Settings[Target]
	Sealer  realname.Sealer
	Client  *http.Client
	Now     func() time.Time
}

// NewClient returns a client that waits 10 s for a response and does not follow
// redirects, so that events go only to the configured address.
func NewClient(transport http.RoundTripper) *http.Client {
	return &http.Client{
		Transport:     transport,
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// message is the body of a webhook with the members that the specification
// recommends.
type message struct {
	Type      realname.AnnouncementType `json:"type"`
	Timestamp time.Time                 `json:"timestamp"`
	Data      notify.Event              `json:"data"`
}

// Receive implements notify.Receiver. Without a target it does nothing.
func (r *Receiver) Receive(ctx context.Context, e notify.Event) error {
	target, ok, err := r.Targets.Find(ctx, func(s store.Setting[Target]) bool { return s.Name == Platform })
	if err != nil || !ok {
		return err
	}
	body, err := json.Marshal(message{e.Type, e.At, e})
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.ID, err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, target.Value.URL, bytes.NewReader(body))
	if err != nil {
		return errors.New("webhook URL: cannot make a request; set the URL again")
	}
	now := r.Now()
	signature, err := r.sign(target.Value, e.ID, now, body)
	if err != nil {
		return err
	}
	request.Header = http.Header{
		"Content-Type":                          {"application/json"},
		"User-Agent":                            {"realname"},
		standardwebhooks.HeaderWebhookID:        {e.ID},
		standardwebhooks.HeaderWebhookTimestamp: {strconv.FormatInt(now.Unix(), 10)},
		standardwebhooks.HeaderWebhookSignature: {signature},
	}
	response, err := r.Client.Do(request)
	if err != nil {
		var detail *url.Error
		if errors.As(err, &detail) {
			err = detail.Err // omits the URL
		}
		return fmt.Errorf("%w: %w", notify.ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()                      // a body only read loses nothing
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be reused
	return verdict(response.StatusCode)
}

// verdict returns nil for any 2xx status, which means "received".
func verdict(status int) error {
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests, status == http.StatusBadGateway,
		status == http.StatusServiceUnavailable, status == http.StatusGatewayTimeout:
		return fmt.Errorf("%w: it answered %d", notify.ErrUnreachable, status)
	}
	return fmt.Errorf("the receiver answered %d", status)
}

func (r *Receiver) sign(t Target, id string, now time.Time, body []byte) (string, error) {
	var signatures []string
	for _, s := range t.Secrets {
		if !s.InForce(now) {
			continue
		}
		secret, err := r.Sealer.Open(s.Sealed, store.SettingItem(store.WebhookSettings, Platform), SecretField(s.ID))
		if err != nil {
			return "", fmt.Errorf("open the webhook's secret: %w", err)
		}
		signer, err := standardwebhooks.NewWebhook(string(secret))
		if err != nil {
			return "", fmt.Errorf("webhook secret %s: want whsec_ and base64; rotate the secret", s.ID)
		}
		signature, err := signer.Sign(id, now, body)
		if err != nil {
			return "", fmt.Errorf("sign event %s: %w", id, err)
		}
		signatures = append(signatures, signature)
	}
	if signatures == nil {
		return "", errors.New("webhook secret: none is in force; rotate the secret")
	}
	return strings.Join(signatures, " "), nil
}

// SecretField returns the name of the field for which a secret is sealed.
func SecretField(id string) string { return "secret/" + id }
