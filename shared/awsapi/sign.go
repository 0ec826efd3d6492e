package awsapi

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
)

// signed are the headers that a signature covers, besides the host: all that services
// read. Others may be changed on the way.
var signed = []string{"content-type", "x-amz-date", "x-amz-security-token", "x-amz-target"}

// sign signs a request without a query (AWS Signature Version 4, "Create a signed AWS
// API request").
func sign(r *http.Request, body []byte, c Credentials, region, service string, now time.Time) {
	now = now.UTC()
	day, at := now.Format("20060102"), now.Format("20060102T150405Z")
	r.Header.Set("X-Amz-Date", at)
	if c.SessionToken != "" {
		r.Header.Set("X-Amz-Security-Token", c.SessionToken)
	}
	lines, names := []string{"host:" + r.URL.Host}, []string{"host"}
	for _, name := range signed {
		if value := r.Header.Get(name); value != "" {
			lines, names = append(lines, name+":"+strings.TrimSpace(value)), append(names, name)
		}
	}
	slices.Sort(lines)
	slices.Sort(names)
	covered := strings.Join(names, ";")
	request := strings.Join([]string{
		r.Method, r.URL.EscapedPath(), "", strings.Join(lines, "\n") + "\n", covered, hash(body),
	}, "\n")
	scope := strings.Join([]string{day, region, service, "aws4_request"}, "/")
	key := []byte("AWS4" + c.SecretAccessKey)
	for _, part := range []string{day, region, service, "aws4_request"} {
		key = mac(key, part)
	}
	signature := mac(key, strings.Join([]string{"AWS4-HMAC-SHA256", at, scope, hash([]byte(request))}, "\n"))
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+c.AccessKeyID+"/"+scope+
		", SignedHeaders="+covered+", Signature="+hex.EncodeToString(signature))
}

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text)) // never fails
	return h.Sum(nil)
}
