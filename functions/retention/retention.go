// Package retention runs every day. It erases the holders of accounts whose retention has
// ended (realname erase --expired), a day after it has announced each in the log and by
// an alarm. It also counts the days until the certificate of the pages ends.
package retention

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"realname/shared/accounts"
	"realname/shared/store"
	"realname/shared/telemetry/metric"
)

// Ports is what the function needs from outside.
type Ports struct {
	Erasure *accounts.Erasure
	Store   *store.Store
	// CertificateEnds returns when the certificate of the pages ends; nil without an address.
	CertificateEnds func(ctx context.Context) (time.Time, error)
	Log             *slog.Logger
}

// Function handles the schedule's event.
type Function func(ctx context.Context, _ events.EventBridgeEvent) error

// Actor is the name of the function in the audit trail.
const Actor = "retention"

// announced is the name of the setting with the record.
const announced = "announced"

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, _ events.EventBridgeEvent) error {
		p.tellCertificate(ctx)
		before, _, err := store.LoadSetting[accounts.Announced](ctx, p.Store, store.RetentionSettings, announced)
		if err != nil {
			return err
		}
		done, err := p.Erasure.EraseExpired(ctx, p.Store, before.Value)
		p.tell(ctx, "persons will be erased in a day", "ErasuresAnnounced", done.Announced)
		p.tell(ctx, "persons erased", "ErasuresDone", done.Erased)
		before.Value = done.Record
		return errors.Join(err, store.SaveSetting(ctx, p.Store, store.RetentionSettings, before))
	}
}

// tellCertificate logs the days of the certificate. A certificate that cannot be read
// stops no erasure.
func (p Ports) tellCertificate(ctx context.Context) {
	if p.CertificateEnds == nil {
		return
	}
	ends, err := p.CertificateEnds(ctx)
	if err != nil {
		p.Log.LogAttrs(ctx, slog.LevelWarn, "the certificate cannot be read", slog.String("error", err.Error()))
		return
	}
	now := p.Erasure.Accounts.Now()
	days := int(ends.Sub(now).Hours() / 24)
	p.Log.LogAttrs(ctx, slog.LevelInfo, "certificate", metric.Days(now, "CertificateDays", days)...)
}

// mostLogged limits the IDs in one line of the log.
const mostLogged = 100

func (p Ports) tell(ctx context.Context, says, figure string, ids []string) {
	if len(ids) == 0 {
		return
	}
	attrs := metric.Count(p.Erasure.Accounts.Now(), figure, len(ids))
	p.Log.LogAttrs(ctx, slog.LevelWarn, says, append(attrs, slog.Any("accounts", ids[:min(len(ids), mostLogged)]))...)
}
