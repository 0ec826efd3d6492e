package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"realname/local/server"
)

// serveCard starts the sandbox card's client control and describes it. If another
// program holds the port, such as the real control, the service runs without it.
func (c *serve) serveCard(ctx context.Context, s *server.Server) string {
	if c.Card == "" {
		return "  The sandbox E-Port card is disabled (--card)."
	}
	listener, err := net.Listen("tcp", c.Card)
	if err != nil {
		return fmt.Sprintf("  The sandbox E-Port card is not running: %v. The E-Port client control or another realname "+
			"may hold the port. Choose another with --card.", err)
	}
	h := &http.Server{
		Handler: s.Card.Control(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	s.Card.RunningAt(listener.Addr().String())
	go func() {
		if err := h.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			slog.ErrorContext(ctx, "the sandbox card ended", "error", err.Error())
		}
	}()
	go func() {
		<-ctx.Done()
		_ = h.Close() // its connections end with the process
	}()
	return fmt.Sprintf("  Sandbox E-Port card: ws://%s, PIN 88888888. GET /sandbox/card shows the card in the reader, "+
		"POST changes it.", listener.Addr())
}
