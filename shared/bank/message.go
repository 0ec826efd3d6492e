package bank

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// CallbackMessage is what a bank signs: timestamp, nonce and body, a line each.
// The body is the very bytes that are sent.
func CallbackMessage(timestamp, nonce string, body []byte) []byte {
	return []byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n")
}

// RequestMessage is what this service signs when it sends something to a bank.
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

// FormBody is the body of a hand-over as it is signed: every field but the
// signature in the order of its name, as name=value joined by &, each with all
// but RFC 3986's unreserved characters percent-encoded. A browser encodes a
// form slightly differently, so the signed form is made from the decoded fields.
func FormBody(fields map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if name != FieldSignature {
			pairs = append(pairs, escape(name)+"="+escape(fields[name]))
		}
	}
	return strings.Join(pairs, "&")
}

// escape is percent-encoding of RFC 3986, 2.1 over the unreserved set of 2.3.
// url.QueryEscape keeps the same set and differs in the space only.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
