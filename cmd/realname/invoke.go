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

// Placeholders in the sample events for values from the answers to earlier events.
const (
	sampleSession   = "01930000-0000-7000-8000-00000000000a"
	sampleToken     = "sample-token"
	sampleChallenge = "sample-challenge"
)

// before lists the functions to invoke first, so that a function that needs a
// session or a token has one. The event file has the name of the function, or the
// name after the colon.
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
	Event    string `arg:"" type:"existingfile" help:"File with the event as JSON, next to the events it builds on."`
}

// Run invokes the function's Lambda handler with the event and prints its answer.
func (c *invoke) Run(ctx context.Context) error {
	s, err := server.New(ctx, server.Options{
		Data: data.Demo(), Limits: realname.DefaultLimits(), TokenTTL: time.Hour, IdleTimeout: time.Hour,
		RepairEvery: time.Minute, RetentionEvery: time.Hour,
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
			return fmt.Errorf("earlier event %s: %w", step, err)
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

// counted numbers accounts by their line in the data, so that sample events can name them.
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

// learn stores the session, the challenge and the token from an answer.
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
