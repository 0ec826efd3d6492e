// Package credentials sets the password, the mobile number and the e-mail address
// of the signed-in account. For users who are not signed in, it activates accounts
// and resets passwords.
package credentials

import (
	"net/http"
	"time"
	"unicode/utf8"

	"realname/api"
	"realname/shared/accounts"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// Ports is what the function needs from outside.
type Ports struct {
	API      httpapi.API
	Accounts *accounts.Accounts
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"PUT /v1/account/password":      p.password,
		"PUT /v1/account/mobile":        p.mobile,
		"POST /v1/account/mobile-codes": p.mobileCode,
		"PUT /v1/account/email":         p.email,
		"POST /v1/email-confirmations":  p.API.Limited(1, p.confirmEmail),
		"POST /v1/activations":          p.API.Limited(1, p.activate),
		"POST /v1/password-reset-codes": p.API.Limited(1, p.resetCode),
		"POST /v1/password-resets":      p.API.Limited(1, p.reset),
	})
}

func (p Ports) password(w http.ResponseWriter, r *http.Request) error {
	var in api.PasswordChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	change.CurrentPassword = &in.CurrentPassword
	done, err := p.Accounts.ChangePassword(r.Context(), change, in.NewPassword)
	return answer(w, http.StatusOK, done, err)
}

func (p Ports) mobile(w http.ResponseWriter, r *http.Request) error {
	var in api.MobileChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	change.CurrentPassword = &in.CurrentPassword
	done, err := p.Accounts.ChangeMobile(r.Context(), change, in.Mobile, in.SmsCode)
	return answer(w, http.StatusOK, done, err)
}

func (p Ports) mobileCode(w http.ResponseWriter, r *http.Request) error {
	var in api.MobileCodeRequest
	caller, idem, err := httpapi.Keyed(r, p.Accounts.Sealer, &in)
	if err != nil {
		return err
	}
	reply, err := p.Accounts.SendMobileCode(r.Context(), accounts.MobileCodeRequest{
		Caller: caller, Mobile: in.Mobile, Idempotency: idem, Render: sent,
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func sent(resendAfter time.Duration, expiresAt time.Time) realname.Reply {
	return httpapi.ReplyJSON(http.StatusAccepted, api.SmsCodeSent{
		ResendAfter: int(resendAfter.Seconds()), ExpiresAt: expiresAt.UTC(),
	})
}

func (p Ports) email(w http.ResponseWriter, r *http.Request) error {
	var in api.EmailChange
	change, err := httpapi.Change(r, &in)
	if err != nil {
		return err
	}
	done, err := p.Accounts.ChangeEmail(r.Context(), change, in.Email, httpapi.LanguageTag(r))
	return answer(w, http.StatusAccepted, done, err)
}

func (p Ports) confirmEmail(w http.ResponseWriter, r *http.Request) error {
	var in api.EmailConfirmation
	idem, err := p.public(r, &in, nil)
	if err != nil {
		return err
	}
	return done(w, p.Accounts.ConfirmEmail(r.Context(), in.Secret, idem))
}

func (p Ports) activate(w http.ResponseWriter, r *http.Request) error {
	var in api.Activation
	idem, err := p.public(r, &in, &in.LoginName)
	if err != nil {
		return err
	}
	return done(w, p.Accounts.Activate(r.Context(), accounts.ActivateRequest{
		LoginName: in.LoginName, Code: in.ActivationCode, NewPassword: in.NewPassword, Idempotency: idem,
	}))
}

func (p Ports) resetCode(w http.ResponseWriter, r *http.Request) error {
	var in api.ResetCodeRequest
	idem, err := p.public(r, &in, &in.LoginName)
	if err != nil {
		return err
	}
	reply, err := p.Accounts.SendResetCode(r.Context(), accounts.ResetCodeRequest{
		LoginName: in.LoginName, Mobile: in.Mobile, Idempotency: idem, Render: sent,
	})
	if err != nil {
		return err
	}
	return httpapi.WriteReply(w, reply)
}

func (p Ports) reset(w http.ResponseWriter, r *http.Request) error {
	var in api.PasswordReset
	idem, err := p.public(r, &in, &in.LoginName)
	if err != nil {
		return err
	}
	return done(w, p.Accounts.ResetPassword(r.Context(), accounts.ResetRequest{
		LoginName: in.LoginName, Mobile: in.Mobile, SMSCode: in.SmsCode, NewPassword: in.NewPassword, Idempotency: idem,
	}))
}

// public reads the body of a request without a caller, and its idempotency key,
// which is bound to the login name if there is one. It normalizes only the login
// name: a password is used exactly as typed.
func (p Ports) public(r *http.Request, into any, login *string) (*realname.Idempotency, error) {
	body, err := httpapi.Body(r)
	if err != nil {
		return nil, err
	}
	if err := httpapi.Decode(body, into); err != nil {
		return nil, err
	}
	var who string
	if login != nil {
		*login = loginName(*login)
		who = *login
	}
	return httpapi.IdempotencyKey(r, p.Accounts.Sealer, who, body)
}

// loginName is normalized as for signing in. One that is too long counts as
// unknown.
func loginName(s string) string {
	if s = httpapi.NFKC(s); utf8.RuneCountInString(s) > 64 {
		return "-"
	}
	return s
}

func answer(w http.ResponseWriter, status int, c accounts.Changed, err error) error {
	if err != nil {
		return err
	}
	return httpapi.WriteChange(w, status, c)
}

func done(w http.ResponseWriter, err error) error {
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}
