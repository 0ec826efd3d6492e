package main

import (
	"bytes"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
)

func TestASettingThatNothingReadsIsLogged(t *testing.T) {
	var out bytes.Buffer
	c, err := machineSettings([]string{
		"REALNAME_CHECKS_PER_DAY=7", "REALNAME_CHEKS_PER_DAY=8", "REALNAME_STATE=/state", "REALNAME_FLAGS=", "HOME=/root",
		"REALNAME_TENCENT_REGION=ap-beijing", // no list names the provider
	}, slog.New(slog.NewTextHandler(&out, nil)))
	if err != nil || c.Limits.ChecksPerDay != 7 {
		t.Fatalf("%d %v", c.Limits.ChecksPerDay, err)
	}
	if text := out.String(); strings.Count(text, "\n") != 2 || !strings.Contains(text, "name=REALNAME_CHEKS_PER_DAY") ||
		!strings.Contains(text, "name=REALNAME_TENCENT_REGION") {
		t.Error(text)
	}
}

// Otherwise the first user finds out.
func TestASecretFileThatIsMissingStopsTheStart(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "provider.json")
	for _, provider := range []string{"tencent", "aliyun", "baidu"} {
		variable := "REALNAME_" + strings.ToUpper(provider) + "_SECRET_FILE"
		_, err := machineSettings([]string{
			"REALNAME_REGISTRY_PROVIDERS=" + provider, variable + "=" + missing,
		}, slog.New(slog.DiscardHandler))
		if err == nil || !strings.HasPrefix(err.Error(), variable+": open") {
			t.Errorf("%s: %v", provider, err)
		}
	}
}
