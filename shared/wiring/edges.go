package wiring

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"realname/shared/realname"
)

// NewID returns an identifier that sorts by time and cannot be guessed (UUIDv7,
// RFC 9562, 5.7).
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// Wait returns after d, or earlier with the context's error.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// unconfigured stands for a provider that the stage has not been given: every
// check answers that it is not available.
type unconfigured struct{}

var errUnconfigured = errors.New("no provider is configured for this check")

func (unconfigured) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return realname.CheckResult{}, errUnconfigured
}

func (unconfigured) SendCode(context.Context, realname.SMSMessage) error { return errUnconfigured }
