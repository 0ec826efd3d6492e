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

// SendConfirmation implements accounts.Mail.
func (p *Provider) SendConfirmation(_ context.Context, m accounts.ConfirmationMail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	subject, text := mailtext.Confirmation(m, "")
	to := strings.ToLower(m.To)
	sent := Mail{subject, text, mailtext.ConfirmPath + m.Secret, p.now().UTC().Truncate(time.Second)}
	if err := p.journal.Add(mailEntry, entry[Mail]{to, sent}); err != nil {
		return err
	}
	p.mails[to] = sent
	return nil
}

// LastMail returns the latest e-mail to an address.
func (p *Provider) LastMail(address string) (Mail, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.mails[strings.ToLower(strings.TrimSpace(address))]
	return m, ok
}
