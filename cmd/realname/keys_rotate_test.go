package main

import (
	"strings"
	"testing"

	"realname/local/remote"
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

func TestTheOriginSecretIsAStages(t *testing.T) {
	rotate := keysRotate{Key: "origin", Sends: "a"}
	if _, err := rotate.origin(t.Context(), service{}); err == nil ||
		!strings.HasPrefix(err.Error(), "REALNAME_ORIGIN_SECRET_ARN:") {
		t.Error(err)
	}
	if _, err := rotate.origin(t.Context(), service{Running: remote.New("http://127.0.0.1:1")}); err == nil ||
		!strings.HasPrefix(err.Error(), "origin: only a stage on AWS") {
		t.Error(err)
	}
}
