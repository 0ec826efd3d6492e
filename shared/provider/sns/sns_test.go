package sns_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/provider"
	"realname/shared/provider/sns"
	"realname/shared/realname"
)

var message = realname.SMSMessage{Mobile: "13900001001", Code: "482913", CardTail: "0016", Minutes: 5}

// newSender returns a sender over a server of SNS's query protocol, and the requests.
func newSender(t *testing.T, serve http.HandlerFunc) (*sns.Sender, *[]url.Values) {
	t.Helper()
	var asked []url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
			http.Error(w, "no signed query", http.StatusBadRequest)
			return
		}
		asked = append(asked, r.PostForm)
		w.Header().Set("X-Amzn-Requestid", "request-1")
		serve(w, r)
	}))
	t.Cleanup(server.Close)
	client := awsapi.NewOnce(awsapitest.Config(server.URL), awsapi.SNS)
	return sns.New(func() *awsapi.Client { return client }, "Window"), &asked
}

func TestACodeIsPublishedToItsNumber(t *testing.T) {
	c, asked := newSender(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">`+
			`<PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`)
	})
	r, err := c.SendCode(t.Context(), message)
	if err != nil || r.Outcome != realname.Match || r.RequestID != "m-1" || r.Provider != "sns" {
		t.Fatalf("%+v %v", r, err)
	}
	form := (*asked)[0]
	if form.Get("Action") != "Publish" || form.Get("PhoneNumber") != "+8613900001001" {
		t.Errorf("%v", form)
	}
	if !strings.Contains(form.Get("Message"), message.Code) {
		t.Errorf("%v", form)
	}
	if all := form.Encode(); !strings.Contains(all, "Transactional") || !strings.Contains(all, "Window") {
		t.Errorf("%v", form)
	}
}

func TestARefusalIsAFailureWithItsCode(t *testing.T) {
	for code, want := range map[string]struct {
		status              int
		noEffect, throttled bool
	}{
		"Throttled":          {429, true, true},
		"AuthorizationError": {403, true, false},
		"InvalidParameter":   {400, true, false},
		"InternalFailure":    {500, false, false},
		"AnUnknownCode":      {503, false, false},
	} {
		t.Run(code, func(t *testing.T) {
			c, asked := newSender(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(want.status)
				_, _ = fmt.Fprintf(w, `<ErrorResponse><Error><Code>%s</Code>`+
					`<Message>about +8613900001001</Message></Error><RequestId>request-1</RequestId></ErrorResponse>`, code)
			})
			r, err := c.SendCode(t.Context(), message)
			var f *provider.Failure
			if !errors.As(err, &f) || f.Code != code || f.RequestID != "request-1" {
				t.Fatalf("%+v %v", r, err)
			}
			if f.NoEffect != want.noEffect || f.Throttled != want.throttled {
				t.Errorf("%+v %+v", r, f)
			}
			if strings.Contains(err.Error(), message.Mobile) {
				t.Errorf("the error holds the number: %v", err)
			}
			if len(*asked) != 1 {
				t.Errorf("asked %d times", len(*asked))
			}
		})
	}
}

func TestNoAnswerIsATimeout(t *testing.T) {
	c, _ := newSender(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.SendCode(ctx, message)
	var f *provider.Failure
	if !errors.As(err, &f) || f.Code != provider.CodeTimeout || f.NoEffect {
		t.Errorf("%v", err)
	}
}

// What was not sent may be sent again.
func TestAnUnsentRequestHasNotSentTheCode(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	away := awsapitest.Config(server.URL)
	keyless, nowhere := away, away
	keyless.Credentials = func(context.Context) (awsapi.Credentials, error) {
		return awsapi.Credentials{}, errors.New("none")
	}
	nowhere.Region = ""
	for name, c := range map[string]awsapi.Config{"out of reach": away, "no credentials": keyless, "no region": nowhere} {
		client := awsapi.NewOnce(c, awsapi.SNS)
		_, err := sns.New(func() *awsapi.Client { return client }, "").SendCode(t.Context(), message)
		var f *provider.Failure
		if !errors.As(err, &f) || f.Code != provider.CodeUnreachable || !f.NoEffect {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestAProbeDetectsAnAccountInTheSandbox(t *testing.T) {
	inSandbox := "true"
	c, asked := newSender(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w,
			`<GetSMSSandboxAccountStatusResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">`+
				`<GetSMSSandboxAccountStatusResult><IsInSandbox>%s</IsInSandbox></GetSMSSandboxAccountStatusResult>`+
				`</GetSMSSandboxAccountStatusResponse>`, inSandbox)
	})
	if f := c.Probe(t.Context(), "sms"); f.Works || !strings.Contains(f.Advice, "sandbox") {
		t.Errorf("%+v", f)
	}
	inSandbox = "false"
	if f := c.Probe(t.Context(), "sms"); !f.Works || f.Advice != "" {
		t.Errorf("%+v", f)
	}
	if len(*asked) != 2 || (*asked)[0].Get("Action") != "GetSMSSandboxAccountStatus" {
		t.Errorf("%v", *asked)
	}
}
