package retention_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"realname/functions/retention"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

// A run counts the days of the certificate, and goes on if it cannot.
func TestARunCountsTheDaysOfTheCertificate(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	st := store.New(memory.New(clock))
	in := func(d time.Duration, err error) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return now.Add(d), err }
	}
	for want, ends := range map[string]func(context.Context) (time.Time, error){
		`"CertificateDays":10`: in(250*time.Hour, nil), `"CertificateDays":-1`: in(-30*time.Hour, nil),
		`the certificate cannot be read","error":"no answer"`: in(0, errors.New("no answer")), "": nil,
	} {
		var log bytes.Buffer
		run := retention.New(retention.Ports{
			Erasure: &accounts.Erasure{Accounts: &accounts.Accounts{
				Ports: &realname.Ports{Store: st, Now: clock, Limits: realname.DefaultLimits()}, Directory: st,
			}},
			Store: st, Log: slog.New(slog.NewJSONHandler(&log, nil)), CertificateEnds: ends,
		})
		if err := run(t.Context(), events.EventBridgeEvent{}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(log.String(), want) || want == "" && log.Len() > 0 {
			t.Errorf("%s, want %s", log.String(), want)
		}
	}
}
