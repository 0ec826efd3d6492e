package e2e

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"realname/e2e/world"
)

// linesOf returns the distinct messages of the log lines with the request's ID.
func (p *place) linesOf(request string) (messages []string) {
	for text := range strings.Lines(p.log.String()) {
		var line struct{ Msg, RequestID string }
		if json.Unmarshal([]byte(text), &line) == nil && line.RequestID == request && !slices.Contains(messages, line.Msg) {
			messages = append(messages, line.Msg)
		}
	}
	return messages
}

// wantsLines waits until the request has log lines with these messages.
func (c *clerk) wantsLines(request string, messages ...string) {
	c.Helper()
	for _, m := range messages {
		c.eventually("a line \""+m+"\" of request "+request, func() bool { return slices.Contains(c.at.linesOf(request), m) })
	}
}

// The ID of the request that started a session appears in the log lines of that
// request, of the workflow's last task and of the delivery of its events. The
// platform does not receive it.
func TestARequestIsFollowedThroughTheWorkflowToThePlatform(t *testing.T) {
	p := only(t, "--notify-every", "100ms")
	c := p.clerkOf(t, world.Pass)
	a := c.start("legal_representative")
	request, s := a.Header.Get("X-Request-Id"), a.session(t)
	if request == "" {
		t.Fatal("the answer has no X-Request-Id")
	}
	c.allThree(s.Id)
	c.becomes(s.Id, "verified")
	c.told(s.Id)
	c.wantsLines(request, "request", "session closed", "session finished", "notice delivered")
	var dump struct {
		Executions []struct {
			Name  string
			Input json.RawMessage
		}
	}
	raw := c.get("/sandbox/dump").Body
	if err := json.Unmarshal(raw, &dump); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, x := range dump.Executions {
		found = found || x.Name == s.Id && strings.Contains(string(x.Input), request)
	}
	if !found {
		t.Errorf("the execution does not know the request: %+v", dump.Executions)
	}
	if strings.Contains(string(c.get("/sandbox/receiver").Body), request) {
		t.Error("the platform is told the request's ID")
	}
	// A change of the account has a separate request ID.
	a = c.changes("administrator", map[string]any{
		"name": "管其他", "idType": "resident_id", "idNumber": world.ResidentID("130104", 1980, 1),
		"currentPassword": world.Password, "confirmWithdrawal": true,
	})
	if a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c.wantsLines(a.Header.Get("X-Request-Id"), "request", "notice delivered")
}

// If repair starts or ends the workflow, the log lines still carry the ID of
// the original request.
func TestARequestIsFollowedThroughRepair(t *testing.T) {
	p := only(t, "--abort-at", "sessions:3")
	c := p.clerkOf(t, world.Pass)
	consent := c.consent("legal_representative")
	a := c.post("/v1/sessions", map[string]any{"method": "legal_representative", "consentVersion": consent})
	if a.Status != 500 {
		t.Fatalf("not aborted: %d %s", a.Status, a.Body)
	}
	var live struct{ Sessions []struct{ ID string } }
	if err := json.Unmarshal(c.get("/v1/sessions").Body, &live); err != nil || len(live.Sessions) != 1 {
		t.Fatalf("%+v %v", live, err)
	}
	c.allThree(live.Sessions[0].ID)
	c.becomes(live.Sessions[0].ID, "verified")
	request := ""
	c.eventually("the session is finished for a request", func() bool {
		for text := range strings.Lines(p.log.String()) {
			var line struct{ Msg, RequestID, SessionID string }
			if json.Unmarshal([]byte(text), &line) == nil && line.Msg == "session finished" &&
				line.SessionID == live.Sessions[0].ID {
				request = line.RequestID
			}
		}
		return request != ""
	})
	if messages := p.linesOf(request); !slices.Contains(messages, "session closed") ||
		slices.Contains(messages, "step decided") {
		t.Errorf("request %s has the lines %v", request, messages)
	}
}
