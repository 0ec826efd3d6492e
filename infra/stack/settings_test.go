package stack

import (
	"os"
	"strings"
	"testing"
)

func TestSettingsTakeDefaults(t *testing.T) {
	s, err := ReadSettings(map[string]string{}, "111122223333", "cn-north-1")
	if err != nil || s.Stage != "dev" || s.Account != "111122223333" || s.Region != "cn-north-1" ||
		s.Architecture != "arm64" || s.LogDays != 30 || s.Reserve || s.Protect || s.Name("x") != "realname-dev-x" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestProtectionIsASettingNotAName(t *testing.T) {
	s, err := ReadSettings(map[string]string{
		"stage": "prod-hebei", "protect": "true", "alarmEmail": "ops@example.com",
	}, "", "")
	if err != nil || !s.Protect || s.Name("x") != "realname-prod-hebei-x" {
		t.Errorf("%+v %v", s, err)
	}
	if s, err := ReadSettings(map[string]string{"stage": "prod"}, "", ""); err != nil || s.Protect || s.Reserve {
		t.Errorf("%+v %v", s, err)
	}
	if _, err := ReadSettings(map[string]string{"protect": "true"}, "", ""); err == nil ||
		!strings.Contains(err.Error(), "alarmEmail") {
		t.Errorf("a protected stage without alarmEmail: %v", err)
	}
}

func TestEveryWrongSettingIsNamed(t *testing.T) {
	wrong := map[string]string{
		"stage": "Prod", "protect": "yes", "region": "us-gov-west-1",
		"architecture": "mips", "logDays": "8", "rate": "0", "burst": "x",
		"publicRate": "-1", "publicBurst": "99999",
		"corsOrigins": "http://plain.example.com", "domainName": "no host",
		"certificateArn": "arn:aws:acm:eu-west-1:1:certificate/1", "webRateLimit": "1",
		"vpc": "maybe", "originSlot": "c", "originCheck": "maybe", "apiDomainName": "api.example.com",
		"tokenKeys":  "RS256",
		"alarmEmail": "nobody", "reserveConcurrency": "maybe", "memory.login": "64", "memory.nothing": "256",
		"concurrency.login":       "many",
		"REALNAME_TRIES_PER_STEP": "none", "REALNAME_TABLE": "mine", "REALNAME_MISSPELLED": "1", "misspelled": "1",
	}
	_, err := ReadSettings(wrong, "", "")
	if err == nil {
		t.Fatal("accepted")
	}
	for name := range wrong {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in:\n%v", name, err)
		}
	}
}

func TestSettingsThatDoNotFitEachOther(t *testing.T) {
	for want, context := range map[string]map[string]string{
		"certificateId: region us-east-1": {"domainName": "a.example.com", "certificateId": "ASCA1"},
		"certificateArn: region cn-north-1": {
			"region": "cn-north-1", "domainName": "a.example.cn", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/1",
		},
		"domainName and certificateArn": {"domainName": "a.example.com"},
		`vpcCidr: want a network such as 10.20.0.0/16, from /16 to /20, got "10.20.0.0/24"`: {"vpcCidr": "10.20.0.0/24"},
		"vpcZones: want two or three zones":                                                 {"vpcZones": "a"},
		"vpcZones: want different letters":                                                  {"vpcZones": "a,a"},
		"apiDomainName and apiCertificateArn": {
			"apiCertificateArn": "arn:aws:acm:us-east-1:1:certificate/1",
		},
		"a host name other than domainName": {
			"domainName": "a.example.com", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/1",
			"apiDomainName": "a.example.com", "apiCertificateArn": "arn:aws:acm:us-east-1:1:certificate/1",
		},
		"want a certificate of ACM in cn-north-1": {
			"region": "cn-north-1", "apiDomainName": "api.example.cn",
			"apiCertificateArn": "arn:aws:acm:us-east-1:1:certificate/1",
		},
		"domainName and certificateId":              {"region": "cn-northwest-1", "domainName": "a.example.cn"},
		`"cn-south-1" is none of`:                   {"region": "cn-south-1"},
		"concurrency.nothing: there is no function": {"concurrency.nothing": "1"},
		"REALNAME_MAIL_FROM: want an address alone": {
			"REALNAME_MAIL_FROM": "x", "REALNAME_PUBLIC_ORIGIN": "https://a.example.com",
		},
		"SNS sends no SMS from region cn-north-1": {"region": "cn-north-1", "REALNAME_SMS_PROVIDERS": "sns"},
		"SMS from region us-west-2 for a stage in cn-north": {
			"region": "cn-north-1", "REALNAME_SMS_PROVIDERS": "sns", "REALNAME_SNS_REGION": "us-west-2",
		},
		"SNS sends no SMS from region cn-northwest-1": {
			"REALNAME_SMS_PROVIDERS": "sns", "REALNAME_SNS_REGION": "cn-northwest-1",
		},
		"SES sends no e-mail from region cn-north-1": {
			"region": "cn-north-1", "REALNAME_MAIL_FROM": "a@example.com", "REALNAME_PUBLIC_ORIGIN": "https://a.example.com",
		},
		"SES sends no e-mail from region cn-northwest-1": {
			"REALNAME_MAIL_REGION": "cn-northwest-1", "REALNAME_MAIL_FROM": "a@example.com",
			"REALNAME_PUBLIC_ORIGIN": "https://a.example.com",
		},
		"REALNAME_STAGE is set by the deployment":           {"REALNAME_STAGE": "x"},
		"REALNAME_STEP_TIMEOUT: want a positive duration":   {"REALNAME_STEP_TIMEOUT": "soon"},
		"corsOrigins: \"https://a.example.com/path\" is no": {"corsOrigins": "https://a.example.com/path"},
	} {
		if _, err := ReadSettings(context, "", ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", context, err, want)
		}
	}
}

func TestOthersContextIsLeftAlone(t *testing.T) {
	if _, err := ReadSettings(map[string]string{"@aws-cdk/core:x": "true", "aws:cdk:toolkit": "1"}, "", ""); err != nil {
		t.Error(err)
	}
}

func TestEverySettingHasALineInTheGuide(t *testing.T) {
	var guide string
	for _, name := range []string{"settings.md", "providers.md"} {
		text, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		guide += string(text)
	}
	r := &reader{context: map[string]string{}, seen: map[string]bool{}}
	r.settings("", "us-east-1")
	for name := range r.seen {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide has no line for %s", name)
		}
	}
	for name := range r.known {
		if !strings.Contains(guide, "`"+name+"`") {
			t.Errorf("the guide has no line for %s", name)
		}
	}
}
