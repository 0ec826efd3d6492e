package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"realname/local/data"
	"realname/local/server"
	"realname/shared/realname"
	"realname/shared/telemetry/build"
)

// What the sample events say in place of what only an earlier event can tell.
const (
	sampleSession   = "01930000-0000-7000-8000-00000000000a"
	sampleToken     = "sample-token"
	sampleChallenge = "sample-challenge"
)

// before are the functions whose sample events come first, so that a function
// that needs a session or a token has one: the event file of the function's
// name, or the one named after a colon.
var before = map[string][]string{
	"authorizer":           {"login"},
	"enterprise":           {"sessions"},
	"legal-representative": {"sessions", "enterprise"},
	"sms-codes":            {"sessions", "enterprise"},
	"account-holder":       {"sessions", "enterprise", "legal-representative"},
	"bank-redirect":        {"sessions:bank-session"},
	"bank-callback":        {"sessions:bank-session", "bank-redirect"},
	"bank-returns":         {"sessions:bank-session", "bank-redirect", "bank-callback"},
	"card-challenge":       {"sessions:card-session"},
	"card-answer":          {"sessions:card-session", "card-challenge"},
	"finish":               {"sessions", "enterprise", "legal-representative", "account-holder"},
	"notify":               {"sessions", "enterprise", "legal-representative", "account-holder", "finish"},
}

type invoke struct {
	Function string `arg:"" help:"Name of the function."`
	Event    string `arg:"" type:"existingfile" help:"File with the event's JSON; the events it builds on lie beside it."`
}

// Run calls the function's Lambda handler with the event's bytes and prints its
// answer.
func (c *invoke) Run(ctx context.Context) error {
	s, err := server.New(ctx, server.Options{
		Data: data.Demo(), Limits: realname.DefaultLimits(), TokenTTL: time.Hour, RepairEvery: time.Minute,
		NotifyEvery: time.Minute, NotifyFirst: time.Minute, Rate: 100, Burst: 100,
		Log: build.Stamp(slog.New(slog.NewJSONHandler(os.Stderr, nil))), NewAccountID: counted(),
	})
	if err != nil {
		return err
	}
	known := map[string]string{}
	for _, step := range before[c.Function] {
		function, file, named := strings.Cut(step, ":")
		if !named {
			file = function
		}
		answer, err := invokeFile(ctx, s, function, filepath.Join(filepath.Dir(c.Event), file+".json"), known)
		if err != nil {
			return fmt.Errorf("%s, which comes before: %w", step, err)
		}
		learn(answer, known)
	}
	answer, err := invokeFile(ctx, s, c.Function, c.Event, known)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.Writer(os.Stdout), string(answer))
	return err
}

// counted names accounts by their line in the data, so that an event can.
func counted() func() string {
	n := 0
	return func() string {
		n++
		return fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
	}
}

func invokeFile(ctx context.Context, s *server.Server, function, file string, known map[string]string) ([]byte, error) {
	event, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for sample, real := range known {
		event = bytes.ReplaceAll(event, []byte(sample), []byte(real))
	}
	if function == "bank-callback" {
		if event, err = signed(event); err != nil {
			return nil, err
		}
	}
	answer, err := s.Invoke(ctx, function, event)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return answer, nil
}

// learn keeps the session and the token that an answer brought.
func learn(answer []byte, known map[string]string) {
	var http struct {
		Body string `json:"body"`
	}
	var body struct{ ID, Token, Challenge string }
	if json.Unmarshal(answer, &http) != nil || json.Unmarshal([]byte(http.Body), &body) != nil {
		return
	}
	if body.ID != "" {
		known[sampleSession] = body.ID
	}
	if body.Challenge != "" {
		known[sampleChallenge] = body.Challenge
	}
	if body.Token != "" {
		known[sampleToken] = body.Token
	}
}
