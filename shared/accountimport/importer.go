// Package accountimport imports the rows of an account file into the table, in
// batches. A file can be imported any number of times: a row that is already imported
// with the same content is skipped.
package accountimport

import (
	"context"
	"errors"
	"hash/fnv"
	"io"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"realname/shared/accountfile"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
)

// Importer imports account files.
type Importer struct {
	Store    *store.Store
	Sealer   realname.Sealer
	Hash     func(password string) (string, error)
	CodeHash func(activationCode string) string
	CodeLife time.Duration
	Now      func() time.Time
	NewID    func() string
	Actor    string // the member of staff who imports, for the audit trail
	// File is the imported file, for the audit trail of each enterprise.
	File realname.ImportedFile
	// Pause waits before a batch is tried again because of a throttled request, a
	// missing answer or a concurrent write. tries counts from 1. An error stops the
	// import.
	Pause   func(ctx context.Context, tries int, cause error) error
	Workers int
	DryRun  bool // validates every row, including against existing accounts, without writing
	// Progress receives the number of rows finished since its last call.
	Progress func(rows int)
}

// Code is the activation code of an account that is imported without a password.
type Code struct {
	Line      int
	LoginName string
	Code      string
}

// Result counts the outcomes of the rows.
type Result struct {
	Rows    int // read
	Created int // created; with DryRun, to be created
	Present int // skipped, because already imported with the same content
	Refused []accountfile.Fault
	Warned  []accountfile.Fault // of rows that are not refused
	Codes   []Code
}

// batchRows limits a batch: each row of a new enterprise needs five of the 100 writes of
// one transaction. A batch that needs more is written in halves.
const batchRows = 20

// Run imports the rows. Rows of one enterprise keep their order, so that the result
// does not depend on chance. If the context ends, Run finishes the running batches and
// leaves the rest to another run.
// Errors: the errors of the context, of the file and of Pause.
func (im *Importer) Run(ctx context.Context, rows *accountfile.Reader) (Result, error) {
	total := &tally{progress: im.Progress}
	lanes := make([]chan accountfile.Account, max(1, im.Workers))
	work, workCtx := errgroup.WithContext(ctx)
	for i := range lanes {
		lanes[i] = make(chan accountfile.Account, batchRows)
		work.Go(func() error { return im.lane(workCtx, lanes[i], total) })
	}
	err := im.read(workCtx, rows, lanes, total)
	for _, lane := range lanes {
		close(lane)
	}
	err = errors.Join(work.Wait(), err)
	return total.result, err
}

// read parses the rows and sends each to the lane of its enterprise.
func (im *Importer) read(
	ctx context.Context, rows *accountfile.Reader, lanes []chan accountfile.Account, total *tally,
) error {
	first := firsts{logins: map[uint64]bool{}, names: map[uint64]uint64{}}
	now := im.Now()
	for {
		row, fault, err := rows.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		total.read()
		if fault != nil {
			total.refuse(*fault)
			continue
		}
		account, faults, warnings := row.Parse(now)
		if len(faults) == 0 {
			faults = first.check(account)
		}
		if len(faults) > 0 {
			total.refuse(faults...)
			continue
		}
		total.warn(warnings...)
		select {
		case lanes[hash(account.USCC)%uint64(len(lanes))] <- account:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (im *Importer) lane(ctx context.Context, in <-chan accountfile.Account, total *tally) error {
	batch := make([]accountfile.Account, 0, batchRows)
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := im.write(ctx, batch, total)
		batch = batch[:0]
		return err
	}
	for account := range in {
		if batch = append(batch, account); len(batch) == batchRows {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}

// firsts stores the hashes of the login names of the rows so far, and of the name of
// each enterprise.
type firsts struct {
	logins map[uint64]bool
	names  map[uint64]uint64
}

// check refuses the login name of an earlier row, and an enterprise name that differs
// from an earlier row's.
func (f firsts) check(a accountfile.Account) []accountfile.Fault {
	login, uscc, name := hash(store.LoginKey(a.LoginName)), hash(a.USCC), hash(idcode.NameKey(a.EnterpriseName))
	if f.logins[login] {
		return []accountfile.Fault{{Line: a.Line, Column: "loginName", Rule: "twice"}}
	}
	if before, known := f.names[uscc]; known && before != name {
		return []accountfile.Fault{{Line: a.Line, Column: "enterpriseName", Rule: "contradicts_earlier_row"}}
	}
	f.logins[login] = true
	if _, known := f.names[uscc]; !known {
		f.names[uscc] = name
	}
	return nil
}

func hash(text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(text))
	return h.Sum64()
}

// tally counts outcomes from all lanes.
type tally struct {
	mu       sync.Mutex
	result   Result
	progress func(int)
}

func (t *tally) read() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Rows++
}

func (t *tally) refuse(faults ...accountfile.Fault) {
	t.mu.Lock()
	t.result.Refused = append(t.result.Refused, faults...)
	t.mu.Unlock()
	t.tell(1)
}

func (t *tally) warn(warnings ...accountfile.Fault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.result.Warned = append(t.result.Warned, warnings...)
}

func (t *tally) done(created, present int, codes []Code, faults []accountfile.Fault) {
	t.mu.Lock()
	t.result.Created += created
	t.result.Present += present
	t.result.Codes = append(t.result.Codes, codes...)
	t.result.Refused = append(t.result.Refused, faults...)
	t.mu.Unlock()
	t.tell(created + present + len(faults))
}

func (t *tally) tell(rows int) {
	if t.progress != nil {
		t.progress(rows)
	}
}
