package oauth

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// A token request names exactly one client, or is refused.
func FuzzCredentials(f *testing.F) {
	const form = "application/x-www-form-urlencoded"
	f.Add(form, "Basic Y3VzdG9tczpzZWNyZXQ=", "grant_type=client_credentials")
	f.Add(form, "", "grant_type=client_credentials&client_id=a&client_secret=b")
	f.Add(form+"; charset=utf-8", "basic OjolMA==", "client_id=a&client_id=b&%zz")
	f.Fuzz(func(t *testing.T, contentType, authorization, body string) {
		r := httptest.NewRequest("POST", "/v1/oauth/token", strings.NewReader(body))
		r.Header["Content-Type"], r.Header["Authorization"] = []string{contentType}, []string{authorization}
		values, id, _, bad := credentials(r)
		if bad != nil {
			return
		}
		if _, _, basic := r.BasicAuth(); basic && values.Has("client_secret") {
			t.Errorf("two secrets were taken: %q %q", authorization, body)
		}
		if named := values["client_id"]; len(named) > 1 || len(named) == 1 && authorization == "" && named[0] != id {
			t.Errorf("%q is client %q", body, id)
		}
	})
}
