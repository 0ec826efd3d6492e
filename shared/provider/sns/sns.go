// Package sns sends SMS codes with Amazon SNS (Publish to a phone number), for
// stages outside China and as the fallback of another provider.
package sns

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"realname/shared/provider"
	"realname/shared/provider/smstext"
	"realname/shared/realname"
)

// Name is the name of this provider in evidence and configuration.
const Name = "sns"

// publish is the name of the API in evidence.
const publish = "Publish"

// Sender implements realname.SMS.
type Sender struct {
	client func() *sns.Client
	sender string // AWS.SNS.SMS.SenderID, "" for the region's default
}

// New returns a sender; the first use makes the client. The guard repeats requests,
// so the client should have WithoutRetries.
func New(client func() *sns.Client, sender string) *Sender { return &Sender{client, sender} }

// WithoutRetries is an option of the client: it does not repeat requests.
func WithoutRetries(o *sns.Options) { o.Retryer = aws.NopRetryer{} }

// SendCode implements realname.SMS.
func (c *Sender) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	attributes := map[string]types.MessageAttributeValue{"AWS.SNS.SMS.SMSType": text("Transactional")}
	if c.sender != "" {
		attributes["AWS.SNS.SMS.SenderID"] = text(c.sender)
	}
	number, body := "+86"+m.Mobile, smstext.Code(m)
	out, err := c.client().Publish(ctx, &sns.PublishInput{
		PhoneNumber: &number, Message: &body, MessageAttributes: attributes,
	})
	if err != nil {
		f := failure(ctx, err)
		r := realname.CheckResult{
			Outcome: realname.Unavailable, Provider: Name, Code: f.Code,
			RequestID: f.RequestID, RetryAfter: f.RetryAfter,
		}
		if f.Throttled {
			r.Outcome = realname.Limited
		}
		return r, f
	}
	return realname.CheckResult{
		Outcome: realname.Match, Provider: Name, Code: "Ok", RequestID: aws.ToString(out.MessageId),
	}, nil
}

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

// failure keeps only the code and the request ID of an error. The error's text can
// hold the number.
func failure(ctx context.Context, err error) *provider.Failure {
	f := &provider.Failure{Provider: Name, API: publish, Code: provider.CodeUnreachable}
	var answered *smithyhttp.ResponseError
	if errors.As(err, &answered) {
		f.Code = provider.CodeMalformed
		f.RequestID = answered.Response.Header.Get("X-Amzn-Requestid")
	}
	var api smithy.APIError
	var op *net.OpError
	switch {
	case errors.As(err, &api):
		f.Code = api.ErrorCode()
		refused := answered != nil && answered.HTTPStatusCode() < 500
		f.NoEffect = api.ErrorFault() == smithy.FaultClient || refused
	case errors.As(err, &op) && op.Op == "dial":
		f.NoEffect = true
	}
	if ctx.Err() != nil {
		f.Code = provider.CodeTimeout
	}
	switch f.Code {
	case "Throttled", "ThrottledException", "Throttling", "ThrottlingException":
		f.Throttled, f.RetryAfter = true, 2*time.Second
	case "AuthorizationError", "AccessDenied", "OptedOut", "UserError", "InvalidClientTokenId", "SignatureDoesNotMatch":
		f.RetryAfter = time.Minute
	}
	return f
}
