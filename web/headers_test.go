package web

import (
	"slices"
	"strings"
	"testing"
)

func TestThePolicyAllowsNothingInline(t *testing.T) {
	if !strings.HasPrefix(ContentSecurityPolicy, "default-src 'none'") ||
		strings.Contains(ContentSecurityPolicy, "unsafe") {
		t.Error(ContentSecurityPolicy)
	}
}

func TestMarkupAndScriptsComeFromOnePolicyOnly(t *testing.T) {
	for _, want := range []string{"require-trusted-types-for 'script'", "trusted-types vue"} {
		if !slices.Contains(strings.Split(ContentSecurityPolicy, "; "), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestOnlyHashedFilesAreKept(t *testing.T) {
	for path, want := range map[string]string{
		"/": CacheValidate, "/index.html": CacheValidate, "/config.json": CacheValidate, "/sessions/1": CacheValidate,
		"/assets/index-a1b2c3.js": CacheForever,
	} {
		if got := CacheControl(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func TestPagesHaveNoExtension(t *testing.T) {
	for path, want := range map[string]bool{
		"/": true, "/sessions/01JD": true, "/help/dates": true, "/config.json": false, "/assets/x": false,
		"/favicon.svg": false,
	} {
		if IsPage(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
}
