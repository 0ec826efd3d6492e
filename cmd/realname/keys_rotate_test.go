package main

import (
	"strings"
	"testing"
)

func TestAStageWhoseTokenKeysAreNotToldIsNotAsked(t *testing.T) {
	if _, err := (&keysRotate{}).tokenKeys(t.Context(), service{}); err == nil ||
		!strings.Contains(err.Error(), "REALNAME_TOKEN_KEY_ARN") {
		t.Error(err)
	}
}
