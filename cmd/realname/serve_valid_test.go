package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// parseServe parses the arguments of realname serve.
func parseServe(t *testing.T, args ...string) (*kong.Kong, error) {
	t.Helper()
	var c struct {
		Serve serve `cmd:""`
	}
	k, err := kong.New(&c, kong.Name("realname"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = k.Parse(append([]string{"serve"}, args...))
	return k, err
}

// A flag without effect would let its user believe in a limit that does not exist.
func TestTheProductionFormRefusesEveryFlagOfTheDemonstration(t *testing.T) {
	served := []string{
		"help", "addr", "data", "demo", "state", "accept-clock", "web", "rate", "burst", "cors-origin", "tls-cert", "tls-key",
		"trusted-proxy", "metrics", "tencent-key", "aliyun-key", "baidu-key", // the last three go with refused ones
	}
	values := map[string]string{
		"abort-at": "login:1", "concurrency": "login=1", "tencent": "http://127.0.0.1:1", "aliyun": "http://127.0.0.1:1",
		"baidu": "http://127.0.0.1:1", "card": "127.0.0.1:7777",
	}
	k, err := parseServe(t, "--state", "somewhere")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range k.Model.Children[0].Flags {
		if slices.Contains(served, f.Name) {
			continue
		}
		arg := "--" + f.Name
		switch value, listed := values[f.Name]; {
		case listed:
			arg += "=" + value
		case f.IsBool():
		case fmt.Sprint(f.Target.Type()) == "time.Duration":
			arg += "=7s"
		default:
			arg += "=7"
		}
		if _, err := parseServe(t, "--state", "somewhere", arg); err == nil ||
			!strings.Contains(err.Error(), "--"+f.Name+": is of the demonstration") {
			t.Errorf("%s: %v", arg, err)
		}
	}
}

// An unset variable in a unit or script must not start the demonstration instead.
func TestAnEmptyStateDirectoryIsNoChoiceOfAForm(t *testing.T) {
	if _, err := parseServe(t, "--state", ""); err == nil || !strings.Contains(err.Error(), "want a directory") {
		t.Errorf("by flag: %v", err)
	}
	t.Setenv("REALNAME_STATE", "")
	if _, err := parseServe(t); err == nil || !strings.Contains(err.Error(), "want a directory") {
		t.Errorf("by variable: %v", err)
	}
	if _, err := parseServe(t, "--fresh"); err == nil {
		t.Error("a demonstration in memory begins again")
	}
}
