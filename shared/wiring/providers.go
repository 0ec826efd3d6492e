package wiring

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Providers lists the providers of each check in the order of the requests. A check
// with an empty list is unavailable.
type Providers struct {
	Registry []string // REALNAME_REGISTRY_PROVIDERS
	IDCard   []string // REALNAME_ID_CARD_PROVIDERS
	BankCard []string // REALNAME_BANK_CARD_PROVIDERS
	SMS      []string // REALNAME_SMS_PROVIDERS
	Tencent  Tencent
	SNS      SNS
}

// SNS holds the settings of Amazon SNS.
type SNS struct {
	Region string // REALNAME_SNS_REGION; "" means the stage's region
	Sender string // REALNAME_SNS_SENDER; "" means the region's default
}

// Tencent holds the settings of Tencent Cloud. Its credentials are in a secret.
type Tencent struct {
	SecretARN     string   // REALNAME_TENCENT_SECRET_ARN
	SecretFile    string   // REALNAME_TENCENT_SECRET_FILE: replaces the secret on one machine
	Region        string   // REALNAME_TENCENT_REGION
	Endpoint      *url.URL // REALNAME_TENCENT_ENDPOINT, if a simulator or a proxy replaces it
	SMSApp        string   // REALNAME_TENCENT_SMS_APP
	SMSSign       string   // REALNAME_TENCENT_SMS_SIGN
	SMSTemplate   string   // REALNAME_TENCENT_SMS_TEMPLATE
	SMSParameters []string // REALNAME_TENCENT_SMS_PARAMETERS
}

// Names of providers.
const (
	tencentName = "tencent"
	snsName     = "sns"
)

func (r *reader) providers() Providers {
	p := Providers{
		Registry: r.list("REALNAME_REGISTRY_PROVIDERS", nil, tencentName),
		IDCard:   r.list("REALNAME_ID_CARD_PROVIDERS", nil, tencentName),
		BankCard: r.list("REALNAME_BANK_CARD_PROVIDERS", nil, tencentName),
		SMS:      r.list("REALNAME_SMS_PROVIDERS", nil, tencentName, snsName),
		SNS:      SNS{Region: r.getenv("REALNAME_SNS_REGION"), Sender: r.getenv("REALNAME_SNS_SENDER")},
	}
	sms := slices.Contains(p.SMS, tencentName)
	if sms || slices.Contains(slices.Concat(p.Registry, p.IDCard, p.BankCard), tencentName) {
		p.Tencent = r.tencent(sms)
	}
	return p
}

func (r *reader) tencent(sms bool) Tencent {
	t := Tencent{
		SecretFile: r.getenv("REALNAME_TENCENT_SECRET_FILE"),
		Region:     r.getenv("REALNAME_TENCENT_REGION"),
		Endpoint:   r.url("REALNAME_TENCENT_ENDPOINT"),
		SMSParameters: r.list("REALNAME_TENCENT_SMS_PARAMETERS",
			[]string{"code", "minutes"}, "code", "minutes", "card_tail"),
	}
	if t.SecretFile == "" {
		t.SecretARN = r.text("REALNAME_TENCENT_SECRET_ARN")
	}
	if t.Region == "" {
		t.Region = "ap-guangzhou"
	}
	if sms {
		t.SMSApp = r.text("REALNAME_TENCENT_SMS_APP")
		t.SMSSign = r.text("REALNAME_TENCENT_SMS_SIGN")
		t.SMSTemplate = r.text("REALNAME_TENCENT_SMS_TEMPLATE")
	}
	return t
}

// list reads words separated by commas. Each must be one of the allowed words.
func (r *reader) list(name string, otherwise []string, allowed ...string) []string {
	v := r.getenv(name)
	if v == "" {
		return otherwise
	}
	words := strings.Split(v, ",")
	for i, w := range words {
		words[i] = strings.TrimSpace(w)
		if !slices.Contains(allowed, words[i]) {
			r.err = errors.Join(r.err, fmt.Errorf("%s: want words of %s, got %q",
				name, strings.Join(allowed, ", "), words[i]))
		}
	}
	return words
}

// url reads scheme and host.
func (r *reader) url(name string) *url.URL {
	v := r.getenv(name)
	if v == "" {
		return nil
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want the form https://host, got %q", name, v))
		return nil
	}
	return u
}
