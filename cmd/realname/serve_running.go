package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"time"

	"realname/local/listener"
	"realname/local/server"
)

// running is a service that listens.
type running struct {
	server      *server.Server
	listener    net.Listener
	handler     http.Handler
	certificate *listener.Certificate // nil for plain HTTP
	grace       time.Duration         // for requests under way when the service stops
	log         *slog.Logger
}

// maxHeaders is API Gateway's limit. net/http adds 4 KB of its own.
const maxHeaders = 10 << 10

// http is the server of the listener.
func (r running) http() *http.Server {
	return &http.Server{
		Handler: r.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, MaxHeaderBytes: maxHeaders,
		// What a peer did wrong, such as a scanner that does not speak TLS.
		ErrorLog: slog.NewLogLogger(r.log.Handler(), slog.LevelWarn),
	}
}

// until serves until the context ends. Then it accepts no more connections, lets the
// requests and the workflow's work finish, and returns.
func (r running) until(ctx context.Context) error {
	h := r.http()
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	worked := make(chan struct{})
	go func() {
		r.server.Run(background)
		close(worked)
	}()
	failed := make(chan error, 1)
	go func() { failed <- r.serve(h) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		r.server.Stopping()
		grace, cancel := context.WithTimeout(background, r.grace)
		_ = h.Shutdown(grace) // cuts off requests that outlast the grace period
		cancel()
	}
	stop()
	<-worked
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (r running) serve(h *http.Server) error {
	if r.certificate == nil {
		return h.Serve(r.listener)
	}
	h.TLSConfig = r.certificate.Config()
	return h.ServeTLS(r.listener, "", "")
}
