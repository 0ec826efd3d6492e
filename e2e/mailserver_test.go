package e2e

import (
	"bufio"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"realname/e2e/world"
)

// mailServer is a mail server on this machine that accepts everything. It returns the
// messages that it accepts.
func mailServer(t *testing.T) (address string, messages <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	accepted := make(chan string, 10)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go takeMail(c, accepted)
		}
	}()
	return l.Addr().String(), accepted
}

func takeMail(c net.Conn, accepted chan<- string) {
	defer func() { _ = c.Close() }()                                   // the client may have closed it
	say := func(text string) { _, _ = io.WriteString(c, text+"\r\n") } // the client notices
	say("220 here")
	message, inside := "", false
	for s := bufio.NewScanner(c); s.Scan(); {
		switch line := s.Text(); {
		case inside && line == ".":
			inside = false
			accepted <- message
			say("250 taken")
		case inside:
			message += line + "\n"
		case line == "DATA":
			inside = true
			say("354 go on")
		default:
			say("250 fine")
		}
	}
}

var confirmLink = regexp.MustCompile(`https://pages\.example/confirm-email#(\S+)`)

func TestOneMachineConfirmsAnAddressThroughAMailServer(t *testing.T) {
	address, messages := mailServer(t)
	state := filepath.Join(t.TempDir(), "state")
	p := keepingWith(t, few, state, []string{
		"REALNAME_SMTP_SERVER=" + address, "REALNAME_MAIL_FROM=noreply@pages.example",
		"REALNAME_PUBLIC_ORIGIN=https://pages.example",
	})
	onMachine(t, state, "import", filepath.Join(few.dir, "accounts.csv"))
	c := p.clerkOf(t, world.Pass)
	c.changed(c.changes("email", map[string]any{"email": "clerk@bureau.example"}), world.Password)
	var message string
	select {
	case message = <-messages:
	case <-time.After(30 * time.Second):
		t.Fatal("the mail server got no message")
	}
	head, body, _ := strings.Cut(message, "\n\n")
	text, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(body, "\n", ""))
	if err != nil || !strings.Contains(head, "To: clerk@bureau.example") {
		t.Fatalf("%s\n%v", message, err)
	}
	link := confirmLink.FindSubmatch(text)
	if link == nil {
		t.Fatalf("no link in %s", text)
	}
	a := c.post("/v1/email-confirmations", map[string]any{"secret": string(link[1])})
	if a.Status != http.StatusNoContent {
		t.Errorf("%d %s", a.Status, a.Body)
	}
}
