// Package sns sends SMS codes with Amazon SNS (Publish to a phone number), for
// stages outside China and as the fallback of another provider.
package sns

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"time"

	"realname/shared/awsapi"
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
	client func() *awsapi.Client
	sender string // AWS.SNS.SMS.SenderID, "" for the region's default
}

// New returns a sender; the first use makes the client. The guard repeats requests, so
// the client should not (awsapi.NewOnce).
func New(client func() *awsapi.Client, sender string) *Sender { return &Sender{client, sender} }

// SendCode implements realname.SMS.
func (c *Sender) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	form := url.Values{"PhoneNumber": {"+86" + m.Mobile}, "Message": {smstext.Code(m)}}
	attribute(form, "1", "AWS.SNS.SMS.SMSType", "Transactional")
	if c.sender != "" {
		attribute(form, "2", "AWS.SNS.SMS.SenderID", c.sender)
	}
	var out struct {
		MessageID string `xml:"PublishResult>MessageId"`
	}
	if err := c.call(ctx, publish, form, &out); err != nil {
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
		Outcome: realname.Match, Provider: Name, Code: "Ok", RequestID: out.MessageID,
	}, nil
}

// attribute adds an attribute of the message as the query protocol numbers them (Amazon
// SNS API reference, Publish).
func attribute(form url.Values, number, name, value string) {
	entry := "MessageAttributes.entry." + number
	form.Set(entry+".Name", name)
	form.Set(entry+".Value.DataType", "String")
	form.Set(entry+".Value.StringValue", value)
}

// call calls an operation of the query protocol: a form, answered in XML.
func (c *Sender) call(ctx context.Context, operation string, form url.Values, out any) error {
	form.Set("Action", operation)
	form.Set("Version", "2010-03-31")
	answer, err := c.client().Post(ctx, operation, "application/x-www-form-urlencoded", []byte(form.Encode()), refusal)
	if err != nil {
		return err
	}
	return xml.Unmarshal(answer, out)
}

// refusal reads the code of a refusal.
func refusal(_ http.Header, body []byte, e *awsapi.Error) {
	var answer struct {
		Code string `xml:"Error>Code"`
	}
	_ = xml.Unmarshal(body, &answer) // a proxy's page has the status only
	e.Code = answer.Code
}

// failure keeps only the code and the request ID of an error. The error's text can
// hold the number.
func failure(ctx context.Context, err error) *provider.Failure {
	f := &provider.Failure{Provider: Name, API: publish, Code: provider.CodeUnreachable}
	var refused *awsapi.Error
	switch {
	case !errors.As(err, &refused): // an answer that is not XML
		f.Code = provider.CodeMalformed
	case refused.Code != "":
		f.Code, f.RequestID = refused.Code, refused.RequestID
		f.NoEffect = refused.Status < http.StatusInternalServerError
	case refused.Status != 0:
		f.Code, f.RequestID = provider.CodeMalformed, refused.RequestID
	default:
		f.NoEffect = refused.Unsent()
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
