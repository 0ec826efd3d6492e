// Package smscodes sends the SMS code of the bank-card way (获取验证码).
package smscodes

import (
	"net/http"
	"time"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *realname.Verification
	View         httpapi.SessionView
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	const route = "POST /v1/sessions/{id}/sms-codes"
	mux := http.NewServeMux()
	mux.Handle(route, p.API.Handle(route, p.send))
	return mux
}

func (p Ports) send(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	var in api.SmsCodeRequest
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	reply, err := p.Verification.SendCode(r.Context(), realname.CodeRequest{
		Caller: req.Caller, SessionID: req.SessionID, Step: realname.StepName(in.Step),
		Mobile: in.Mobile, BankCardNumber: in.BankCardNumber, Idempotency: req.Idempotency,
		Render: func(resendAfter time.Duration, expiresAt time.Time) realname.Reply {
			return httpapi.ReplyJSON(http.StatusAccepted, api.SmsCodeSent{ResendAfter: int(resendAfter.Seconds()), ExpiresAt: expiresAt.UTC()})
		},
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}
