package bankcallback

import (
	"strings"
	"time"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
)

// The most that an identifier of a callback may have, in characters.
const (
	maxRequestID         = 64
	maxCertificateSerial = 64
)

// parse reads a callback's body strictly: no unknown field, none twice, every
// field but reason and certificateSerial present. What a bank gives as a reason
// becomes one of ours, its own text goes no further. The enterprise's name is put
// into the form in which ours is kept; its codes stay as they are.
// Errors: realname.CodeInvalidRequest with the pointer of each broken field.
func parse(body []byte) (realname.BankAnswer, error) {
	var in api.BankCallback
	if err := httpapi.DecodeVerbatim(body, &in); err != nil {
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
		Name: httpapi.NFKC(in.Enterprise.Name), USCC: in.Enterprise.Uscc, OrgCode: in.Enterprise.OrgCode,
		CertificateSerial: certificate,
	}, nil
}

// notInSerial reports what no certificate serial number has: they are written
// in hexadecimal or as a bank numbers them.
func notInSerial(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r == ':' || r == '-')
}
