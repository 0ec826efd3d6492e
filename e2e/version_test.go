package e2e

import (
	"encoding/json"
	"strings"
	"testing"
)

// The log of each request holds the version that the command line prints.
func TestEveryRequestIsLoggedWithTheVersion(t *testing.T) {
	p := only(t)
	var want struct{ Version, Commit, Go string }
	if err := json.Unmarshal([]byte(p.says(t, "version", "--json")), &want); err != nil {
		t.Fatal(err)
	}
	if want.Version == "" || want.Commit == "" || !strings.HasPrefix(want.Go, "go") {
		t.Errorf("the command line prints %+v", want)
	}
	answer, err := client.Get(p.URL + "/v1/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	type entry struct{ Msg, Version, Commit string }
	var line entry
	eventually(t, func() bool {
		for text := range strings.Lines(p.log.String()) {
			line = entry{}
			if json.Unmarshal([]byte(text), &line) == nil && line.Msg == "request" {
				return true
			}
		}
		return false
	}, "the log has a line of the request")
	if line.Version != want.Version || line.Commit != want.Commit {
		t.Errorf("the log has %+v, the command line prints %+v", line, want)
	}
}
