// Package smscodes sends the SMS code of the check by bank card (获取验证码).
package smscodes

import (
	"net/http"
	"time"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *verification.Verification
	View         httpapi.SessionView
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Submitted("POST /v1/sessions/{id}/sms-codes", p.View, p.send)
}

func (p Ports) send(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error) {
	var in api.SmsCodeRequest
	if err := httpapi.Decode(body, &in); err != nil {
		return realname.Reply{}, err
	}
	return p.Verification.SendCode(r.Context(), verification.CodeRequest{
		Caller: req.Caller, SessionID: req.SessionID, Step: realname.StepName(in.Step),
		Mobile: in.Mobile, BankCardNumber: in.BankCardNumber, Confirmed: httpapi.Strings(in.Confirmed),
		Idempotency: req.Idempotency,
		Render: func(resendAfter time.Duration, expiresAt time.Time) realname.Reply {
			return httpapi.ReplyJSON(http.StatusAccepted, api.SmsCodeSent{
				ResendAfter: int(resendAfter.Seconds()), ExpiresAt: expiresAt.UTC(),
			})
		},
	})
}
