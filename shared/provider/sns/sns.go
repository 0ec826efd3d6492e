// Package sns sends SMS codes by Amazon SNS (Publish to a phone number), for
// stages outside China and as the fall-back of another carrier.
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

// Name is how evidence and configuration call this provider.
const Name = "sns"

// publish is what evidence calls the API.
const publish = "Publish"

// Carrier implements realname.SMS.
type Carrier struct {
	client func() *sns.Client
	sender string // AWS.SNS.SMS.SenderID, "" for the region's default
}

// New returns a carrier; the client is made on first use. The guard repeats, so
// the client should not.
func New(client func() *sns.Client, sender string) *Carrier { return &Carrier{client, sender} }

// WithoutRetries are the options of the client.
func WithoutRetries(o *sns.Options) { o.Retryer = aws.NopRetryer{} }

// SendCode implements realname.SMS.
func (c *Carrier) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	attributes := map[string]types.MessageAttributeValue{"AWS.SNS.SMS.SMSType": text("Transactional")}
	if c.sender != "" {
		attributes["AWS.SNS.SMS.SenderID"] = text(c.sender)
	}
	number, body := "+86"+m.Mobile, smstext.Code(m)
	out, err := c.client().Publish(ctx, &sns.PublishInput{PhoneNumber: &number, Message: &body, MessageAttributes: attributes})
	if err != nil {
		f := failure(ctx, err)
		r := realname.CheckResult{Outcome: realname.Unavailable, Provider: Name, Code: f.Code, RequestID: f.RequestID, RetryAfter: f.RetryAfter}
		if f.Throttled {
			r.Outcome = realname.Limited
		}
		return r, f
	}
	return realname.CheckResult{Outcome: realname.Match, Provider: Name, Code: "Ok", RequestID: aws.ToString(out.MessageId)}, nil
}

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

// failure keeps code and request ID of an error, whose text can hold the number.
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
		f.NoEffect = api.ErrorFault() == smithy.FaultClient || answered != nil && answered.HTTPStatusCode() < 500
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
