package httpapi

import (
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

func TestAQueryReachesItsRouteWhateverItHolds(t *testing.T) {
	mux := http.NewServeMux()
	got := ""
	mux.HandleFunc("GET /v1/banks", func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.Query().Get("a")
		w.WriteHeader(http.StatusOK)
	})
	f := Lambda(mux)
	for query, a := range map[string]string{
		"a=1": "1", "a=认": "认", "a=%23": "#", "a=#%": "", "a=1&#%": "1",
		"a=\x7f": "\x7f", "a=\n": "\n", "a=b c": "b c", "%": "",
	} {
		got = ""
		e := events.APIGatewayV2HTTPRequest{RawPath: "/v1/banks", RawQueryString: query}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = "GET", "/v1/banks"
		answer, err := f(t.Context(), e)
		if err != nil || answer.StatusCode != http.StatusOK || got != a {
			t.Errorf("%q: %q, status %d, %v", query, got, answer.StatusCode, err)
		}
	}
}

func TestAPathReachesItsRouteWhetherOrNotTheGatewayResolvedItsEscapes(t *testing.T) {
	mux := http.NewServeMux()
	got := ""
	mux.HandleFunc("GET /v1/sessions/{id}", func(w http.ResponseWriter, r *http.Request) {
		got = r.PathValue("id")
		w.WriteHeader(http.StatusOK)
	})
	f := Lambda(mux)
	for path, id := range map[string]string{
		"/v1/sessions/a":         "a",
		"/v1/sessions/%E8%AE%A4": "认",
		"/v1/sessions/认":         "认",
		"/v1/sessions/%23STATE":  "#STATE",
		"/v1/sessions/#STATE":    "#STATE",
		"/v1/sessions/a?b":       "a?b",
		"/v1/sessions/%00":       "\x00",
		"/v1/sessions/\x00":      "\x00",
		"/v1/sessions/50%":       "50%",
	} {
		got = ""
		e := events.APIGatewayV2HTTPRequest{RawPath: path}
		e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = "GET", path
		answer, err := f(t.Context(), e)
		if err != nil || answer.StatusCode != http.StatusOK || got != id {
			t.Errorf("%q: %q, status %d, %v", path, got, answer.StatusCode, err)
		}
	}
}
