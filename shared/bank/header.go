package bank

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// The headers of a callback, modeled on WeChat Pay APIv3.
const (
	HeaderTimestamp     = "RN-Timestamp"
	HeaderNonce         = "RN-Nonce"
	HeaderSerial        = "RN-Serial"
	HeaderSignature     = "RN-Signature"
	HeaderSignatureType = "RN-Signature-Type"
)

// maxNonce is the longest nonce, in characters.
const maxNonce = 32

// Proof holds the values of a callback's headers.
type Proof struct {
	Timestamp string // unparsed: the signature covers this text
	At        time.Time
	Nonce     string
	Serial    string
	Algorithm Algorithm
	Signature []byte
}

// ParseProof reads the headers strictly. Each appears exactly once. The timestamp
// is plain decimal digits, the nonce 1 to 32 visible ASCII characters except the
// comma, the signature canonical base64. API Gateway joins repeated headers with
// a comma, which none of them may contain.
// ok is false for anything else.
func ParseProof(h http.Header) (p Proof, ok bool) {
	one := func(name string) string {
		values := h.Values(name)
		if len(values) != 1 {
			return ""
		}
		return values[0]
	}
	p = Proof{Timestamp: one(HeaderTimestamp), Nonce: one(HeaderNonce), Serial: one(HeaderSerial)}
	seconds, err := strconv.ParseInt(p.Timestamp, 10, 64)
	if err != nil || seconds < 0 || strconv.FormatInt(seconds, 10) != p.Timestamp {
		return p, false
	}
	p.At = time.Unix(seconds, 0)
	var known bool
	p.Algorithm, known = ParseAlgorithm(one(HeaderSignatureType))
	var canonical bool
	p.Signature, canonical = decodeBase64(one(HeaderSignature))
	return p, known && canonical && nonceValid(p.Nonce) && serialValid(p.Serial)
}

func nonceValid(nonce string) bool {
	if nonce == "" || len(nonce) > maxNonce {
		return false
	}
	for _, c := range []byte(nonce) {
		if c <= ' ' || c >= 0x7f || c == ',' {
			return false
		}
	}
	return true
}

// decodeBase64 accepts only the encoder's spelling (RFC 4648, 4). Go's decoder
// alone would skip line breaks and ignore stray bits at the end.
func decodeBase64(text string) ([]byte, bool) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) == 0 || base64.StdEncoding.EncodeToString(raw) != text {
		return nil, false
	}
	return raw, true
}
