// Package ses sends e-mail with Amazon SES (API v2, SendEmail).
package ses

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"realname/shared/accounts"
	"realname/shared/provider"
	"realname/shared/provider/mailtext"
)

// Mail implements realname.Mail.
type Mail struct {
	client func() *sesv2.Client
	from   string
	origin string
}

// New returns mail from a verified address. Its links open the pages at the origin.
// The first use makes the client.
func New(client func() *sesv2.Client, from, origin string) *Mail { return &Mail{client, from, origin} }

// SendConfirmation implements realname.Mail.
func (m *Mail) SendConfirmation(ctx context.Context, c accounts.ConfirmationMail) error {
	subject, body := mailtext.Confirmation(c, m.origin)
	utf8 := aws.String("UTF-8")
	_, err := m.client().SendEmail(ctx, &sesv2.SendEmailInput{
		FromEmailAddress: &m.from, Destination: &types.Destination{ToAddresses: []string{c.To}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: &types.Content{Data: &subject, Charset: utf8},
			Body:    &types.Body{Text: &types.Content{Data: &body, Charset: utf8}},
		}},
	})
	if err != nil {
		return failure(ctx, err)
	}
	return nil
}

// failure keeps only the code and the request ID of an error. The error's text can
// hold the address, since SES names refused recipients.
func failure(ctx context.Context, err error) error {
	f := &provider.Failure{Provider: "ses", API: "SendEmail", Code: provider.CodeUnreachable}
	var answered *smithyhttp.ResponseError
	if errors.As(err, &answered) {
		f.RequestID = answered.Response.Header.Get("X-Amzn-Requestid")
	}
	var api smithy.APIError
	switch {
	case ctx.Err() != nil:
		f.Code = provider.CodeTimeout
	case errors.As(err, &api):
		f.Code = api.ErrorCode()
	}
	return f
}
