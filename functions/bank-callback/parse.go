package bankcallback

import (
	"strings"
	"time"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// Maximum lengths of a callback's identifiers, in characters.
const (
	maxRequestID         = 64
	maxCertificateSerial = 64
)

// parse reads a callback's body strictly: no unknown or repeated field, and every
// field present except reason and certificateSerial. It maps the bank's reason to
// one of ours and drops other text. It keeps the enterprise's name and codes unchanged.
// Errors: realname.CodeInvalidRequest with the pointer of each broken field.
func parse(body []byte) (realname.BankAnswer, error) {
	var in api.BankCallback
	if err := httpapi.Decode(body, &in); err != nil {
		return realname.BankAnswer{}, err
	}
	var broken []realname.FieldError
	fail := func(pointer, kind, rule string) {
		broken = append(broken, realname.FieldError{Pointer: pointer, Kind: kind, Rule: rule})
	}
	result, known := realname.ParseBankResult(string(in.Result))
	if !known {
		fail("/result", "bank_result", "unknown")
	}
	if in.RequestId == "" || len(in.RequestId) > maxRequestID {
		fail("/requestId", "value", "length")
	}
	certificate := httpapi.Text(in.CertificateSerial)
	if len(certificate) > maxCertificateSerial || strings.ContainsFunc(certificate, notInSerial) {
		fail("/certificateSerial", "value", "format")
	}
	if _, err := time.Parse(time.RFC3339, in.CompletedAt); err != nil {
		fail("/completedAt", "value", "format")
	}
	if broken != nil {
		return realname.BankAnswer{}, &realname.Error{Code: realname.CodeInvalidRequest, Fields: broken}
	}
	return realname.BankAnswer{
		RequestID: in.RequestId, Result: result, Reason: realname.ParseBankReason(httpapi.Text(in.Reason)),
		Name: in.Enterprise.Name, USCC: in.Enterprise.Uscc, OrgCode: in.Enterprise.OrgCode,
		CertificateSerial: certificate,
	}, nil
}

// notInSerial reports whether a certificate's serial number cannot contain the
// character. Serial numbers are hexadecimal or in the bank's own numbering.
func notInSerial(r rune) bool {
	allowed := r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == ':' || r == '-'
	return !allowed
}
