package tencent_test

import (
	"strings"
	"testing"

	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

func TestAProbeOfAWorkingProviderFindsNoFault(t *testing.T) {
	h := start(t, nil)
	for _, check := range []realname.CheckName{
		realname.RegistryCheck, realname.IDCardCheck, realname.BankCardCheck, realname.SMSCheck,
	} {
		if f := h.client.Probe(t.Context(), check); !f.Works || f.Code == "" || f.RequestID == "" || f.Advice != "" {
			t.Errorf("%+v", f)
		}
	}
	if _, sent := h.LastMessage(message.Mobile); sent {
		t.Error("a probe sent a message")
	}
}

func TestAProbeNamesTheFault(t *testing.T) {
	h := start(t, nil)
	for code, word := range map[string]string{
		"AuthFailure.SecretIdNotFound":              "SecretId",
		"AuthFailure.SignatureFailure":              "SecretKey",
		"AuthFailure.SignatureExpire":               "clock",
		"UnauthorizedOperation.Nonactivated":        "activate",
		"UnauthorizedOperation.Arrears":             "arrears",
		"ResourceUnavailable.ResourcePackageRunOut": "package",
		"UnauthorizedOperation":                     "permission",
		"UnsupportedRegion":                         "REALNAME_TENCENT_REGION",
		"RequestLimitExceeded":                      "rate",
		"FailedOperation.New":                       "request ID",
	} {
		h.forceError(t, code, "m")
		if f := h.client.Probe(t.Context(), "id_card"); f.Works || f.Code != code || !strings.Contains(f.Advice, word) {
			t.Errorf("%s: %+v", code, f)
		}
	}
}

func TestAProbeWithAWrongKeySaysSo(t *testing.T) {
	h := start(t, nil)
	config := h.config
	config.Credentials = credential.Fixed(tencent.Credentials{SecretID: "AKIDtest", SecretKey: "another"})
	if f := tencent.New(config).Probe(t.Context(), "registry"); f.Works || !strings.Contains(f.Advice, "SecretKey") {
		t.Errorf("%+v", f)
	}
}
