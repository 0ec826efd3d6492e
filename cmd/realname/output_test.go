package main

import (
	"slices"
	"testing"
	"time"

	"github.com/alecthomas/kong"
)

// otherwise are the commands with a different output format.
var otherwise = []string{
	"serve", "invoke", "completion", "man",
	"audit export", // --format
}

func TestEveryCommandAnswersScripts(t *testing.T) {
	model := kong.Must(&commands{}).Model
	for _, command := range model.Leaves(true) {
		json := slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return f.Name == "json" })
		if path := command.Path(); json == slices.Contains(otherwise, path) {
			t.Errorf("realname %s: --json %v", path, json)
		}
	}
}

func TestATimeNamesItsOffset(t *testing.T) {
	local := time.Local
	defer func() { time.Local = local }()
	time.Local = time.FixedZone("CST", 8*60*60)
	at := time.Date(2026, 11, 28, 20, 5, 9, 0, time.UTC)
	if got := moment(at); got != "2026-11-29 04:05:09 +08:00" {
		t.Error(got)
	}
	if got := moment(time.Time{}); got != "–" {
		t.Error(got)
	}
}
