// Package bankredirect lists the banks of the bank UKey method and hands the
// browser over to the chosen one: it opens the request and signs the form.
package bankredirect

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
	View         httpapi.SessionView
	Banks        bank.Directory
	Hander       bank.Hander
	// Site returns the origin at which browsers and banks reach this service.
	Site func(r *http.Request) string
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"GET /v1/banks":                        p.list,
		"POST /v1/sessions/{id}/bank-redirect": p.redirect,
	})
}

func (p Ports) list(w http.ResponseWriter, r *http.Request) error {
	if _, err := httpapi.Caller(r.Context()); err != nil {
		return err
	}
	open, err := p.Banks.Open(r.Context(), p.Verification.Now())
	if err != nil {
		return err
	}
	lang := httpapi.Language(r)
	out := api.BankList{Banks: []api.Bank{}}
	for _, b := range open {
		name, short := lang.BankName(b.Named())
		out.Banks = append(out.Banks, api.Bank{Code: b.Code, Name: name, ShortName: short, Logo: httpapi.Optional(b.Logo)})
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func (p Ports) redirect(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	var in api.BankChoice
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	b, known, err := p.Banks.Bank(r.Context(), in.Bank)
	if err != nil {
		return err
	}
	if !known {
		return &realname.Error{
			Code: realname.CodeInvalidRequest, Fields: []realname.FieldError{{Pointer: "/bank", Kind: "bank", Rule: "unknown"}},
		}
	}
	if !b.Open(p.Verification.Now()) {
		return unavailable(nil)
	}
	reply, err := p.Verification.ChooseBank(r.Context(), req, b.Named(),
		func(s realname.Session, request realname.BankRequest) (realname.Reply, error) {
			form, err := p.Hander.HandOver(p.Site(r), b, request, s.Enterprise)
			if errors.Is(err, bank.ErrNoKey) {
				return realname.Reply{}, unavailable(err)
			}
			if err != nil {
				return realname.Reply{}, err
			}
			return httpapi.ReplyJSON(http.StatusOK, api.BankRedirect{
				Url: form.URL, Method: api.BankRedirectMethod(form.Method), Fields: form.Fields, ExpiresAt: s.Deadline().UTC(),
			}), nil
		})
	if err != nil {
		return err
	}
	p.logKeys(r.Context(), b)
	return httpapi.WriteReply(w, reply)
}

// logKeys logs the remaining life of the bank's keys as a metric. A CloudWatch
// alarm warns before they expire.
func (p Ports) logKeys(ctx context.Context, b bank.Bank) {
	now := p.Verification.Now()
	p.API.Log.LogAttrs(ctx, slog.LevelInfo, "handed over to a bank",
		metric.Days(now, "BankKeyDays", int(b.KeysEnd(now).Sub(now).Hours()/24), metric.By("Bank", b.Code))...)
}

func unavailable(cause error) error {
	return &realname.Error{
		Code: realname.CodeBankUnavailable, Alternatives: verification.Alternatives(realname.CodeBankUnavailable), Err: cause,
	}
}
