package web

import (
	"slices"
	"strings"
	"testing"
)

func TestThePolicyAllowsNothingInline(t *testing.T) {
	policy := ContentSecurityPolicy()
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Error(policy)
	}
}

func TestMarkupAndScriptsComeFromOnePolicyOnly(t *testing.T) {
	for _, want := range []string{"require-trusted-types-for 'script'", "trusted-types vue"} {
		if !slices.Contains(strings.Split(ContentSecurityPolicy(), "; "), want) {
			t.Errorf("%s is missing", want)
		}
	}
}

func TestFormsGoToNamedOriginsOnly(t *testing.T) {
	targets := []string{"https://bank.example", "https://other.example:8443"}
	policy := ContentSecurityPolicy(targets...)
	want := "form-action 'self' https://bank.example https://other.example:8443"
	if !slices.Contains(strings.Split(policy, "; "), want) {
		t.Errorf("%s is missing in %s", want, policy)
	}
	if got := FormTargets(policy); !slices.Equal(got, targets) {
		t.Errorf("targets %q, want %q", got, targets)
	}
	if policy = ContentSecurityPolicy(); !slices.Contains(strings.Split(policy, "; "), "form-action 'self'") {
		t.Errorf("without a bank: %s", policy)
	}
	if got := FormTargets("default-src 'self'"); got != nil {
		t.Errorf("a policy without form-action has the targets %q", got)
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
