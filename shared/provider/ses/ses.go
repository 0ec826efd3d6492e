// Package ses sends e-mail with Amazon SES (API v2, SendEmail).
package ses

import (
	"context"
	"errors"

	"realname/shared/accounts"
	"realname/shared/awsapi"
	"realname/shared/provider"
	"realname/shared/provider/mailtext"
)

// Mail implements accounts.Mail.
type Mail struct {
	client func() *awsapi.Client
	from   string
	origin string
}

// New returns mail from a verified address. Its links open the pages at the origin.
// The first use makes the client.
func New(client func() *awsapi.Client, from, origin string) *Mail { return &Mail{client, from, origin} }

// email is a request of SendEmail (Amazon SES API v2 reference).
type email struct {
	FromEmailAddress string
	Destination      struct{ ToAddresses []string }
	Content          struct {
		Simple struct {
			Subject content
			Body    struct{ Text content }
		}
	}
}

type content struct{ Data, Charset string }

// SendConfirmation implements accounts.Mail.
func (m *Mail) SendConfirmation(ctx context.Context, c accounts.ConfirmationMail) error {
	subject, body := mailtext.Confirmation(c, m.origin)
	e := email{FromEmailAddress: m.from}
	e.Destination.ToAddresses = []string{c.To}
	e.Content.Simple.Subject, e.Content.Simple.Body.Text = content{subject, "UTF-8"}, content{body, "UTF-8"}
	if err := m.client().Call(ctx, "SendEmail", e, &struct{}{}); err != nil {
		return failure(ctx, err)
	}
	return nil
}

// failure keeps only the code and the request ID of an error. The error's text can
// hold the address, since SES names refused recipients.
func failure(ctx context.Context, err error) error {
	f := &provider.Failure{Provider: "ses", API: "SendEmail", Code: provider.CodeUnreachable}
	var refused *awsapi.Error
	if !errors.As(err, &refused) {
		return f
	}
	f.RequestID = refused.RequestID
	switch {
	case ctx.Err() != nil:
		f.Code = provider.CodeTimeout
	case refused.Code != "":
		f.Code = refused.Code
	}
	return f
}
