package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"realname/local/remote"
	"realname/shared/accountfile"
	"realname/shared/accountimport"
	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/awsapi"
	"realname/shared/clock"
	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/wiring"
)

//nolint:lll // kong reads the help from the tags
type importing struct {
	connection
	output
	File     string `arg:"" type:"existingfile" help:"accounts.csv, in UTF-8, GBK or GB 18030."`
	DryRun   bool   `help:"Validate every row, including against existing accounts, without writing."`
	Encoding string `enum:"auto,utf-8,gbk" default:"auto" help:"Encoding of the file: ${enum}."`
	Refused  string `placeholder:"FILE" help:"Where to report refused rows. Defaults to FILE-refused.csv next to the file."`
	Warnings string `placeholder:"FILE" help:"Where to report imported rows with an unusual value. Defaults to FILE-warnings.csv next to the file."`
	Codes    string `placeholder:"FILE" help:"Where to write the activation codes of accounts without a password. Keep it secret. Defaults to FILE-codes.csv next to the file."`
	Workers  int    `default:"8" help:"Number of batches in parallel."`
}

// memoryLimit keeps the process below 150 MB. Argon2id leaves 19 MiB of garbage
// for each password; the limit makes Go collect it early.
const memoryLimit = 88 << 20

// Run imports the file's rows and reports the results.
func (c *importing) Run(ctx context.Context) error {
	debug.SetMemoryLimit(memoryLimit)
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	if err := c.mayReport(); err != nil {
		return err
	}
	if err := s.answers(ctx); err != nil {
		return err
	}
	sum, err := digest(c.File)
	if err != nil {
		return err
	}
	encoding, rows, err := c.survey()
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	file, reader, err := c.reader(encoding)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	defer func() { _ = file.Close() }() // it was only read
	bar := progress(rows, term.IsTerminal(int(os.Stderr.Fd())))
	im := accountimport.Importer{
		Store: s.Store, Sealer: s.Sealer, Hash: s.hasher().Hash, CodeHash: auth.SecretHash, CodeLife: accounts.ImportCodeLife,
		Now:   s.Now,
		NewID: wiring.NewID, Actor: staffName(), Pause: pause, Workers: c.Workers, DryRun: c.DryRun,
		Progress: bar.add, File: realname.ImportedFile{SHA256: sum, Rows: rows},
	}
	begun := s.Now()
	result, err := im.Run(ctx, reader)
	bar.end()
	refused, reportErr := c.report(os.Stdout, result, s.Now().Sub(begun), err)
	if err = errors.Join(reportErr, err); err == nil && refused > 0 {
		return findings(fmt.Sprintf("refused rows: %d", refused))
	}
	return err
}

// answers returns an error if a service in one process does not run. An import waits for
// one that fails for a moment.
func (s service) answers(ctx context.Context) error {
	if s.Running == nil {
		return nil
	}
	_, err := s.Table.Get(ctx, table.Key{PK: "READY", SK: "READY"}) // no such item
	for _, final := range []error{remote.ErrNotRunning, remote.ErrNoService, remote.ErrNotPermitted} {
		if errors.Is(err, final) {
			return err
		}
	}
	return nil
}

// mayReport returns an error if a report cannot be written, which would otherwise show only
// after the import.
func (c *importing) mayReport() error {
	for _, f := range []struct{ flag, file string }{
		{"--codes", nextTo(c.Codes, c.File, codesEnding)},
		{"--refused", nextTo(c.Refused, c.File, refusedEnding)},
		{"--warnings", nextTo(c.Warnings, c.File, warningsEnding)},
	} {
		probe, err := os.CreateTemp(filepath.Dir(f.file), ".report-")
		if err != nil {
			return fmt.Errorf("%s cannot be written: name another file with %s: %w", f.file, f.flag, err)
		}
		if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
			return err
		}
	}
	return nil
}

// Endings of the names of the reports.
const (
	refusedEnding  = "-refused.csv"
	warningsEnding = "-warnings.csv"
	codesEnding    = "-codes.csv"
)

// digest returns the SHA-256 of a file.
func digest(name string) (string, error) {
	file, err := os.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// survey determines the encoding of the file and counts its rows.
func (c *importing) survey() (accountfile.Encoding, int, error) {
	encoding := accountfile.Encoding(c.Encoding)
	if c.Encoding == "auto" {
		file, err := os.Open(c.File)
		if err != nil {
			return "", 0, err
		}
		defer func() { _ = file.Close() }() // it was only read
		if encoding, err = accountfile.Detect(file); err != nil {
			return "", 0, err
		}
	}
	file, reader, err := c.reader(encoding)
	if err != nil {
		return "", 0, err
	}
	defer func() { _ = file.Close() }() // it was only read
	for rows := 0; ; rows++ {
		if _, _, err := reader.Next(); errors.Is(err, io.EOF) {
			return encoding, rows, nil
		} else if err != nil {
			return "", 0, err
		}
	}
}

func (c *importing) reader(encoding accountfile.Encoding) (*os.File, *accountfile.Reader, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, nil, err
	}
	reader, err := accountfile.NewReader(file, encoding, accountfile.Columns())
	if err != nil {
		_ = file.Close() // err is the error to report
		return nil, nil, err
	}
	return file, reader, nil
}

// importBar is the progress bar, nil unless a person sees it.
type importBar struct{ *progressbar.ProgressBar }

// progress returns the bar of an import. A pipe or a log file gets none.
func progress(rows int, seen bool) importBar {
	if !seen {
		return importBar{}
	}
	return importBar{progressbar.NewOptions(rows,
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("import"), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"), progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(500*time.Millisecond), progressbar.OptionSetWidth(30),
	)}
}

func (b importBar) add(n int) {
	if b.ProgressBar != nil {
		_ = b.Add(n) // an undrawn bar does not stop the import
	}
}

func (b importBar) end() {
	if b.ProgressBar != nil {
		_ = b.Exit()
		fmt.Fprintln(os.Stderr)
	}
}

// maxAttempts bounds the attempts of a batch. With the pauses between them, they
// take about two minutes.
const maxAttempts = 12

var backoff = retry.NewExponentialJitterBackoff(20 * time.Second)

// pause waits before the next attempt of a batch, unless it was the last one or the next
// would be refused like it, for example without a permission.
func pause(ctx context.Context, n int, cause error) error {
	if awsapi.IsFinal(cause) && !errors.Is(cause, table.ErrThrottled) {
		return cause
	}
	if n >= maxAttempts {
		return fmt.Errorf("stopped after %d attempts: %w", n, cause)
	}
	d, err := backoff.BackoffDelay(n, cause)
	if err != nil {
		return err
	}
	return clock.Wait(ctx, d)
}

// imported is the result of importing a file.
type imported struct {
	Rows        int     `json:"rows"`
	Created     int     `json:"created"` // with a dry run, would be
	Present     int     `json:"present"`
	Refused     int     `json:"refused"`
	Seconds     float64 `json:"seconds"`
	RefusedFile string  `json:"refusedFile,omitempty"`
	Warned      int     `json:"warned"` // rows that were not refused, but have an unusual value
	WarnedFile  string  `json:"warnedFile,omitempty"`
	CodesFile   string  `json:"codesFile,omitempty"`
	Whole       bool    `json:"whole"` // false if it stopped before the end of the file
}

// report writes the two files and the summary. It returns the number of refused
// rows.
func (c *importing) report(w io.Writer, r accountimport.Result, took time.Duration, stopped error) (int, error) {
	done := imported{
		Rows: r.Rows, Created: r.Created, Present: r.Present, Refused: rowsOf(r.Refused), Warned: rowsOf(r.Warned),
		Seconds: took.Seconds(), Whole: stopped == nil,
	}
	var err error
	if len(r.Refused) > 0 {
		done.RefusedFile = nextTo(c.Refused, c.File, refusedEnding)
		err = save(done.RefusedFile, 0o644, func(f io.Writer) error { return accountimport.WriteFaults(f, r.Refused) })
	}
	if len(r.Warned) > 0 {
		done.WarnedFile = nextTo(c.Warnings, c.File, warningsEnding)
		err = errors.Join(err, save(done.WarnedFile, 0o644, func(f io.Writer) error {
			return accountimport.WriteFaults(f, r.Warned)
		}))
	}
	if len(r.Codes) > 0 && !c.DryRun {
		done.CodesFile = nextTo(c.Codes, c.File, codesEnding)
		err = errors.Join(err,
			save(done.CodesFile, 0o600, func(f io.Writer) error { return accountimport.WriteCodes(f, r.Codes) }))
	}
	return done.Refused, errors.Join(err, c.print(w, done, func(w io.Writer) { c.summarize(w, done, took) }))
}

func rowsOf(faults []accountfile.Fault) int {
	lines := map[int]bool{}
	for _, f := range faults {
		lines[f.Line] = true
	}
	return len(lines)
}

func (c *importing) summarize(w io.Writer, done imported, took time.Duration) {
	created := "created"
	if c.DryRun {
		created = "would be created"
	}
	say(w, "%d rows: %d %s, %d there already, %d refused, in %s (%.0f rows/s)", done.Rows, done.Created, created,
		done.Present, done.Refused,
		took.Round(time.Millisecond), float64(done.Created+done.Present+done.Refused)/max(took.Seconds(), 0.001))
	if done.RefusedFile != "" {
		say(w, "refused rows: %s", done.RefusedFile)
	}
	if done.WarnedFile != "" {
		say(w, "rows with an unusual value, to compare with the documents: %d, %s", done.Warned, done.WarnedFile)
	}
	if done.CodesFile != "" {
		say(w, "activation codes (hand them out, then delete the file): %s", done.CodesFile)
	}
	if !done.Whole {
		say(w, "stopped before the end: run the same command again to continue")
	}
}

func nextTo(name, file, ending string) string {
	if name != "" {
		return name
	}
	return strings.TrimSuffix(file, ".csv") + ending
}

func save(name string, mode os.FileMode, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, mode)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(mode), write(f), f.Close())
}

// hasher returns the password hasher of the service: a cheap one for a demonstration.
func (s service) hasher() *auth.Hasher {
	if s.Demonstration {
		return auth.NewSandboxHasher(rand.Reader)
	}
	return auth.NewHasher(rand.Reader)
}
