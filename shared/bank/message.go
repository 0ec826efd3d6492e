package bank

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// CallbackMessage returns the message that a bank signs: timestamp, nonce and
// body, one line each. The body is the exact bytes of the request.
func CallbackMessage(timestamp, nonce string, body []byte) []byte {
	return []byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n")
}

// RequestMessage returns the message that this service signs for a request to a
// bank.
func RequestMessage(method string, target *url.URL, timestamp, nonce, body string) []byte {
	path := target.EscapedPath()
	if path == "" {
		path = "/"
	}
	if target.RawQuery != "" {
		path += "?" + target.RawQuery
	}
	return []byte(method + "\n" + path + "\n" + timestamp + "\n" + nonce + "\n" + body + "\n")
}

// FormBody returns the signed form of a hand-over's body: every field except the
// signature as name=value, sorted by name and joined by &. All characters except
// the unreserved ones of RFC 3986 are percent-encoded. A browser encodes a form
// slightly differently, so both sides build the signed form from decoded fields.
func FormBody(fields map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != FieldSignature {
			pairs = append(pairs, escape(name)+"="+escape(fields[name]))
		}
	}
	return strings.Join(pairs, "&")
}

// escape percent-encodes as in RFC 3986, 2.1, except the unreserved set of 2.3.
// url.QueryEscape keeps the same set and differs only in the space.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
