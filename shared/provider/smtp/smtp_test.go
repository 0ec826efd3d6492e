package smtp_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"realname/shared/accounts"
	"realname/shared/provider"
	"realname/shared/provider/smtp"
)

// server is a mail server for one connection.
type server struct {
	secure   *tls.Config
	starts   bool              // offers STARTTLS
	implicit bool              // begins with TLS
	refuses  map[string]string // answers by command
	silent   bool

	commands []string
	data     string
	done     chan struct{}
}

// dial connects to the server, whatever the address.
func (s *server) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	s.done = make(chan struct{})
	go func() {
		defer close(s.done)
		defer func() { _ = theirs.Close() }() // the client may have closed it
		s.serve(theirs)
	}()
	return ours, nil
}

func (s *server) serve(c net.Conn) {
	if s.silent {
		_, _ = io.Copy(io.Discard, c) // until the client gives up
		return
	}
	if s.implicit {
		c = tls.Server(c, s.secure)
	}
	r := bufio.NewReader(c)
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") } // the client notices
	say("220 mail.example ESMTP")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb, _, _ := strings.Cut(line, " ")
		s.commands = append(s.commands, line)
		if answer := s.refuses[verb]; answer != "" {
			say(answer)
			continue
		}
		switch verb {
		case "EHLO":
			_, encrypted := c.(*tls.Conn)
			if s.starts && !encrypted {
				say("250-mail.example\r\n250 STARTTLS")
			} else {
				say("250-mail.example\r\n250 AUTH PLAIN")
			}
		case "STARTTLS":
			say("220 go ahead")
			c = tls.Server(c, s.secure)
			r = bufio.NewReader(c)
		case "AUTH":
			say("235 welcome")
		case "DATA":
			say("354 go on")
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				s.data += line
			}
			say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

// certified returns the configurations of a server named example.com and its client.
func certified(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &tls.Config{Certificates: s.TLS.Certificates}, &tls.Config{RootCAs: roots}
}

var confirmation = accounts.ConfirmationMail{To: "clerk@example.org", Secret: "s3cret", Language: "zh-CN", Hours: 24}

func (s *server) send(t *testing.T, address string, client *tls.Config) error {
	t.Helper()
	m := smtp.New(smtp.Config{
		Server: address, User: "user", Password: "pass", From: "noreply@realname.example",
		Origin: "https://realname.example", Dial: s.dial, TLS: client, NewID: func() string { return "id-1" },
		Now: func() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) },
	})
	err := m.SendConfirmation(t.Context(), confirmation)
	<-s.done
	return err
}

func TestAConfirmationIsSentOverTLS(t *testing.T) {
	secure, client := certified(t)
	for address, s := range map[string]*server{
		"example.com:465": {implicit: true}, "example.com:587": {starts: true},
	} {
		s.secure = secure
		if err := s.send(t, address, client); err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		message, err := mail.ReadMessage(strings.NewReader(s.data))
		if err != nil {
			t.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
		if err != nil || subject != "【单一窗口】请确认您的邮箱" {
			t.Errorf("subject %q %v", subject, err)
		}
		body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, message.Body))
		if err != nil || !strings.Contains(string(body), "https://realname.example/confirm-email#s3cret") {
			t.Errorf("body %q %v", body, err)
		}
		if date, err := message.Header.Date(); err != nil || date.Year() != 2026 ||
			message.Header.Get("Message-Id") != "<id-1@realname.example>" ||
			message.Header.Get("To") != "clerk@example.org" || message.Header.Get("From") != "noreply@realname.example" {
			t.Errorf("%v %v", message.Header, err)
		}
		said := strings.Join(s.commands, "\n")
		for _, want := range []string{
			"AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00user\x00pass")),
			"MAIL FROM:<noreply@realname.example>", "RCPT TO:<clerk@example.org>",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %s was not said in\n%s", address, want, said)
			}
		}
	}
}

func TestThisMachineMayTakeMailInClear(t *testing.T) {
	s := &server{}
	if err := s.send(t, "127.0.0.1:25", nil); err != nil || s.data == "" {
		t.Errorf("%v, data %q", err, s.data)
	}
}

// An error names the reason and nothing of the message.
func TestAFailureNamesItsCodeOnly(t *testing.T) {
	secure, client := certified(t)
	for name, c := range map[string]struct {
		server  *server
		address string
		client  *tls.Config
		want    string
	}{
		"no TLS":               {&server{}, "mail.example:25", client, "no_tls"},
		"another name":         {&server{starts: true}, "elsewhere.test:587", client, "certificate"},
		"an unknown authority": {&server{starts: true}, "example.com:587", nil, "certificate"},
		"a refused sign-in": {
			&server{starts: true, refuses: map[string]string{"AUTH": "535 no"}}, "example.com:587", client, "535",
		},
		"a refused address": {
			&server{starts: true, refuses: map[string]string{"RCPT": "550 clerk@example.org is unknown"}},
			"example.com:587", client, "550",
		},
		"a refused message": {
			&server{starts: true, refuses: map[string]string{"DATA": "554 s3cret"}}, "example.com:587", client, "554",
		},
	} {
		c.server.secure = secure
		err := c.server.send(t, c.address, c.client)
		var f *provider.Failure
		if !errors.As(err, &f) || f.Code != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
			continue
		}
		if text := f.Error(); strings.Contains(text, "clerk") || strings.Contains(text, "s3cret") {
			t.Errorf("%s: %s", name, text)
		}
		if c.server.data != "" {
			t.Errorf("%s: the message went out", name)
		}
	}
}

func TestASilentServerIsGivenUp(t *testing.T) {
	s := &server{silent: true}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	m := smtp.New(smtp.Config{Server: "127.0.0.1:25", Dial: s.dial})
	var f *provider.Failure
	if err := m.SendConfirmation(ctx, confirmation); !errors.As(err, &f) || f.Code != provider.CodeTimeout {
		t.Error(err)
	}
	<-s.done
}

func TestAServerThatCannotBeReachedIsNamed(t *testing.T) {
	refused := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("refused") }
	for _, address := range []string{"example.com:25", "no port"} {
		err := smtp.New(smtp.Config{Server: address, Dial: refused}).SendConfirmation(t.Context(), confirmation)
		if err == nil || !strings.Contains(err.Error(), "smtp SendMail: unreachable") {
			t.Error(err)
		}
	}
}
