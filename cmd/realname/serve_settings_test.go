package main

import (
	"bytes"
	"log/slog"
	"os"
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
func TestASecretFileThatCannotBeUsedStopsTheStart(t *testing.T) {
	dir := t.TempDir()
	missing, wrong := filepath.Join(dir, "missing.json"), filepath.Join(dir, "wrong.json")
	if err := os.WriteFile(wrong, []byte(`{"id":"x","key":"hush"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, provider := range []string{"tencent", "aliyun", "baidu"} {
		variable := "REALNAME_" + strings.ToUpper(provider) + "_SECRET_FILE"
		for file, want := range map[string]string{missing: ": open", wrong: ": secret: "} {
			_, err := machineSettings([]string{
				"REALNAME_REGISTRY_PROVIDERS=" + provider, variable + "=" + file,
			}, slog.New(slog.DiscardHandler))
			if err == nil || !strings.HasPrefix(err.Error(), variable+want) || strings.Contains(err.Error(), "hush") {
				t.Errorf("%s: %v", provider, err)
			}
		}
	}
}
