package httpapi

import (
	"net/http"

	"realname/api"
	"realname/shared/realname"
)

// bankView renders the bank of a session's step.
func bankView(lang Texts, b realname.BankName) *api.StepBank {
	name, short := lang.BankName(b)
	return &api.StepBank{Code: b.Code, Name: name, ShortName: short}
}

// bankStatus maps the problem codes of the bank method to their HTTP status; 0
// for any other code.
func bankStatus(code realname.Code) int {
	switch code {
	case realname.CodeBankSignature, realname.CodeBankSerial, realname.CodeBankClock:
		return http.StatusUnauthorized
	case realname.CodeBankOther:
		return http.StatusForbidden
	case realname.CodeBankRequestUnknown:
		return http.StatusNotFound
	case realname.CodeBankNonce, realname.CodeBankRequestClosed, realname.CodeBankResultConflict:
		return http.StatusConflict
	case realname.CodeBankRefused, realname.CodeBankMismatch:
		return http.StatusUnprocessableEntity
	case realname.CodeBankRequests:
		return http.StatusTooManyRequests
	case realname.CodeBankUnavailable:
		return http.StatusServiceUnavailable
	}
	return 0
}
