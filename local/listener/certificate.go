package listener

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Certificate is a certificate in two files. It follows their changes, so that renewal
// needs no restart.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               func() time.Time

	mu      sync.Mutex
	current *tls.Certificate
	changed [2]time.Time // of the files that current is from
}

// LoadCertificate reads the files.
func LoadCertificate(certFile, keyFile string, log *slog.Logger, now func() time.Time) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log, now: now}
	return c, c.Reload()
}

// Reload reads the files again. If they are unusable, the current certificate stays.
func (c *Certificate) Reload() error {
	changed, err := c.modified()
	if err != nil {
		return fmt.Errorf("TLS certificate: %w", err)
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("TLS certificate %s, key %s: %w", c.certFile, c.keyFile, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.current, c.changed = &pair, changed
	c.warn(pair.Leaf)
	return nil
}

// warn logs a certificate that browsers refuse because of its dates. It serves
// nevertheless: a renewal of the files ends this without a restart.
func (c *Certificate) warn(leaf *x509.Certificate) {
	now := c.now()
	if now.Before(leaf.NotBefore) || now.After(leaf.NotAfter) {
		c.log.Error("the certificate is not valid now: renew it", "file", c.certFile, "from", leaf.NotBefore, "to",
			leaf.NotAfter)
	}
}

func (c *Certificate) modified() (times [2]time.Time, err error) {
	for i, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return times, err
		}
		times[i] = info.ModTime()
	}
	return times, nil
}

// Config returns the configuration of a TLS server: TLS 1.2 with forward secrecy, or
// newer (RFC 9325).
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get, NextProtos: []string{"h2", "http/1.1"}}
}

// get returns the certificate and reads it again if a file has changed. A renewal may
// replace one file before the other: until both fit, the current certificate stays.
func (c *Certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	changed, err := c.modified()
	c.mu.Lock()
	stale := err == nil && changed != c.changed
	if stale {
		c.changed = changed // a damaged file is read once, not at every connection
	}
	c.mu.Unlock()
	if stale {
		if err := c.Reload(); err != nil {
			c.log.Error("certificate not renewed", "error", err.Error())
		} else {
			c.log.Info("certificate renewed")
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.current, nil
}
