package provider

import (
	"context"
	"strings"
	"time"

	"realname/shared/accounts"
	"realname/shared/provider/mailtext"
)

// Mail is an e-mail that a deployed stage would send. Its link lacks the origin.
type Mail struct {
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	Link    string    `json:"link"`
	SentAt  time.Time `json:"sentAt"`
}

// SendConfirmation implements realname.Mail.
func (p *Provider) SendConfirmation(_ context.Context, m accounts.ConfirmationMail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	subject, text := mailtext.Confirmation(m, "")
	p.mails[strings.ToLower(m.To)] = Mail{
		subject, text, mailtext.ConfirmPath + m.Secret, p.now().UTC().Truncate(time.Second),
	}
	return nil
}

// LastMail returns the latest e-mail to an address.
func (p *Provider) LastMail(address string) (Mail, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.mails[strings.ToLower(strings.TrimSpace(address))]
	return m, ok
}
