package main

import (
	"strings"
	"testing"

	"realname/shared/auth"
)

func TestAStageWhoseTokenKeysAreNotToldIsNotAsked(t *testing.T) {
	for kind, variable := range map[auth.Kind]string{
		auth.Person: "REALNAME_TOKEN_KEY_ARN", auth.Machine: "REALNAME_MACHINE_TOKEN_KEY_ARN",
	} {
		if _, err := tokenKeys(t.Context(), service{}, kind); err == nil ||
			!strings.HasPrefix(err.Error(), variable+":") {
			t.Error(err)
		}
	}
}
