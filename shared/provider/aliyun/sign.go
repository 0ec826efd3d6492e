package aliyun

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Algorithm is the algorithm of signature method V3
// (https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature).
const Algorithm = "ACS3-HMAC-SHA256"

// sign adds the headers of signature method V3 to the request of one API.
func sign(r *http.Request, k Credentials, a api, body []byte, now time.Time, nonce string) {
	r.Header.Set("x-acs-action", a.action)
	r.Header.Set("x-acs-version", a.version)
	r.Header.Set("x-acs-date", now.UTC().Format("2006-01-02T15:04:05Z"))
	r.Header.Set("x-acs-signature-nonce", nonce)
	r.Header.Set("x-acs-content-sha256", Digest(body))
	if k.Token != "" {
		r.Header.Set("x-acs-security-token", k.Token)
	}
	signed := []string{"host"}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			signed = append(signed, lower)
		}
	}
	slices.Sort(signed)
	r.Header.Set("Authorization", Algorithm+" Credential="+k.AccessKeyID+",SignedHeaders="+strings.Join(signed, ";")+
		",Signature="+Signature(r, k.AccessKeySecret, signed))
}

// Signature returns the signature of a request over the headers with these names, which
// are sorted and in lower case.
func Signature(r *http.Request, secret string, signed []string) string {
	var headers strings.Builder
	for _, name := range signed {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, "/", canonicalQuery(r.URL.Query()), headers.String(), strings.Join(signed, ";"),
		r.Header.Get("x-acs-content-sha256"),
	}, "\n")
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(Algorithm + "\n" + Digest([]byte(canonical))))
	return hex.EncodeToString(h.Sum(nil))
}

// Digest returns the SHA-256 digest of a body in hexadecimal.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// canonicalQuery encodes the parameters in the order of their names by RFC 3986, as the
// signature and the address have them.
func canonicalQuery(values url.Values) string {
	// url.Values.Encode follows RFC 3986 except for the space.
	return strings.ReplaceAll(values.Encode(), "+", "%20")
}
