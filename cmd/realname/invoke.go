package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"realname/local/data"
	"realname/local/server"
	"realname/shared/realname"
)

type invoke struct {
	Function string `arg:"" help:"Name of the function."`
	Event    string `arg:"" type:"existingfile" help:"File with the event's JSON."`
}

// Run calls the function's Lambda handler with the event's bytes and prints its
// answer.
func (c *invoke) Run(ctx context.Context) error {
	event, err := os.ReadFile(c.Event)
	if err != nil {
		return err
	}
	s, err := server.New(ctx, server.Options{
		Data: data.Demo(), Limits: realname.DefaultLimits(), TokenTTL: time.Hour, RepairEvery: time.Minute, Rate: 100, Burst: 100,
		Log: slog.New(slog.NewJSONHandler(os.Stderr, nil)),
	})
	if err != nil {
		return err
	}
	answer, err := s.Invoke(ctx, c.Function, event)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(io.Writer(os.Stdout), string(answer))
	return err
}
