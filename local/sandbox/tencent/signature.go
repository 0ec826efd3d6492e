package tencent

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// algorithm is the only algorithm of signature method v3 (签名方法 v3).
const algorithm = "TC3-HMAC-SHA256"

// maxSkew is the maximum deviation of a request's timestamp.
const maxSkew = 5 * time.Minute

// authorization is the parsed Authorization header.
type authorization struct {
	secretID, date, service string
	signedHeaders           []string
	signature               string
}

func parseAuthorization(header string) (a authorization, ok bool) {
	rest, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return a, false
	}
	for _, part := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			scope := strings.Split(value, "/")
			if len(scope) != 4 || scope[3] != "tc3_request" {
				return a, false
			}
			a.secretID, a.date, a.service = scope[0], scope[1], scope[2]
		case "SignedHeaders":
			a.signedHeaders = strings.Split(value, ";")
		case "Signature":
			a.signature = value
		}
	}
	return a, a.secretID != "" && a.signature != "" && slices.IsSorted(a.signedHeaders) &&
		slices.Contains(a.signedHeaders, "content-type") && slices.Contains(a.signedHeaders, "host")
}

// authenticate returns the service that a signed request calls, or the error code
// with which Tencent Cloud refuses it.
func (s *Sim) authenticate(r *http.Request, body []byte) (service, code string) {
	a, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return "", "AuthFailure.InvalidAuthorization"
	}
	key, known := s.secretKey(a.secretID)
	if !known {
		return "", "AuthFailure.SecretIdNotFound"
	}
	timestamp := r.Header.Get("X-TC-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	at := time.Unix(seconds, 0).UTC()
	if err != nil || s.config.Now().Sub(at).Abs() > maxSkew {
		return "", "AuthFailure.SignatureExpire"
	}
	if at.Format(time.DateOnly) != a.date ||
		!hmac.Equal([]byte(signature(key, a, timestamp, r, body)), []byte(a.signature)) {
		return "", "AuthFailure.SignatureFailure"
	}
	return a.service, ""
}

// signature computes the expected signature of the request.
func signature(secretKey string, a authorization, timestamp string, r *http.Request, body []byte) string {
	var headers strings.Builder
	for _, name := range a.signedHeaders {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.ToLower(strings.TrimSpace(value)) + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, "/", r.URL.RawQuery, headers.String(), strings.Join(a.signedHeaders, ";"), digest(body),
	}, "\n")
	scope := a.date + "/" + a.service + "/tc3_request"
	toSign := strings.Join([]string{algorithm, timestamp, scope, digest([]byte(canonical))}, "\n")
	signing := mac(mac(mac([]byte("TC3"+secretKey), a.date), a.service), "tc3_request")
	return hex.EncodeToString(mac(signing, toSign))
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
