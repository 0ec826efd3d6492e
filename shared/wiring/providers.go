package wiring

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"realname/shared/realname"
)

// Providers lists the providers of each check in the order of the requests. A check
// with an empty list is unavailable.
type Providers struct {
	Registry []string // REALNAME_REGISTRY_PROVIDERS
	IDCard   []string // REALNAME_ID_CARD_PROVIDERS
	BankCard []string // REALNAME_BANK_CARD_PROVIDERS
	SMS      []string // REALNAME_SMS_PROVIDERS
	// SecondOpinion is REALNAME_REGISTRY_SECOND_OPINION: ask one more registry if the first
	// finds an element different.
	SecondOpinion bool
	Tencent       Tencent
	Aliyun        Aliyun
	Baidu         Baidu
	SNS           SNS
}

// Recipients returns the providers of each check, which receive what users enter.
func (p Providers) Recipients() realname.Recipients {
	return realname.Recipients{
		realname.RegistryCheck: p.Registry, realname.IDCardCheck: p.IDCard,
		realname.BankCardCheck: p.BankCard, realname.SMSCheck: p.SMS,
	}
}

// Names returns the providers of every check, each once, in the order of the checks.
func (p Providers) Names() []string {
	var names []string
	for _, name := range slices.Concat(p.Registry, p.IDCard, p.BankCard, p.SMS) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// Aliyun holds the settings of Alibaba Cloud. Its credentials are in a secret.
type Aliyun struct {
	SecretARN     string   // REALNAME_ALIYUN_SECRET_ARN
	SecretFile    string   // REALNAME_ALIYUN_SECRET_FILE: replaces the secret on one machine
	Endpoint      *url.URL // REALNAME_ALIYUN_ENDPOINT, if a simulator or a proxy replaces it
	SMSSign       string   // REALNAME_ALIYUN_SMS_SIGN
	SMSTemplate   string   // REALNAME_ALIYUN_SMS_TEMPLATE
	SMSParameters []string // REALNAME_ALIYUN_SMS_PARAMETERS
}

// Baidu holds the settings of Baidu AI Cloud. Its credentials are in a secret.
type Baidu struct {
	SecretARN  string   // REALNAME_BAIDU_SECRET_ARN
	SecretFile string   // REALNAME_BAIDU_SECRET_FILE: replaces the secret on one machine
	Endpoint   *url.URL // REALNAME_BAIDU_ENDPOINT, if a simulator or a proxy replaces it
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
	aliyunName  = "aliyun"
	baiduName   = "baidu"
	snsName     = "sns"
)

func (r *reader) providers() Providers {
	p := Providers{
		Registry:      r.list("REALNAME_REGISTRY_PROVIDERS", nil, tencentName, aliyunName, baiduName),
		IDCard:        r.list("REALNAME_ID_CARD_PROVIDERS", nil, tencentName, aliyunName, baiduName),
		BankCard:      r.list("REALNAME_BANK_CARD_PROVIDERS", nil, tencentName, aliyunName),
		SMS:           r.list("REALNAME_SMS_PROVIDERS", nil, tencentName, aliyunName, snsName),
		SecondOpinion: r.flag("REALNAME_REGISTRY_SECOND_OPINION"),
		SNS:           SNS{Region: r.getenv("REALNAME_SNS_REGION"), Sender: r.getenv("REALNAME_SNS_SENDER")},
	}
	if p.SecondOpinion && len(p.Registry) == 1 {
		r.err = errors.Join(r.err, errors.New(
			"REALNAME_REGISTRY_SECOND_OPINION: want at least two registries in REALNAME_REGISTRY_PROVIDERS"))
	}
	names := p.Names()
	if slices.Contains(names, tencentName) {
		p.Tencent = r.tencent(slices.Contains(p.SMS, tencentName))
	}
	if slices.Contains(names, aliyunName) {
		p.Aliyun = r.aliyun(slices.Contains(p.SMS, aliyunName))
	}
	if slices.Contains(names, baiduName) {
		p.Baidu = Baidu{Endpoint: r.url("REALNAME_BAIDU_ENDPOINT")}
		p.Baidu.SecretFile, p.Baidu.SecretARN = r.secret("REALNAME_BAIDU_SECRET")
	}
	return p
}

// secret reads the name of a secret: a file or, without one, an ARN.
func (r *reader) secret(variable string) (file, arn string) {
	if file = r.getenv(variable + "_FILE"); file != "" {
		return file, ""
	}
	if arn = r.getenv(variable + "_ARN"); arn == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s_ARN is not set, and on one machine neither is %s_FILE", variable, variable))
	}
	return "", arn
}

func (r *reader) aliyun(sms bool) Aliyun {
	a := Aliyun{
		Endpoint:      r.url("REALNAME_ALIYUN_ENDPOINT"),
		SMSParameters: r.parameters("REALNAME_ALIYUN_SMS_PARAMETERS"),
	}
	a.SecretFile, a.SecretARN = r.secret("REALNAME_ALIYUN_SECRET")
	if sms {
		a.SMSSign = r.text("REALNAME_ALIYUN_SMS_SIGN")
		a.SMSTemplate = r.text("REALNAME_ALIYUN_SMS_TEMPLATE")
	}
	return a
}

// parameters reads the variables of a template for messages.
func (r *reader) parameters(name string) []string {
	return r.list(name, []string{"code", "minutes"}, "code", "minutes", "card_tail")
}

func (r *reader) tencent(sms bool) Tencent {
	t := Tencent{
		Region:        r.getenv("REALNAME_TENCENT_REGION"),
		Endpoint:      r.url("REALNAME_TENCENT_ENDPOINT"),
		SMSParameters: r.parameters("REALNAME_TENCENT_SMS_PARAMETERS"),
	}
	t.SecretFile, t.SecretARN = r.secret("REALNAME_TENCENT_SECRET")
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

// flag reads true or false.
func (r *reader) flag(name string) bool {
	v := r.getenv(name)
	if v != "" && v != "true" && v != "false" {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want true or false, got %q", name, v))
	}
	return v == "true"
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
