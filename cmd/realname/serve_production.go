package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"realname/local/listener"
	"realname/local/metrics"
	"realname/local/server"
	"realname/local/state"
	"realname/shared/telemetry/build"
	"realname/shared/telemetry/requestid"
	"realname/shared/wiring"
)

// How often the schedules run, in place of the deployed ones.
const (
	productionRepair = 10 * time.Second
	// productionRetention is often enough for an announcement of a day.
	productionRetention = time.Hour
	productionNotify    = 10 * time.Second
)

// productionGrace is longer than the gateway's time limit for a request.
const productionGrace = 30 * time.Second

func (c *serve) runProduction(ctx context.Context) (err error) {
	begin := time.Now()
	m := metrics.New()
	log := build.Stamp(slog.New(requestid.Handler(m.Log(slog.NewJSONHandler(os.Stderr, nil)))))
	cfg, err := machineSettings(os.Environ(), log)
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	proxies, err := listener.ParseTrusted(c.TrustedProxy)
	if err != nil {
		return fmt.Errorf("--trusted-proxy: %w", err)
	}
	if err := listener.MayListen(c.Addr, c.TLSCert != "", proxies); err != nil {
		return err
	}
	certificate, err := c.certificate(ctx, log)
	if err != nil {
		return err
	}
	k, err := c.start(state.Production)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.close()) }()
	o := server.Options{
		RepairEvery: productionRepair, RetentionEvery: productionRetention, NotifyEvery: productionNotify,
		Rate: c.Rate, Burst: c.Burst, Metrics: m,
		CORSOrigins: c.CORSOrigin, Secure: certificate != nil || len(proxies) > 0,
	}
	if err := c.pages(&o); err != nil {
		return err
	}
	k.into(&o)
	s, err := server.Production(ctx, o, wiring.Ports{
		Config: cfg, Log: log, Now: time.Now, AWS: sync.OnceValue(wiring.AWS),
	})
	if err != nil {
		return err
	}
	at, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	if err := k.control(ctx, s, log); err != nil {
		return err
	}
	measured, err := c.serveMetrics(ctx, m, log)
	if err != nil {
		return err
	}
	handler := proxies.Handler(s)
	if certificate == nil {
		handler = proxies.Only(handler)
	}
	c.announce(os.Stdout, log, k, at.Addr(), measured, time.Since(begin))
	return running{
		server: s, listener: at, handler: handler, certificate: certificate, grace: productionGrace,
		log: log,
	}.until(ctx)
}

// certificate loads the certificate, if there is one, and reloads it on SIGHUP.
func (c *serve) certificate(ctx context.Context, log *slog.Logger) (*listener.Certificate, error) {
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP) // which would end the process
	if c.TLSCert == "" {
		return nil, nil
	}
	loaded, err := listener.LoadCertificate(c.TLSCert, c.TLSKey, log, time.Now)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-reload:
				reloadCertificate(loaded, log)
			}
		}
	}()
	return loaded, nil
}

func reloadCertificate(c *listener.Certificate, log *slog.Logger) {
	if err := c.Reload(); err != nil {
		log.Error("certificate not reloaded", "error", err.Error())
		return
	}
	log.Info("certificate reloaded")
}

// serveMetrics serves the metrics until the context ends.
func (c *serve) serveMetrics(
	ctx context.Context, m *metrics.Metrics, log *slog.Logger,
) (addr string, err error) {
	if c.Metrics == "" {
		return "", nil
	}
	l, err := net.Listen("tcp", c.Metrics)
	if err != nil {
		return "", fmt.Errorf("--metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	h := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	go func() { _ = h.Serve(l) }() // ends with the process
	context.AfterFunc(ctx, func() { _ = h.Close() })
	return l.Addr().String(), nil
}

// announce prints the addresses and the key file, for people and in the log.
func (c *serve) announce(
	w io.Writer, log *slog.Logger, k kept, at net.Addr, measured string, took time.Duration,
) {
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	fmt.Fprintf(w, "realname 企业实名认证 is ready at %s://%s (%d ms)\n", scheme, at, took.Milliseconds())
	made := ""
	if k.created {
		made = ", created now: back it up in another place than the data"
	}
	fmt.Fprintf(w, "  Key file %s%s\n", k.dir.KeyFile(), made)
	fmt.Fprintf(w, "  Commands work on it with --state %s\n", k.dir.Path)
	if measured != "" {
		fmt.Fprintf(w, "  Metrics http://%s/metrics\n", measured)
	}
	log.LogAttrs(context.Background(), slog.LevelInfo, "ready", slog.String("address", scheme+"://"+at.String()),
		slog.String("keyFile", k.dir.KeyFile()), slog.Bool("keyFileCreated", k.created), slog.String("metrics", measured))
}
