package bankcallback

import (
	"strings"
	"testing"

	"realname/shared/realname"
)

const good = `{"requestId":"s.1","result":"PASS","reason":null,"enterprise":{"name":"甲公司","uscc":"91130100MA0R01NM09","orgCode":"MA0R01NM0"},"certificateSerial":"5A:4E-8D","completedAt":"2026-03-02T17:00:00+08:00"}` //nolint:lll // a callback as sent

func TestACallbackIsReadStrictly(t *testing.T) {
	a, err := parse([]byte(good))
	if err != nil || a.Name != "甲公司" || a.Result != realname.BankPassed || a.CertificateSerial != "5A:4E-8D" {
		t.Fatalf("%+v %v", a, err)
	}
	for _, lenient := range []string{
		strings.Replace(good, `"reason":null,`, ``, 1), strings.Replace(good, `null`, `""`, 1),
		strings.Replace(good, `"certificateSerial":"5A:4E-8D",`, ``, 1),
	} {
		if _, err := parse([]byte(lenient)); err != nil {
			t.Errorf("%s: %v", lenient, err)
		}
	}
	for pointer, bad := range map[string]string{
		"/result":             strings.Replace(good, `"PASS"`, `"OK"`, 1),
		"/requestId":          strings.Replace(good, `"s.1"`, `""`, 1),
		"/completedAt":        strings.Replace(good, `T17:00`, ` 17:00`, 1),
		"/certificateSerial":  strings.Replace(good, `5A:4E-8D`, strings.Repeat("5", 65), 1),
		"/reason":             strings.Replace(good, `null`, `7`, 1),
		"/enterprise/name":    strings.Replace(good, `甲公司`, `甲公司`+strings.Repeat(" ", 198), 1),
		"/enterprise/uscc":    strings.Replace(good, `NM09`, `NM09 `, 1),
		"/enterprise/orgCode": strings.Replace(good, `,"orgCode":"MA0R01NM0"`, ``, 1),
		"/enterprise/more":    strings.Replace(good, `"orgCode"`, `"more":1,"orgCode"`, 1),
	} {
		_, err := parse([]byte(bad))
		if realname.CodeOf(err) != realname.CodeInvalidRequest || !strings.Contains(err.Error(), pointer+":") {
			t.Errorf("%s: %v", pointer, err)
		}
	}
}

func TestTheNameIsKeptAsTheBankWroteIt(t *testing.T) {
	a, err := parse([]byte(strings.NewReplacer("甲公司", "进出⼝㈱", "MA0R01NM0\"", "ＭA0R01NM0\"").Replace(good)))
	if err != nil || a.Name != "进出⼝㈱" || a.OrgCode != "ＭA0R01NM0" {
		t.Errorf("%+v %v", a, err)
	}
}

func TestABanksReasonIsOneOfOurs(t *testing.T) {
	for text, want := range map[string]realname.BankReason{
		`"CERTIFICATE_EXPIRED"`: realname.BankCertificateExpired, `"certificate_expired"`: realname.BankUnspecified,
		`"证书过期"`: realname.BankUnspecified, `null`: realname.BankUnspecified,
	} {
		a, err := parse([]byte(strings.NewReplacer(`"PASS"`, `"FAIL"`, `"reason":null`, `"reason":`+text).Replace(good)))
		if err != nil || a.Reason != want {
			t.Errorf("%s: %s %v", text, a.Reason, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(good))
	f.Add([]byte(`{}`))
	f.Add([]byte(strings.Replace(good, `"result"`, `"result":"FAIL","result"`, 1)))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := parse(body)
		if err != nil {
			if realname.CodeOf(err) != realname.CodeInvalidRequest {
				t.Errorf("%v", err)
			}
			return
		}
		if a.RequestID == "" || len(a.RequestID) > maxRequestID ||
			a.Result != realname.BankPassed && a.Result != realname.BankFailed ||
			len(a.CertificateSerial) > maxCertificateSerial {
			t.Errorf("%+v", a)
		}
	})
}
