package main

import (
	"log/slog"
	"slices"
	"strings"

	"realname/shared/wiring"
	"realname/shared/wiring/provider"
)

// otherSettings are variables that the systemd unit or other commands read.
var otherSettings = []string{"REALNAME_FLAGS", "REALNAME_OPERATOR", "REALNAME_STATE", "REALNAME_URL"}

// machineSettings reads the configuration of the production form from its environment,
// which consists of pairs NAME=value. The log names what nothing reads, such as a limit
// with a spelling mistake.
func machineSettings(environ []string, log *slog.Logger) (wiring.Config, error) {
	values, read := map[string]string{}, map[string]bool{}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		values[name] = value
	}
	c, err := wiring.LoadMachine(func(name string) string {
		read[name] = true
		return values[name]
	})
	if err != nil {
		return c, err
	}
	if err := provider.CheckFiles(c.Providers); err != nil {
		return c, err
	}
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "REALNAME_") && !read[name] && !slices.Contains(otherSettings, name) {
			log.Warn("nothing reads this setting", "name", name)
		}
	}
	return c, nil
}
