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

// algorithm is the only algorithm of signature method V3 that the simulator accepts.
const algorithm = "ACS3-HMAC-SHA256"

// maxSkew is the maximum deviation of a request's x-acs-date.
const maxSkew = 15 * time.Minute

// authenticate returns the status and the error code with which Alibaba Cloud refuses a
// request; no code if the request is authentic.
func (s *Sim) authenticate(r *http.Request, body []byte) (status int, code string) {
	const bad, forbidden = http.StatusBadRequest, http.StatusForbidden
	id, signed, given, ok := parseAuthorization(r.Header.Get("Authorization"))
	if !ok {
		return bad, "IncompleteSignature"
	}
	for name := range r.Header { // every x-acs- header must be signed, and so must the host
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "x-acs-") && !slices.Contains(signed, lower) {
			return bad, "IncompleteSignature"
		}
	}
	if !slices.Contains(signed, "host") || !slices.IsSorted(signed) {
		return bad, "IncompleteSignature"
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	secret, known := s.keys[id]
	if !known {
		return http.StatusNotFound, "InvalidAccessKeyId.NotFound"
	}
	now := s.config.Now()
	at, err := time.Parse(time.RFC3339, r.Header.Get("x-acs-date"))
	if err != nil || now.Sub(at).Abs() > maxSkew {
		return bad, "InvalidTimeStamp.Expired"
	}
	if r.Header.Get("x-acs-content-sha256") != digest(body) ||
		!hmac.Equal([]byte(signature(r, secret, signed)), []byte(given)) {
		return forbidden, "SignatureDoesNotMatch"
	}
	nonce := r.Header.Get("x-acs-signature-nonce")
	if _, used := s.nonces[nonce]; used || nonce == "" {
		return bad, "SignatureNonceUsed"
	}
	s.nonces[nonce] = now
	return 0, ""
}

// parseAuthorization parses the Authorization header.
func parseAuthorization(header string) (id string, signed []string, given string, ok bool) {
	rest, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return "", nil, "", false
	}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "Credential":
			id = value
		case "SignedHeaders":
			signed = strings.Split(value, ";")
		case "Signature":
			given = value
		}
	}
	return id, signed, given, id != "" && given != "" && len(signed) > 0
}

// signature computes the expected signature of the request.
func signature(r *http.Request, secret string, signed []string) string {
	var headers strings.Builder
	for _, name := range signed {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := strings.Join([]string{
		r.Method, r.URL.Path, canonicalQuery(r.URL.Query()), headers.String(), strings.Join(signed, ";"),
		r.Header.Get("x-acs-content-sha256"),
	}, "\n")
	h := hmac.New(sha256.New, []byte(secret))
	h.Write([]byte(algorithm + "\n" + digest([]byte(canonical))))
	return hex.EncodeToString(h.Sum(nil))
}

// canonicalQuery encodes the parameters by RFC 3986, character by character.
func canonicalQuery(q url.Values) string {
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, percent(name)+"="+percent(v))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func percent(text string) string {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var out strings.Builder
	for i := range len(text) {
		if strings.IndexByte(unreserved, text[i]) >= 0 {
			out.WriteByte(text[i])
			continue
		}
		out.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{text[i]})))
	}
	return out.String()
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
