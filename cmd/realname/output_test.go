package main

import (
	"slices"
	"testing"

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
