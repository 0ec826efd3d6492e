// Package ses sends e-mail by Amazon SES (API v2, SendEmail).
package ses

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"realname/shared/provider/mailtext"
	"realname/shared/realname"
)

// Mail implements realname.Mail.
type Mail struct {
	client func() *sesv2.Client
	from   string
	origin string
}

// New returns mail from a verified address, whose links open the pages at the
// origin. The client is made on first use.
func New(client func() *sesv2.Client, from, origin string) *Mail { return &Mail{client, from, origin} }

// SendConfirmation implements realname.Mail.
func (m *Mail) SendConfirmation(ctx context.Context, c realname.ConfirmationMail) error {
	subject, body := mailtext.Confirmation(c, m.origin)
	utf8 := aws.String("UTF-8")
	_, err := m.client().SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &m.from, Destination: &types.Destination{ToAddresses: []string{c.To}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: &subject, Charset: utf8}, Body: &types.Body{Text: &types.Content{Data: &body, Charset: utf8}},
		}},
	})
	if err != nil {
		return fmt.Errorf("send a confirmation by SES: %w", err)
	}
	return nil
}
