package provider_test

import (
	"strings"
	"testing"

	"realname/shared/provider"
)

// Advice names the settings and the hosts of the provider, or leaves its own codes to it.
func TestAdviceNamesTheCause(t *testing.T) {
	a := provider.Access{Provider: "Example", Hosts: "*.example.com", Fields: "id and key", Variable: "REALNAME_EXAMPLE"}
	own := func(code string) string { return map[string]string{"6": "ask for the permission"}[code] }
	for code, words := range map[string][]string{
		provider.CodeCredentials: {"id and key", "REALNAME_EXAMPLE_SECRET_ARN", "REALNAME_EXAMPLE_SECRET_FILE"},
		provider.CodeUnreachable: {"*.example.com", "REALNAME_EXAMPLE_ENDPOINT"},
		provider.CodeTimeout:     {"*.example.com", "REALNAME_EXAMPLE_ENDPOINT"},
		provider.CodeMalformed:   {"than Example answered", "REALNAME_EXAMPLE_ENDPOINT"},
		"6":                      {"ask for the permission"},
		"7":                      {"request ID"},
	} {
		for _, word := range words {
			if got := a.Advice(code, own); !strings.Contains(got, word) {
				t.Errorf("%s: %q lacks %q", code, got, word)
			}
		}
	}
}
