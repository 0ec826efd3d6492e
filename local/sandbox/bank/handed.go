package bank

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"realname/shared/bank"
)

// handed is the content of a handover with a valid signature.
type handed struct {
	RequestID, EnterpriseName, USCC, OrgCode string
	ReturnURL                                *url.URL
}

// handed verifies a handover as docs/bank-integration.md requires of banks.
func (b *Bank) handed(code string, r *http.Request) (handed, error) {
	ring, ok := b.keys[code]
	if !ok {
		return handed{}, errNoBank
	}
	if err := r.ParseForm(); err != nil {
		return handed{}, errors.New("the form is invalid")
	}
	fields := map[string]string{}
	for name, values := range r.PostForm {
		if len(values) != 1 {
			return handed{}, errors.New("a field is repeated: " + name)
		}
		fields[name] = values[0]
	}
	key, ok := ring.partners[fields[bank.FieldSerial]]
	if !ok || string(key.Algorithm) != fields[bank.FieldSignatureType] {
		return handed{}, errors.New("the signature's key is unknown")
	}
	seconds, err := strconv.ParseInt(fields[bank.FieldTimestamp], 10, 64)
	if off := b.cfg.Now().Sub(time.Unix(seconds, 0)).Abs(); err != nil || off > bank.ClockTolerance {
		return handed{}, errors.New("the handover is too old: go back and choose the bank again")
	}
	public, err := key.Public()
	if err != nil {
		return handed{}, err
	}
	signature, err := base64.StdEncoding.DecodeString(fields[bank.FieldSignature])
	message := bank.RequestMessage(r.Method, r.URL, fields[bank.FieldTimestamp], fields[bank.FieldNonce],
		bank.FormBody(fields))
	if err != nil || !key.Algorithm.Verify(public, message, signature) {
		return handed{}, errors.New("the signature is invalid")
	}
	back, err := url.Parse(fields[bank.FieldReturnURL])
	if err != nil || back.Host == "" || back.Scheme != "http" && back.Scheme != "https" {
		return handed{}, errors.New("the return URL is invalid")
	}
	return handed{
		RequestID: fields[bank.FieldRequestID], EnterpriseName: fields[bank.FieldEnterpriseName],
		USCC: fields[bank.FieldUSCC], OrgCode: fields[bank.FieldOrgCode], ReturnURL: back,
	}, nil
}
