package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/schollz/progressbar/v3"

	"realname/shared/accountfile"
	"realname/shared/accountimport"
	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/clock"
	"realname/shared/wiring"
)

type importing struct {
	connection
	output
	File     string `arg:"" type:"existingfile" help:"accounts.csv, in UTF-8 or GBK."`
	DryRun   bool   `help:"Judge every row, also against the table, and write nothing."`
	Encoding string `enum:"auto,utf-8,gbk" default:"auto" help:"How the file is written: ${enum}."`
	Refused  string `placeholder:"FILE" help:"Report of refused rows; FILE-refused.csv beside the file without it."`
	Codes    string `placeholder:"FILE" help:"Activation codes of accounts without a password, a secret; FILE-codes.csv beside the file without it."`
	Workers  int    `default:"8" help:"Batches under way at once."`
}

// memoryLimit keeps the whole process below 150 MB: the garbage of argon2id, 19
// MiB a password, is collected before it piles up.
const memoryLimit = 88 << 20

// Run imports the file's rows and says what became of them.
func (c *importing) Run(ctx context.Context) error {
	debug.SetMemoryLimit(memoryLimit)
	s, err := c.open(ctx)
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
	bar := progress(rows)
	im := accountimport.Importer{
		Store: s.Store, Sealer: s.Sealer, Hash: s.hasher().Hash, CodeHash: auth.SecretHash, CodeLife: accounts.ImportCodeLife,
		Now:   s.Now,
		NewID: wiring.NewID, Actor: operatorName(), Pause: pause, Workers: c.Workers, DryRun: c.DryRun,
		Progress: func(n int) { _ = bar.Add(n) }, // a bar that cannot be drawn stops nothing
	}
	begun := s.Now()
	result, err := im.Run(ctx, reader)
	_ = bar.Exit()
	fmt.Fprintln(os.Stderr)
	refused, reportErr := c.report(os.Stdout, result, s.Now().Sub(begun), err)
	if err = errors.Join(reportErr, err); err == nil && refused > 0 {
		return refusedRows(refused)
	}
	return err
}

// refusedRows is how many rows of a file were left out while the others went in.
type refusedRows int

func (n refusedRows) Error() string { return fmt.Sprintf("refused rows: %d", int(n)) }

// ExitCode lets a script tell that from an import that stopped.
func (refusedRows) ExitCode() int { return 2 }

// survey finds out how the file is written and how many rows it has.
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
	text, err := accountfile.Decode(file, encoding)
	if err == nil {
		var reader *accountfile.Reader
		if reader, err = accountfile.NewReader(text); err == nil {
			return file, reader, nil
		}
	}
	_ = file.Close() // the error is told already
	return nil, nil, err
}

func progress(rows int) *progressbar.ProgressBar {
	return progressbar.NewOptions(rows,
		progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("import"), progressbar.OptionShowCount(),
		progressbar.OptionShowIts(), progressbar.OptionSetItsString("rows"), progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(500*time.Millisecond), progressbar.OptionSetWidth(30),
	)
}

// tries bounds how often a batch is tried: with the pauses between, about two
// minutes.
const tries = 12

var backoff = retry.NewExponentialJitterBackoff(20 * time.Second)

func pause(ctx context.Context, n int, cause error) error {
	if n >= tries {
		return fmt.Errorf("gave up after %d tries: %w", n, cause)
	}
	d, err := backoff.BackoffDelay(n, cause)
	if err != nil {
		return err
	}
	return clock.Wait(ctx, d)
}

// imported is what became of a file.
type imported struct {
	Rows        int     `json:"rows"`
	Created     int     `json:"created"` // with a dry run, would be
	Present     int     `json:"present"`
	Refused     int     `json:"refused"`
	Seconds     float64 `json:"seconds"`
	RefusedFile string  `json:"refusedFile,omitempty"`
	CodesFile   string  `json:"codesFile,omitempty"`
	Whole       bool    `json:"whole"` // false when it stopped before the file's end
}

// report writes the two files and the summary, and returns how many rows were
// refused.
func (c *importing) report(w io.Writer, r accountimport.Result, took time.Duration, stopped error) (int, error) {
	lines := map[int]bool{}
	for _, f := range r.Refused {
		lines[f.Line] = true
	}
	done := imported{
		Rows: r.Rows, Created: r.Created, Present: r.Present, Refused: len(lines), Seconds: took.Seconds(),
		Whole: stopped == nil,
	}
	var err error
	if len(r.Refused) > 0 {
		done.RefusedFile = beside(c.Refused, c.File, "-refused.csv")
		err = save(done.RefusedFile, 0o644, func(f io.Writer) error { return accountimport.WriteRefused(f, r.Refused) })
	}
	if len(r.Codes) > 0 && !c.DryRun {
		done.CodesFile = beside(c.Codes, c.File, "-codes.csv")
		err = errors.Join(err,
			save(done.CodesFile, 0o600, func(f io.Writer) error { return accountimport.WriteCodes(f, r.Codes) }))
	}
	return done.Refused, errors.Join(err, c.print(w, done, func(w io.Writer) { c.tell(w, done, took) }))
}

func (c *importing) tell(w io.Writer, done imported, took time.Duration) {
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
	if done.CodesFile != "" {
		say(w, "activation codes, to be handed out and then deleted: %s", done.CodesFile)
	}
	if !done.Whole {
		say(w, "stopped before the end: run the same command again and it goes on")
	}
}

func beside(name, file, ending string) string {
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

// hasher costs on an embedded default what its logins cost.
func (s service) hasher() *auth.Hasher {
	if s.AWS == nil {
		return auth.NewSandboxHasher(rand.Reader)
	}
	return auth.NewHasher(rand.Reader)
}
