package provider_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	sandbox "realname/local/sandbox/tencent"
	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/provider/sns"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
	"realname/shared/verification"
	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

type static tencent.Credentials

func (s static) Get(context.Context, bool) (tencent.Credentials, error) {
	return tencent.Credentials(s), nil
}

// providers holds a simulated Tencent Cloud, and a server of the query protocol
// in place of Amazon SNS.
type providers struct {
	tencent *sandbox.Sim
	sns     int  // number of messages that SNS received
	snsDown bool // SNS refuses messages
	config  wiring.Providers
	ports   provider.Ports
}

func newProviders(t *testing.T) *providers {
	t.Helper()
	c := &providers{tencent: sandbox.New(sandbox.Config{
		SecretID: "AKIDtest", SecretKey: "key of a test",
		Now: time.Now, Random: func() float64 { return 1 },
	})}
	cloud := httptest.NewServer(c.tencent)
	t.Cleanup(cloud.Close)
	endpoint, err := url.Parse(cloud.URL)
	if err != nil {
		t.Fatal(err)
	}
	amazon := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.PostForm.Get("Action") != "Publish" {
			t.Errorf("SNS received %v: %v", r.PostForm, err)
		}
		c.sns++
		if c.snsDown {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">`+
				`<Error><Type>Sender</Type><Code>AuthorizationError</Code></Error></ErrorResponse>`)
			return
		}
		_, _ = fmt.Fprint(w, `<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">`+
			`<PublishResult><MessageId>m-1</MessageId></PublishResult></PublishResponse>`)
	}))
	t.Cleanup(amazon.Close)
	client := awsapi.NewOnce(awsapitest.Config(amazon.URL), awsapi.SNS)
	c.config = wiring.Providers{Tencent: wiring.Tencent{
		Region: "ap-guangzhou", Endpoint: endpoint, SMSApp: "1400006666", SMSSign: "单一窗口",
		SMSTemplate: "1110", SMSParameters: []string{"code", "minutes"},
	}}
	c.ports = provider.Ports{
		States: store.New(memory.New(time.Now)), Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Tencent: static{SecretID: "AKIDtest", SecretKey: "key of a test"},
		SMS:     []provider.SMSProvider{{Name: sns.Name, SMS: sns.New(func() *awsapi.Client { return client }, "")}},
	}
	return c
}

func (c *providers) send(t *testing.T, order ...string) (realname.CheckResult, error) {
	t.Helper()
	c.config.SMS = order
	var v verification.Verification
	provider.Over(c.config, c.ports, &v)
	return v.SMS.SendCode(t.Context(), realname.SMSMessage{
		Mobile: "13900001001", Code: "482913", CardTail: "0016", Minutes: 5,
	})
}

// The list in the configuration is the order. With [tencent, sns], SNS sends only the
// messages that Tencent Cloud certainly did not send; [sns, tencent] is the reverse.
func TestTheFirstProviderThatAcceptsAMessageSendsIt(t *testing.T) {
	both, reversed := []string{"tencent", "sns"}, []string{"sns", "tencent"}
	for name, tc := range map[string]struct {
		order                []string
		tencentDown, snsDown bool
		by                   string // "" if neither accepted it
		tencent, sns         bool   // received a request
	}{
		"Tencent Cloud first":              {both, false, false, "tencent", true, false},
		"Tencent Cloud down":               {both, true, false, "sns", true, true},
		"SNS first":                        {reversed, false, false, "sns", false, true},
		"SNS refuses":                      {reversed, false, true, "tencent", true, true},
		"neither":                          {both, true, true, "", true, true},
		"Tencent Cloud alone, though down": {[]string{"tencent"}, true, false, "", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := newProviders(t)
			c.snsDown = tc.snsDown
			if tc.tencentDown {
				if err := c.tencent.Fault(sandbox.SMS, sandbox.Error, 100); err != nil {
					t.Fatal(err)
				}
			}
			r, err := c.send(t, tc.order...)
			if (err == nil) != (tc.by != "") || err == nil && (r.Provider != tc.by || r.Outcome != realname.Match) {
				t.Errorf("%+v %v, want %q", r, err, tc.by)
			}
			asked := c.tencent.Seen(sandbox.SMS, false).Requests > 0
			if asked != tc.tencent || c.sns > 0 != tc.sns {
				t.Errorf("Tencent Cloud asked: %v, SNS asked: %v", asked, c.sns > 0)
			}
		})
	}
}
