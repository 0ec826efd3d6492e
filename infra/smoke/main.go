// Command smoke checks that a deployed stage answers and refuses strangers. It
// needs no account. It changes only one count of wrong passwords.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"realname/shared/edge"
	"realname/web"
)

// check is one request and its expected answer.
type check struct {
	says, method, path, body, token string
	origin                          string // the header that CloudFront sends
	status                          int
	right                           func(header http.Header, body []byte) error
}

var checks = []check{
	{says: "token keys are published", method: "GET", path: "/v1/jwks.json", status: 200, right: hasKeys},
	{
		says: "a stranger cannot sign in", method: "POST", path: "/v1/login",
		body: `{"loginName":"smoke-test-nobody","password":"wrong"}`, status: 401, right: hasCode("invalid_credentials"),
	},
	{
		says: "a malformed request is invalid", method: "POST", path: "/v1/login", body: `{"loginName":`, status: 400,
		right: hasCode("invalid_request"),
	},
	{says: "no account without a token", method: "GET", path: "/v1/account", status: 401},
	{says: "no account with a bad token", method: "GET", path: "/v1/account", token: "bad", status: 403},
	{says: "no session without a token", method: "POST", path: "/v1/sessions", body: `{}`, status: 401},
	{says: "unknown paths are not found", method: "GET", path: "/v1/nothing", status: 404},
	{says: "the pages have their headers", method: "GET", path: "/", status: 200, right: isPage},
	{says: "a page opens by its address", method: "GET", path: "/sessions/smoke", status: 200, right: isPage},
}

// sideDoor are the requests past CloudFront, to the API's own address (output ApiUrl).
// Each must be refused, whether its route needs a token or not.
var sideDoor = []check{
	{says: "the API's own address has no pages", method: "GET", path: "/", status: 403},
	{says: "no token keys past CloudFront", method: "GET", path: "/v1/jwks.json", status: 403},
	{
		says: "no sign-in past CloudFront", method: "POST", path: "/v1/login",
		body: `{"loginName":"smoke-test-nobody","password":"wrong"}`, status: 403,
	},
	{
		says: "no sign-in with a guessed header", method: "POST", path: "/v1/login", origin: "guessed",
		body: `{"loginName":"smoke-test-nobody","password":"wrong"}`, status: 403,
	},
	{says: "no account past CloudFront", method: "GET", path: "/v1/account", token: "bad", status: 401},
	{
		says: "no account with a guessed header", method: "GET", path: "/v1/account", origin: "guessed",
		token: "bad", status: 403,
	},
}

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 || !strings.HasPrefix(os.Args[1], "http") {
		fmt.Fprintln(os.Stderr, "usage: smoke https://address [https://address-of-the-api]")
		os.Exit(2)
	}
	all, failed := len(checks), run(checks, os.Args[1])
	if len(os.Args) == 3 {
		all, failed = all+len(sideDoor), failed+run(sideDoor, os.Args[2])
	}
	if failed > 0 {
		fmt.Printf("%d of %d failed\n", failed, all)
		os.Exit(1)
	}
}

// run makes the checks at an address and returns how many failed.
func run(checks []check, base string) (failed int) {
	client := &http.Client{Timeout: 20 * time.Second}
	for _, c := range checks {
		if err := c.ask(client, strings.TrimSuffix(base, "/")); err != nil {
			failed++
			fmt.Printf("FAIL  %s: %v\n", c.says, err)
			continue
		}
		fmt.Printf("ok    %s\n", c.says)
	}
	return failed
}

func (c check) ask(client *http.Client, base string) error {
	r, err := http.NewRequest(c.method, base+c.path, strings.NewReader(c.body))
	if err != nil {
		return err
	}
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.origin != "" {
		r.Header.Set(edge.Header, c.origin)
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // read to its end
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return err
	}
	if response.StatusCode != c.status {
		return fmt.Errorf("want status %d, got %d %s", c.status, response.StatusCode, bytes.TrimSpace(body))
	}
	if c.right == nil {
		return nil
	}
	return c.right(response.Header, body)
}

// isPage checks the wizard's page and the headers that protect it.
func isPage(h http.Header, body []byte) error {
	if !bytes.Contains(body, []byte("<html")) {
		return fmt.Errorf("want a page, got %.80q", body)
	}
	targets := web.FormTargets(h.Get("Content-Security-Policy"))
	if slices.ContainsFunc(targets, func(t string) bool { return !strings.HasPrefix(t, "https://") || t == "https://*" }) {
		return fmt.Errorf("want banks as targets of forms, got %q", targets)
	}
	for _, want := range web.SecurityHeaders(targets...) {
		if h.Get(want.Name) != want.Value {
			return fmt.Errorf("want %s: %s, got %q", want.Name, want.Value, h.Get(want.Name))
		}
	}
	return nil
}

func hasKeys(_ http.Header, body []byte) error {
	var set struct {
		Keys []struct{ Kid, Alg string }
	}
	if err := json.Unmarshal(body, &set); err != nil || len(set.Keys) == 0 || set.Keys[0].Kid == "" {
		return fmt.Errorf("want a key set, got %s", body)
	}
	return nil
}

// hasCode returns a check for a problem (RFC 9457) with the code.
func hasCode(code string) func(http.Header, []byte) error {
	return func(h http.Header, body []byte) error {
		var p struct{ Code, RequestID string }
		if err := json.Unmarshal(body, &p); err != nil || p.Code != code || p.RequestID == "" ||
			!strings.HasPrefix(h.Get("Content-Type"), "application/problem+json") {
			return fmt.Errorf("want the problem %q, got %s", code, body)
		}
		return nil
	}
}
