package accounts

import (
	"context"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"realname/shared/realname"
)

// Lifetimes of activation codes.
const (
	OperatorCodeLife = 7 * 24 * time.Hour
	ImportCodeLife   = 90 * 24 * time.Hour
)

// ActivationCode returns the code of an account's activation: 80 bits of a keyed
// function of the account and the issue, in four groups of Crockford's base 32. The
// code is not stored, because the vault's keys suffice to compute it again.
func ActivationCode(s realname.Sealer, accountID string, issue int64) (string, error) {
	index, err := s.Index(realname.ActivationPurpose, fmt.Sprintf("%s|%d", accountID, issue))
	if err != nil {
		return "", err
	}
	raw, err := hex.DecodeString(index)
	if err != nil {
		return "", fmt.Errorf("activation code: %w", err)
	}
	text := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(raw[:10])
	return text[0:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16], nil
}

// NewActivation returns the activation that follows last, which is nil for the first
// one. ActivationCode returns its code.
func NewActivation(
	s realname.Sealer, hash func(string) string, accountID string, last *realname.Activation,
	now time.Time, life time.Duration,
) (*realname.Activation, error) {
	n := &realname.Activation{Issue: 1, ExpiresAt: now.Add(life)}
	if last != nil {
		n.Issue = last.Issue + 1
	}
	code, err := ActivationCode(s, accountID, n.Issue)
	if err != nil {
		return nil, err
	}
	n.Hash = hash(code)
	return n, nil
}

// ActivateRequest sets an account's first password.
type ActivateRequest struct {
	LoginName   string
	Code        string
	NewPassword string
	Idempotency *realname.Idempotency
}

// Activate sets an account's first password. An unknown login name gets the same
// answer as a wrong code.
// Errors: CodeInvalidRequest with fields, CodeActivationWrong, CodeKeyReused,
// CodeConflict.
func (a *Accounts) Activate(ctx context.Context, r ActivateRequest) error {
	begun := a.Now()
	return a.unhurried(ctx, begun, a.activate(ctx, r))
}

func (a *Accounts) activate(ctx context.Context, r ActivateRequest) error {
	rule, err := a.Strength(ctx, r.NewPassword, []string{r.LoginName})
	if err != nil {
		return err
	}
	if rule != "" {
		return invalid("/newPassword", "password", rule)
	}
	hash := ""
	for range realname.CommitTries {
		if done, err := a.repeated(ctx, r.Idempotency); done || err != nil {
			return err
		}
		account, err := a.Directory.FindLogin(ctx, r.LoginName)
		if err != nil {
			return err
		}
		now := a.Now()
		if account.ID == "" || !account.Disabled.IsZero() || !account.Activation.Accepts(a.SecretHash, r.Code, now) {
			return &realname.Error{Code: realname.CodeActivationWrong}
		}
		if hash == "" {
			if hash, err = a.Credentials.Hash(r.NewPassword); err != nil {
				return err
			}
		}
		done, err := a.done(r.Idempotency)
		if err != nil {
			return err
		}
		account.PasswordHash, account.Activation, account.TokensFrom, account.Devices = hash, nil, now, nil
		c := realname.Writing(account, realname.Unlock(account.LoginName), realname.Optional(done))
		c.Audit = []realname.AuditEntry{{
			ID: a.NewID(), At: now, USCC: account.USCC, AccountID: account.ID, Action: realname.AuditAccountActivated,
		}}
		err = a.Store.Commit(ctx, c)
		if !errors.Is(err, realname.ErrStale) {
			return err
		}
	}
	return &realname.Error{Code: realname.CodeConflict}
}
