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

// NewSecret makes a secret of 32 random bytes (the specification asks for 24 to
// 64), in the spelling that receivers are given.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return "whsec_" + base64.StdEncoding.EncodeToString(b)
}

// ErrURL says what a webhook's URL must be.
var ErrURL = errors.New("the webhook's URL must be https, or http to this very machine")

// CheckURL refuses a URL over which events would go in clear.
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

// Rotate adds a secret that signs from now on. Those before it go on signing for
// the overlap, in which the receiver changes over, and are dropped once over.
func (t *Target) Rotate(sealer realname.Sealer, id, secret string, now time.Time, overlap time.Duration) error {
	sealed, err := sealer.Seal([]byte(secret), store.SettingItem(store.WebhookSettings, Platform), SecretField(id))
	if err != nil {
		return fmt.Errorf("seal the webhook's secret: %w", err)
	}
	kept := slices.DeleteFunc(slices.Clone(t.Secrets), func(s Secret) bool { return !s.InForce(now) })
	for i := range kept {
		if kept[i].Until.IsZero() {
			kept[i].Until = now.Add(overlap)
		}
	}
	t.Secrets = append(kept, Secret{ID: id, Sealed: sealed, Since: now})
	return nil
}
