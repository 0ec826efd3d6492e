// Package bankcallback receives a bank's signed result. The route is public: only
// the signature identifies the caller.
package bankcallback

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"realname/api"
	"realname/shared/bank"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/telemetry/metric"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *verification.Verification
	Banks        bank.Directory
	Refusals     *bank.Refusals
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"POST /v1/bank-callbacks/{bank}": p.API.Limited(bankTimes, p.callback),
	})
}

// bankTimes multiplies the requests of an address: a bank calls for all of its users
// from a few addresses.
const bankTimes = 10

func (p Ports) callback(w http.ResponseWriter, r *http.Request) error {
	b, known, err := p.Banks.BankWithKey(r.Context(), r.PathValue("bank"), r.Header.Get(bank.HeaderSerial))
	if err != nil {
		return err
	}
	if !known {
		return &realname.Error{Code: realname.CodeNotFound}
	}
	if err := p.answer(r, b); err != nil {
		return p.refused(r.Context(), b, err)
	}
	return httpapi.WriteJSON(w, http.StatusOK, api.BankCallbackReceived{Received: true})
}

// answer verifies the signature before it parses the body.
func (p Ports) answer(r *http.Request, b bank.Bank) error {
	body, err := httpapi.Body(r)
	if err != nil {
		return err
	}
	seen, err := bank.Verify(b, r.Header, body, p.Verification.Now())
	if err != nil {
		return err
	}
	a, err := parse(body)
	if err != nil {
		return err
	}
	return p.Verification.AnswerBank(r.Context(), verification.BankCallback{
		Bank: b.Code, Answer: a,
		Nonce: realname.Nonce{Sender: "bank/" + b.Code, Value: seen.Nonce, Digest: seen.Digest, ExpiresAt: seen.Until},
	})
}

// refused counts the refusals that AnswerBank does not audit: those without a
// known session or a proven sender. If it cannot write the count, it logs the
// error and still refuses.
func (p Ports) refused(ctx context.Context, b bank.Bank, err error) error {
	var refusal *realname.Error
	if !errors.As(err, &refusal) || refusal.Code == realname.CodeServiceFailing {
		return err
	}
	log := append(metric.Count(p.Verification.Now(), "CallbacksRefused", 1, metric.By("Reason", string(refusal.Code))),
		slog.String("bank", b.Code))
	if !verification.BankRefusalAudited(refusal.Code) {
		if cerr := p.Refusals.Count(ctx, b.Code, refusal.Code); cerr != nil {
			log = append(log, slog.String("error", cerr.Error()))
		}
	}
	p.API.Log.LogAttrs(ctx, slog.LevelWarn, "bank callback refused", log...)
	return err
}
