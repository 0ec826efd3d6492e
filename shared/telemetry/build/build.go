// Package build names the source that a program was built from. The Makefile sets
// the values with -ldflags -X; a plain go build or go run keeps the defaults.
package build

import "log/slog"

var (
	version = "dev"
	commit  = "unknown"
	date    = ""
)

// Version returns the Git tag, followed by the number of commits since then and
// the commit if there are any ("v1.0.0-5-g782fe5ef10ab"). Without a tag it is "dev".
func Version() string { return version }

// Commit returns the first 12 digits of the commit, or "unknown".
func Commit() string { return commit }

// Date returns the commit's date as RFC 3339, or "". It is not the time of the
// build, so that two builds of one commit are identical.
func Date() string { return date }

// Stamp returns a log that adds the version and the commit to every line.
func Stamp(log *slog.Logger) *slog.Logger {
	return log.With(slog.String("version", version), slog.String("commit", commit))
}
