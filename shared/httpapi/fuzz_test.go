package httpapi

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"realname/shared/vault"
)

// Every header value has one of the documented meanings, or none.
func FuzzHeaders(f *testing.F) {
	f.Add(`"1", W/"2", *`, "en;q=0.5,zh-CN", "key-1", `W/"3"`)
	f.Add("", "*", "\x7f", ",")
	seal := vault.Ephemeral()
	f.Fuzz(func(t *testing.T, match, language, key, none string) {
		r := httptest.NewRequest("PUT", "/v1/account/region", nil)
		r.Header["If-Match"] = []string{match}
		r.Header["Accept-Language"] = []string{language}
		r.Header["If-None-Match"] = []string{none}
		r.Header["Idempotency-Key"] = []string{key}
		tags := "," + strings.NewReplacer(" ", "", "\t", "").Replace(match) + ","
		anyVersion := strings.Contains(tags, ",*,")
		p := IfMatch(r)
		if p == nil || p.Any != anyVersion && !strings.ContainsAny(match, "\n\v\f\r\u0085\u00a0") {
			t.Errorf("If-Match %q: %+v", match, p)
		}
		if strings.HasPrefix(strings.TrimSpace(match), "W/") && !strings.Contains(match, ",") && len(p.Versions) > 0 {
			t.Errorf("the weak tag %q names a version", match)
		}
		if tag := LanguageTag(r); tag != "en" && tag != "zh-CN" {
			t.Errorf("Accept-Language %q: %q", language, tag)
		}
		NoneMatch(r, `"1"`)
		idem, err := IdempotencyKey(r, seal, "a", nil)
		valid := key != "" && len(key) <= 64 && strings.Trim(key, printable) == ""
		if (err == nil) != valid || err == nil && strings.Contains(idem.Key, key) && len(key) > 8 {
			t.Errorf("Idempotency-Key %q: %+v %v", key, idem, err)
		}
	})
}

const printable = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

// A number in the query is within its bounds, or IntQuery refuses it.
func FuzzIntQuery(f *testing.F) {
	f.Add("limit=10")
	f.Add("limit=1&limit=2&limit;=3")
	f.Fuzz(func(t *testing.T, query string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.URL = &url.URL{Path: "/", RawQuery: query}
		if n, err := IntQuery(r, "limit", 20, 1, 100); err == nil && (n < 1 || n > 100) {
			t.Errorf("%q gives %d", query, n)
		}
	})
}
