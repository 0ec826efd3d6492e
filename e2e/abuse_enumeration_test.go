package e2e

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"realname/e2e/world"
)

// A stranger asks once about an existing record and once about a missing one.
// Status, headers and text of the answers are the same.
// TestAStrangerCostsTheSameCallsWhateverExists in local/server shows that both
// make the same number of calls.
func TestNoMessageTellsWhatExists(t *testing.T) {
	c, anybody := shared.clerkOf(t, world.Pass), &clerk{TB: t, at: shared}
	operator := c.addOperator(1, stranger(80)).Operator.LoginName
	for name, ask := range map[string]struct {
		path          string
		exists, other map[string]any
	}{
		"password": {
			"/v1/login",
			map[string]any{"loginName": c.who.LoginName, "password": "wrong"},
			map[string]any{"loginName": "nobody-1", "password": "wrong"},
		},
		"not activated": {
			"/v1/login",
			map[string]any{"loginName": operator, "password": "wrong"},
			map[string]any{"loginName": "nobody-2", "password": "wrong"},
		},
		"reset code": {
			"/v1/password-reset-codes",
			map[string]any{"loginName": c.who.LoginName, "mobile": "13700000091"},
			map[string]any{"loginName": "nobody-3", "mobile": "13700000092"},
		},
		"reset": {"/v1/password-resets", map[string]any{
			"loginName": c.who.LoginName, "mobile": "13700000093", "smsCode": "123456", "newPassword": newPassword,
		}, map[string]any{"loginName": "nobody-4", "mobile": "13700000093", "smsCode": "123456", "newPassword": newPassword}},
		"activation": {"/v1/activations", map[string]any{
			"loginName": operator, "activationCode": "0000-0000-0000-0000", "newPassword": newPassword,
		}, map[string]any{"loginName": "nobody-5", "activationCode": "0000-0000-0000-0000", "newPassword": newPassword}},
		"no activation": {"/v1/activations", map[string]any{
			"loginName": c.who.LoginName, "activationCode": "0000-0000-0000-0000", "newPassword": newPassword,
		}, map[string]any{"loginName": "nobody-6", "activationCode": "0000-0000-0000-0000", "newPassword": newPassword}},
		"e-mail's secret": {
			"/v1/email-confirmations",
			map[string]any{"secret": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
			map[string]any{"secret": "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			exists, other := anybody.in(t).post(ask.path, ask.exists), anybody.in(t).post(ask.path, ask.other)
			if exists.Status != other.Status || !bytes.Equal(words(exists), words(other)) {
				t.Errorf("%d %s\n%d %s", exists.Status, exists.Body, other.Status, other.Body)
			}
			if a, b := slices.Sorted(maps.Keys(exists.Header)), slices.Sorted(maps.Keys(other.Header)); !slices.Equal(a, b) {
				t.Errorf("headers %v and %v", a, b)
			}
		})
	}
}

// words returns an answer without the values that differ between any two
// requests.
func words(a answer) []byte {
	return varying.ReplaceAll(a.Body, nil)
}
