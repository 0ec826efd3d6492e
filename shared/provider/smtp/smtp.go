// Package smtp sends e-mail through a mail server, for one machine that does not reach
// Amazon SES.
package smtp

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"
	"time"

	"realname/shared/accounts"
	"realname/shared/provider"
	"realname/shared/provider/mailtext"
)

// Config names the mail server and the sender.
type Config struct {
	Server         string // host and port. Port 465 begins with TLS, others change to it (STARTTLS)
	User, Password string // "" if the server accepts this machine without
	From           string // a bare address
	Origin         string // of the pages, which links open
	Now            func() time.Time
	NewID          func() string
	// Dial connects to the server; nil uses the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// TLS is used instead of the system's authorities; nil uses those.
	TLS *tls.Config
}

// Mail implements accounts.Mail.
type Mail struct{ cfg Config }

// New returns mail through the server.
func New(c Config) *Mail {
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return &Mail{c}
}

// deadline limits a whole exchange with the server.
const deadline = 10 * time.Second

// implicitTLS is the port of connections that begin with TLS (RFC 8314, 3.3).
const implicitTLS = "465"

// errClear refuses a server without TLS. A message holds an address and a secret.
var errClear = errors.New("the server does not offer STARTTLS")

// SendConfirmation implements accounts.Mail.
func (m *Mail) SendConfirmation(ctx context.Context, c accounts.ConfirmationMail) error {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if err := m.send(ctx, c); err != nil {
		return failure(ctx, err)
	}
	return nil
}

func (m *Mail) send(ctx context.Context, c accounts.ConfirmationMail) error {
	host, port, err := net.SplitHostPort(m.cfg.Server)
	if err != nil {
		return err
	}
	secure := &tls.Config{}
	if m.cfg.TLS != nil {
		secure = m.cfg.TLS.Clone()
	}
	secure.ServerName, secure.MinVersion = host, tls.VersionTLS12
	conn, err := m.cfg.Dial(ctx, "tcp", m.cfg.Server)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // closed by Quit, or useless after an error
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer stop()
	if port == implicitTLS {
		conn = tls.Client(conn, secure)
	}
	client, err := smtp.NewClient(conn, host)
	if err != nil {
		return err
	}
	if port != implicitTLS {
		if offered, _ := client.Extension("STARTTLS"); offered {
			err = client.StartTLS(secure)
		} else if !loopback(host) {
			err = errClear
		}
		if err != nil {
			return err
		}
	}
	if m.cfg.User != "" {
		if err := client.Auth(smtp.PlainAuth("", m.cfg.User, m.cfg.Password, host)); err != nil {
			return err
		}
	}
	return m.deliver(client, c)
}

func (m *Mail) deliver(client *smtp.Client, c accounts.ConfirmationMail) error {
	if err := client.Mail(m.cfg.From); err != nil {
		return err
	}
	if err := client.Rcpt(c.To); err != nil {
		return err
	}
	w, err := client.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(m.message(c)); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	_ = client.Quit() // the server has the message
	return nil
}

// message returns the message (RFC 5322, RFC 2045).
func (m *Mail) message(c accounts.ConfirmationMail) []byte {
	subject, body := mailtext.Confirmation(c, m.cfg.Origin)
	_, domain, _ := strings.Cut(m.cfg.From, "@")
	var b bytes.Buffer
	for _, header := range [][2]string{
		{"From", m.cfg.From},
		{"To", c.To},
		{"Subject", mime.BEncoding.Encode("UTF-8", subject)},
		{"Date", m.cfg.Now().Format(time.RFC1123Z)},
		{"Message-ID", "<" + m.cfg.NewID() + "@" + domain + ">"},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=UTF-8"},
		{"Content-Transfer-Encoding", "base64"},
		{"Auto-Submitted", "auto-generated"},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", header[0], header[1])
	}
	const line = 76 // characters (RFC 2045, 6.8)
	for text := base64.StdEncoding.EncodeToString([]byte(body)); text != ""; {
		n := min(line, len(text))
		b.WriteString("\r\n" + text[:n])
		text = text[n:]
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// failure keeps only the code of an error. The error's text can hold the address, since
// servers name refused recipients.
func failure(ctx context.Context, err error) error {
	f := &provider.Failure{Provider: "smtp", API: "SendMail", Code: provider.CodeUnreachable}
	var answered *textproto.Error
	var untrusted *tls.CertificateVerificationError
	switch {
	case ctx.Err() != nil:
		f.Code = provider.CodeTimeout
	case errors.As(err, &answered):
		f.Code = strconv.Itoa(answered.Code)
	case errors.Is(err, errClear):
		f.Code = "no_tls"
	case errors.As(err, &untrusted):
		f.Code = "certificate"
	}
	return f
}
