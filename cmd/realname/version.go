package main

import (
	"io"
	"os"
	"runtime"

	"realname/shared/telemetry/build"
)

type version struct {
	output
}

// source identifies the sources that this program was built from.
type source struct {
	Version string `json:"version"`
	Commit  string `json:"commit"`
	Date    string `json:"date,omitempty"` // of the commit, RFC 3339
	Go      string `json:"go"`
}

// Run prints the version. Two builds of one commit print the same.
func (c *version) Run() error {
	s := source{build.Version(), build.Commit(), build.Date(), runtime.Version()}
	return c.print(os.Stdout, s, s.people)
}

// people writes the version in one line.
func (s source) people(w io.Writer) {
	commit := "commit " + s.Commit
	if s.Date != "" {
		commit += " of " + s.Date
	}
	say(w, "realname %s (%s, %s)", s.Version, commit, s.Go)
}
