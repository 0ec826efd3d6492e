package e2e

import (
	"net/http"
	"net/url"
	"testing"

	"realname/e2e/world"
)

// machineJourneys abort the requests of a machine client.
func machineJourneys() []journey {
	return []journey{
		{function: "oauth", name: "asking for a token", least: 1, drive: func(t *testing.T, p *place, arm func()) {
			form := url.Values{
				"grant_type": {"client_credentials"}, "client_id": {"customs"}, "client_secret": {"sandbox-client-secret"},
			}
			arm()
			for range 3 {
				response, body := p.tokenAnswer(t, form, nil)
				if response.StatusCode == http.StatusOK {
					return
				}
				if response.StatusCode < 500 {
					t.Fatalf("%d %v", response.StatusCode, body)
				}
			}
			t.Error("no token was given")
		}},
		{function: "real-name-status", name: "of one and of many", least: 2, drive: func(t *testing.T, p *place, arm func()) {
			m, uscc := p.machine(t), p.take(t, world.Pass).USCC
			arm()
			again(t, "status", func() answer { return m.status(uscc) }, 200)
			again(t, "list", func() answer {
				return m.post("/v1/enterprises/real-name-status", map[string]any{"usccs": []string{uscc}})
			}, 200)
		}},
	}
}
