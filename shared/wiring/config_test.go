package wiring

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"realname/shared/notify"
	"realname/shared/realname"
)

func env(pairs map[string]string) func(string) string {
	all := map[string]string{"REALNAME_STAGE": "dev", "REALNAME_ISSUER": "realname", "REALNAME_TABLE": "t"}
	for k, v := range pairs {
		all[k] = v
	}
	return func(name string) string { return all[name] }
}

func TestLoadReadsDefaultsAndOverrides(t *testing.T) {
	c, err := Load(env(nil))
	if err != nil {
		t.Fatal(err)
	}
	if c.Limits != realname.DefaultLimits() || c.TokenTTL != 2*time.Hour || c.Outbox.Schedule != notify.DefaultSchedule() {
		t.Errorf("%+v", c)
	}
	c, err = Load(env(map[string]string{"REALNAME_TRIES_PER_STEP": "3", "REALNAME_STEP_TIMEOUT": "90s"}))
	if err != nil || c.Limits.TriesPerStep != 3 || c.Limits.StepTimeout != 90*time.Second {
		t.Errorf("%+v %v", c.Limits, err)
	}
	c, err = Load(env(map[string]string{
		"REALNAME_NOTIFY_FIRST": "1s", "REALNAME_NOTIFY_MOST": "2s", "REALNAME_NOTIFY_FOR": "3s",
	}))
	want := notify.Schedule{First: time.Second, Most: 2 * time.Second, For: 3 * time.Second}
	if err != nil || c.Outbox.Schedule != want {
		t.Errorf("%+v %v", c.Outbox, err)
	}
}

func TestLoadNamesEveryWrongVariable(t *testing.T) {
	wrong := map[string]string{
		"REALNAME_TABLE":           "",
		"REALNAME_TRIES_PER_STEP":  "0",
		"REALNAME_SMS_INTERVAL":    "soon",
		"REALNAME_SESSION_TIMEOUT": "-1h",
	}
	_, err := Load(env(wrong))
	for name := range wrong {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestProvidersNeedTheirSettings(t *testing.T) {
	c, err := Load(env(map[string]string{
		"REALNAME_REGISTRY_PROVIDERS": "tencent",
		"REALNAME_TENCENT_SECRET_ARN": "arn:s",
		"REALNAME_TENCENT_ENDPOINT":   "http://127.0.0.1:8090",
	}))
	if err != nil {
		t.Fatal(err)
	}
	if p := c.Providers.Tencent; p.Region != "ap-guangzhou" || p.Endpoint.Host != "127.0.0.1:8090" {
		t.Errorf("%+v", c.Providers)
	}
	c, err = Load(env(map[string]string{
		"REALNAME_REGISTRY_PROVIDERS": "tencent,aliyun,baidu", "REALNAME_SMS_PROVIDERS": "sns",
		"REALNAME_TENCENT_SECRET_FILE": "t", "REALNAME_ALIYUN_SECRET_FILE": "a", "REALNAME_BAIDU_SECRET_FILE": "b",
	}))
	if got := strings.Join(c.Providers.Names(), " "); err != nil || got != "tencent aliyun baidu sns" {
		t.Errorf("%s %v", got, err)
	}
	_, err = Load(env(map[string]string{
		"REALNAME_SMS_PROVIDERS": "tencent, pigeon,aliyun", "REALNAME_TENCENT_ENDPOINT": "nowhere",
		"REALNAME_REGISTRY_PROVIDERS": "baidu",
	}))
	for _, name := range []string{
		"REALNAME_SMS_PROVIDERS", "pigeon", "REALNAME_TENCENT_SECRET_ARN", "REALNAME_TENCENT_ENDPOINT",
		"REALNAME_TENCENT_SMS_APP", "REALNAME_TENCENT_SMS_SIGN", "REALNAME_TENCENT_SMS_TEMPLATE",
		"REALNAME_ALIYUN_SECRET_ARN", "REALNAME_ALIYUN_SMS_SIGN", "REALNAME_ALIYUN_SMS_TEMPLATE",
		"REALNAME_BAIDU_SECRET_ARN",
	} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in %v", name, err)
		}
	}
}

func TestAWSConfigurationComesFromTheEnvironment(t *testing.T) {
	c := awsConfig(env(map[string]string{
		"AWS_REGION":            "cn-north-1",
		"AWS_ACCESS_KEY_ID":     "id",
		"AWS_SECRET_ACCESS_KEY": "secret",
		"AWS_SESSION_TOKEN":     "token",
		"AWS_ENDPOINT_URL":      "http://127.0.0.1:4566",
	}))
	k, err := c.Credentials(context.Background())
	if err != nil || k.AccessKeyID != "id" || k.SecretAccessKey != "secret" || k.SessionToken != "token" {
		t.Errorf("%s %v", k.AccessKeyID, err)
	}
	if c.Region != "cn-north-1" || c.Endpoint != "http://127.0.0.1:4566" {
		t.Errorf("region %s, endpoint %s", c.Region, c.Endpoint)
	}
	if _, err := awsConfig(env(nil)).Credentials(context.Background()); err == nil {
		t.Error("credentials without an environment")
	}
}

// One machine needs no variable. What is set counts as on a stage.
func TestOneMachineNamesNoResources(t *testing.T) {
	c, err := LoadMachine(func(string) string { return "" })
	if err != nil || c.Stage != "machine" || c.Issuer != "realname" || c.Limits != realname.DefaultLimits() {
		t.Errorf("%+v %v", c, err)
	}
	set := map[string]string{
		"REALNAME_STAGE": "pilot", "REALNAME_TRIES_PER_STEP": "3", "REALNAME_SMS_INTERVAL": "soon",
		"REALNAME_REGISTRY_PROVIDERS": "tencent", "REALNAME_TENCENT_SECRET_FILE": "/run/secret",
	}
	c, err = LoadMachine(func(name string) string { return set[name] })
	if c.Stage != "pilot" || c.Limits.TriesPerStep != 3 || c.Providers.Tencent.SecretFile != "/run/secret" {
		t.Errorf("%+v", c)
	}
	if err == nil || !strings.Contains(err.Error(), "REALNAME_SMS_INTERVAL") || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("want only the interval refused, got %v", err)
	}
	delete(set, "REALNAME_TENCENT_SECRET_FILE")
	if _, err = LoadMachine(func(name string) string { return set[name] }); err == nil ||
		!strings.Contains(err.Error(), "REALNAME_TENCENT_SECRET_FILE") {
		t.Errorf("want the file that is not set, got %v", err)
	}
}

func TestOneMachineCallsAWSWithARegionAndCredentials(t *testing.T) {
	whole := map[string]string{"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret"}
	mail := map[string]string{"REALNAME_MAIL_FROM": "a@example.com", "REALNAME_PUBLIC_ORIGIN": "https://a.example"}
	for variable, c := range map[string]struct {
		set    map[string]string
		region string // the variable of its own region
	}{
		"REALNAME_EVENT_BUS":     {map[string]string{"REALNAME_EVENT_BUS": "bus"}, ""},
		"REALNAME_MAIL_FROM":     {mail, "REALNAME_MAIL_REGION"},
		"REALNAME_SMS_PROVIDERS": {map[string]string{"REALNAME_SMS_PROVIDERS": "sns"}, "REALNAME_SNS_REGION"},
		"REALNAME_BAIDU_SECRET_ARN": {map[string]string{
			"REALNAME_REGISTRY_PROVIDERS": "baidu", "REALNAME_BAIDU_SECRET_ARN": "arn:s",
		}, ""},
	} {
		load := func(without string, more map[string]string) error {
			_, err := LoadMachine(func(name string) string {
				if name == without {
					return ""
				}
				return cmp.Or(c.set[name], more[name], whole[name])
			})
			return err
		}
		if err := load("", nil); err != nil {
			t.Errorf("%s: %v", variable, err)
		}
		for name := range whole {
			if err := load(name, nil); err == nil || !strings.HasPrefix(err.Error(), variable+": ") ||
				!strings.Contains(err.Error(), name) {
				t.Errorf("%s without %s: %v", variable, name, err)
			}
		}
		if c.region == "" {
			continue
		}
		if err := load("AWS_REGION", map[string]string{c.region: "us-east-1"}); err != nil {
			t.Errorf("%s with %s: %v", variable, c.region, err)
		}
	}
	mail["REALNAME_SMTP_SERVER"] = "mail.example:465"
	if _, err := LoadMachine(func(name string) string { return mail[name] }); err != nil {
		t.Errorf("a mail server of one's own: %v", err)
	}
}

func TestOneMachineMaySendThroughAMailServer(t *testing.T) {
	const server, login = "REALNAME_SMTP_SERVER", "REALNAME_SMTP_LOGIN_FILE"
	from := map[string]string{"REALNAME_MAIL_FROM": "a@example.com", "REALNAME_PUBLIC_ORIGIN": "https://a.example"}
	for want, set := range map[string]map[string]string{
		"":                                 {server: "mail.example:465", login: "/run/login"},
		"REALNAME_SMTP_SERVER: want":       {server: "mail.example"},
		"REALNAME_SMTP_SERVER: want ":      {server: ":25"},
		"REALNAME_SMTP_LOGIN_FILE: set":    {login: "/run/login"},
		"REALNAME_SMTP_SERVER: set REALNA": {server: "mail.example:465", "REALNAME_MAIL_FROM": "-"},
		"REALNAME_MAIL_FROM: want an addr": {server: "mail.example:465", "REALNAME_MAIL_FROM": "Realname <a@example.com>"},
		"REALNAME_PUBLIC_ORIGIN: want the": {"REALNAME_PUBLIC_ORIGIN": "https://a.example/"},
		"REALNAME_MAIL_FROM: want an ad":   {server: "mail.example:465", "REALNAME_MAIL_FROM": "example.com"},
	} {
		c, err := LoadMachine(func(name string) string {
			if set["REALNAME_MAIL_FROM"] == "-" && from[name] != "" {
				return ""
			}
			return cmp.Or(set[name], from[name])
		})
		if want == "" && (err != nil || c.Mail.SMTP != (SMTP{"mail.example:465", "/run/login"})) {
			t.Errorf("%+v %v", c.Mail, err)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%v: %v, want %q", set, err, want)
		}
	}
	c, err := Load(env(map[string]string{server: "mail.example:465"}))
	if err != nil || c.Mail.SMTP != (SMTP{}) {
		t.Errorf("a stage: %+v %v", c.Mail, err)
	}
}

func TestRecipientsAreTheProvidersUnlessTheDeploymentNamesThem(t *testing.T) {
	own := map[string]string{
		"REALNAME_REGISTRY_PROVIDERS": "tencent", "REALNAME_SMS_PROVIDERS": "sns", "REALNAME_TENCENT_SECRET_FILE": "f",
	}
	c, err := Load(env(own))
	if err != nil || fmt.Sprint(c.Recipients) != "map[bank_card:[] id_card:[] registry:[tencent] sms:[sns]]" {
		t.Errorf("%v, %v", c.Recipients, err)
	}
	own["REALNAME_RECIPIENTS"] = "registry=tencent,sms=tencent,sms=sns"
	c, err = Load(env(own))
	if err != nil || fmt.Sprint(c.Recipients) != "map[registry:[tencent] sms:[tencent sns]]" {
		t.Errorf("%v, %v", c.Recipients, err)
	}
	for _, wrong := range []string{"tencent", "registry=", "fax=tencent", "sms=sns,"} {
		if _, err := Load(env(map[string]string{"REALNAME_RECIPIENTS": wrong})); err == nil ||
			!strings.Contains(err.Error(), "REALNAME_RECIPIENTS: want pairs") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestTheControlsDownloadIsAnHTTPSAddress(t *testing.T) {
	c, err := Load(env(map[string]string{"REALNAME_CONTROL_DOWNLOAD": "https://c.example/setup.exe?v=2"}))
	if err != nil || c.ControlDownload != "https://c.example/setup.exe?v=2" {
		t.Errorf("%q, %v", c.ControlDownload, err)
	}
	for _, wrong := range []string{"http://c.example", "javascript:alert(1)", "//c.example", "https://", "setup.exe"} {
		if _, err := Load(env(map[string]string{"REALNAME_CONTROL_DOWNLOAD": wrong})); err == nil {
			t.Errorf("%q was accepted", wrong)
		}
	}
}
