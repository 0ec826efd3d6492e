package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
)

// NewSecret generates a secret of 32 random bytes in the spelling for receivers.
// The specification requires 24 to 64 bytes.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

// ErrURL means that a webhook's URL is not allowed.
var ErrURL = errors.New("webhook URL: want an https URL, or http to this machine")

// CheckURL refuses a URL over which events would travel unencrypted.
// Errors: ErrURL.
func CheckURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil {
		return ErrURL
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	return ErrURL
}

// Rotate adds a secret that signs from now on. Existing secrets continue to sign
// for the overlap, in which the receiver switches to the new one; a later Rotate
// drops them.
func (t *Target) Rotate(sealer realname.Sealer, id, secret string, now time.Time, overlap time.Duration) error {
	sealed, err := sealer.Seal([]byte(secret), store.SettingItem(store.WebhookSettings, Platform), SecretField(id))
	if err != nil {
		return fmt.Errorf("seal the webhook's secret: %w", err)
	}
	secrets := slices.DeleteFunc(slices.Clone(t.Secrets), func(s Secret) bool { return !s.InForce(now) })
	for i := range secrets {
		if secrets[i].Until.IsZero() {
			secrets[i].Until = now.Add(overlap)
		}
	}
	secrets = append(secrets, Secret{ID: id, Sealed: sealed, Since: now})
	t.Secrets = secrets
	return nil
}
