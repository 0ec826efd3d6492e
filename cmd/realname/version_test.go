package main

import (
	"bytes"
	"testing"
)

func TestAVersionIsOneLine(t *testing.T) {
	day := "2026-11-27T20:00:00+08:00"
	for s, want := range map[source]string{
		{"dev", "unknown", "", "go1.26.0"}:          "realname dev (commit unknown, go1.26.0)\n",
		{"v1.0.0", "782fe5ef10ab", day, "go1.26.0"}: "realname v1.0.0 (commit 782fe5ef10ab of " + day + ", go1.26.0)\n",
	} {
		var out bytes.Buffer
		if s.people(&out); out.String() != want {
			t.Errorf("got %q, want %q", out.String(), want)
		}
	}
}
