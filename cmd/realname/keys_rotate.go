package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"realname/shared/auth"
	"realname/shared/edge"
	"realname/shared/notify/webhook"
	"realname/shared/store"
	"realname/shared/vault"
	"realname/shared/wiring"
	authwiring "realname/shared/wiring/auth"
	edgewiring "realname/shared/wiring/edge"
	vaultwiring "realname/shared/wiring/vault"
)

//nolint:lll // kong reads the help from the tags
type keysRotate struct {
	connection
	output
	Key     string        `arg:"" enum:"vault,index,token,machine-token,webhook,origin" help:"vault (personal data), index (blind indexes and SMS codes), token (persons' tokens), machine-token (machine clients' tokens), webhook (events) or origin (what CloudFront sends to the API)."`
	Overlap time.Duration `default:"24h" help:"How long both webhook secrets sign."`
	Sends   string        `enum:"a,b" default:"a" help:"The slot of the origin secret that CloudFront sends: originSlot in the stage's file. The other one is replaced."`
	Replace bool          `help:"Generate the next token key again before it signs. Tokens that the replaced key signed end. Not for stages on AWS."`
}

// Validate refuses a negative overlap.
func (c *keysRotate) Validate() error {
	if c.Overlap < 0 {
		return fmt.Errorf("--overlap: want at least 0s, got %v", c.Overlap)
	}
	return nil
}

// rotated is the result of a rotation.
type rotated struct {
	Key    string `json:"key"`
	Now    string `json:"now,omitempty"`    // the ID of the key in use now
	Before string `json:"before,omitempty"` // and of the one before
	Secret string `json:"secret,omitempty"` // to give to the receiver
	Slot   string `json:"slot,omitempty"`   // of the origin secret, with a new value
	// From is the instant from which new index keys are in use.
	From *time.Time `json:"from,omitempty"`
}

// Run rotates the key.
func (c *keysRotate) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var r rotated
	switch c.Key {
	case "vault":
		r, err = c.vault(ctx, s, c.addVaultKey)
	case "index":
		r, err = c.vault(ctx, s, c.addIndexKeys)
	case "token":
		r, err = c.token(ctx, s, auth.Person)
	case "machine-token":
		r, err = c.token(ctx, s, auth.Machine)
	case "webhook":
		r, err = c.webhook(ctx, s)
	case "origin":
		r, err = c.origin(ctx, s)
	}
	if err != nil {
		return err
	}
	return c.print(os.Stdout, r, func(w io.Writer) {
		if r.From != nil {
			say(w, "New index keys are in use from %s. After that, replace stored indexes: "+
				"realname enterprise audit-holders --fix", moment(*r.From))
			return
		}
		if r.Slot != "" {
			say(w, "Slot %s has a new value. Functions accept it within 5 minutes. Then set originSlot to %s and deploy.",
				r.Slot, r.Slot)
			return
		}
		say(w, "%s key %s is in use. Results of the previous key (%s) stay valid as long as docs/keys.md states.",
			r.Key, r.Now, r.Before)
		if r.Secret != "" {
			say(w, "Give the receiver this secret within %v. It is shown only once: %s", c.Overlap, r.Secret)
		}
	})
}

// rotationLease is how long one rotation locks the vault's keys.
const rotationLease = 2 * time.Minute

// vault adds a key to the vault. A lease in the table prevents two rotations at
// once: one could drop the other's key after it sealed data.
func (c *keysRotate) vault(
	ctx context.Context, s service, rotate func(context.Context, service) (rotated, error),
) (rotated, error) {
	const name = "vault"
	now := s.Now()
	err := store.ChangeSetting(ctx, s.Store, store.RotationSettings, name, func(e *store.Setting[rotation]) error {
		if now.Before(e.Value.Until) {
			return fmt.Errorf("%s is rotating this key: repeat the command after %s", e.Value.By, moment(e.Value.Until))
		}
		e.Value = rotation{By: staffName(), Until: now.Add(rotationLease)}
		return nil
	})
	if err != nil {
		return rotated{}, err
	}
	r, err := rotate(ctx, s)
	end := store.ChangeSetting(ctx, s.Store, store.RotationSettings, name, func(e *store.Setting[rotation]) error {
		e.Value.Until = s.Now()
		return nil
	})
	return r, errors.Join(err, end)
}

// rotation is the setting that records who is rotating a key.
type rotation struct {
	By    string    `json:"by"`
	Until time.Time `json:"until"`
}

func (c *keysRotate) addVaultKey(ctx context.Context, s service) (rotated, error) {
	keyset, replace, err := unwrapped(ctx, s)
	if err != nil {
		return rotated{}, err
	}
	_, before, err := vault.KeyIDs(keyset)
	if err != nil {
		return rotated{}, err
	}
	renewed, err := vault.Rotate(keyset)
	if err != nil {
		return rotated{}, err
	}
	_, primary, err := vault.KeyIDs(renewed)
	if err != nil {
		return rotated{}, err
	}
	return rotated{Key: "vault", Now: fmt.Sprint(primary), Before: fmt.Sprint(before)}, replace(renewed)
}

// indexNotice is the time from a rotation of the index keys until their use. Every
// process has loaded them by then.
const indexNotice = 2 * vault.KeysLife

func (c *keysRotate) addIndexKeys(ctx context.Context, s service) (rotated, error) {
	keyset, replace, err := unwrapped(ctx, s)
	if err != nil {
		return rotated{}, err
	}
	from := s.Now().Add(indexNotice).UTC().Truncate(time.Second)
	renewed, err := vault.RotateIndex(keyset, s.Now(), from)
	if err != nil {
		return rotated{}, err
	}
	return rotated{Key: "index", From: &from}, replace(renewed)
}

// unwrapped returns the unwrapped keyset of the service, and the function that replaces it.
func unwrapped(ctx context.Context, s service) (keyset []byte, replace func([]byte) error, err error) {
	if s.Running != nil {
		keyset, err = s.Running.Keyset(ctx)
		return keyset, func(renewed []byte) error { return s.Running.ReplaceKeyset(ctx, keyset, renewed) }, err
	}
	k := &vaultwiring.Keyset{Ports: wiring.Ports{Config: s.Config, Now: s.Now, AWS: s.AWS}}
	keyset, err = k.Clear(ctx)
	return keyset, func(renewed []byte) error { return k.Replace(ctx, renewed) }, err
}

// token makes the next token key of a kind the signing key. Every key of the kind
// verifies its tokens.
func (c *keysRotate) token(ctx context.Context, s service, kind auth.Kind) (rotated, error) {
	if c.Replace {
		if err := replaceTokenKey(ctx, s, kind); err != nil {
			return rotated{}, err
		}
	}
	ids, err := tokenKeys(ctx, s, kind)
	if err != nil {
		return rotated{}, err
	}
	if len(ids) < 2 {
		return rotated{}, fmt.Errorf("%s: the stage has only one key of this kind: list the next one, too", c.Key)
	}
	r := rotated{Key: c.Key}
	name := kind.Setting()
	err = store.ChangeSetting(ctx, s.Store, store.TokenSettings, name, func(e *store.Setting[auth.SigningKey]) error {
		at := max(0, slices.Index(ids, e.Value.KeyID))
		r.Before, r.Now = ids[at], ids[(at+1)%len(ids)]
		e.Value.KeyID = r.Now
		return nil
	})
	return r, err
}

// replaceTokenKey replaces the token key of a kind that does not sign.
func replaceTokenKey(ctx context.Context, s service, kind auth.Kind) error {
	if s.Running == nil {
		return errors.New("--replace: KMS holds a stage's token keys: docs/keys.md describes how to replace one")
	}
	signing, err := store.LoadSettings[auth.SigningKey](ctx, s.Store, store.TokenSettings)
	if err != nil {
		return err
	}
	current := ""
	for _, e := range signing {
		if e.Name == kind.Setting() {
			current = e.Value.KeyID
		}
	}
	_, err = s.Running.RenewToken(ctx, kind, current)
	return err
}

func tokenKeys(ctx context.Context, s service, kind auth.Kind) ([]string, error) {
	if s.Running != nil {
		return s.Running.TokenKeys(ctx, kind)
	}
	for variable, given := range map[string]bool{
		"REALNAME_TOKEN_KEY_ARN":         kind != auth.Person || s.Config.TokenKeyARN != "",
		"REALNAME_MACHINE_TOKEN_KEY_ARN": kind != auth.Machine || s.Config.MachineTokenKeyARN != "",
	} {
		if !given {
			return nil, fmt.Errorf("%s: want the stage's token keys, got nothing", variable)
		}
	}
	return authwiring.Ring(wiring.Ports{Config: s.Config, Now: s.Now, AWS: s.AWS}, kind).IDs(ctx)
}

// webhook gives the platform's webhook a new secret.
func (c *keysRotate) webhook(ctx context.Context, s service) (rotated, error) {
	secret, id := webhook.NewSecret(), wiring.NewID()
	r := rotated{Key: "webhook", Now: id, Secret: secret}
	err := store.ChangeSetting(ctx, s.Store, store.WebhookSettings, webhook.Platform,
		func(e *store.Setting[webhook.Target]) error {
			if e.Version == 0 {
				return errors.New("there is no webhook: set one with realname notify webhook --set URL")
			}
			if n := len(e.Value.Secrets); n > 0 {
				r.Before = e.Value.Secrets[n-1].ID
			}
			return e.Value.Rotate(s.Sealer, id, secret, s.Now(), c.Overlap)
		})
	return r, err
}

// origin replaces the value of the slot of the origin secret that CloudFront does not
// send.
func (c *keysRotate) origin(ctx context.Context, s service) (rotated, error) {
	if s.Running != nil {
		return rotated{}, errors.New("origin: only a stage on AWS has CloudFront in front")
	}
	if s.Config.OriginSecretARN == "" {
		return rotated{}, errors.New("REALNAME_ORIGIN_SECRET_ARN: want the stage's origin secret, got nothing")
	}
	secret := edgewiring.Secret{Ports: wiring.Ports{Config: s.Config, Now: s.Now, AWS: s.AWS}}
	old, err := secret.Read(ctx)
	if err != nil {
		return rotated{}, err
	}
	renewed, slot, err := edge.Replace(old, c.Sends, rand.Text()+rand.Text())
	if err != nil {
		return rotated{}, err
	}
	return rotated{Key: c.Key, Slot: slot}, secret.Write(ctx, renewed)
}
