// Package accountimport moves the rows of an account file into the table, in
// batches, again and again if need be: a row that is there already, by its
// content, is left as it is.
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
	// Pause waits before a batch is tried again after the table throttled it or did
	// not answer; tries counts from 1. An error gives up.
	Pause   func(ctx context.Context, tries int, cause error) error
	Workers int
	DryRun  bool // judges every row and writes nothing
	// Progress is told how many rows are done since it was last told.
	Progress func(rows int)
}

// Code is the activation code of an account that was imported without a password.
type Code struct {
	Line      int
	LoginName string
	Code      string
}

// Result is what became of the rows.
type Result struct {
	Rows    int // read
	Created int // written now, or with DryRun would be
	Present int // there already, by their content
	Refused []accountfile.Fault
	Codes   []Code
}

// batchRows bounds a batch: each row is up to four of the 100 writes of one
// transaction.
const batchRows = 25

// Run imports the rows. Rows of one enterprise keep their order, so that who
// comes first does not depend on chance. When the context ends, batches under
// way are finished and the rest is left for another run.
// Errors: the context's, the file's, and what Pause gave up on.
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

// read parses the rows and hands each to the lane of its enterprise.
func (im *Importer) read(ctx context.Context, rows *accountfile.Reader, lanes []chan accountfile.Account, total *tally) error {
	first := firsts{logins: map[uint64]bool{}, names: map[uint64]uint64{}}
	today := im.Now()
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
		account, faults := row.Parse(today)
		if len(faults) == 0 {
			faults = first.check(account)
		}
		if len(faults) > 0 {
			total.refuse(faults...)
			continue
		}
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

// firsts remembers of the rows so far, by hash, which login names there are and
// how an enterprise is called.
type firsts struct {
	logins map[uint64]bool
	names  map[uint64]uint64
}

// check refuses a login name that an earlier row has, and a name that an earlier
// row contradicts.
func (f firsts) check(a accountfile.Account) []accountfile.Fault {
	login, uscc, name := hash(store.LoginKey(a.LoginName)), hash(a.USCC), hash(a.EnterpriseName)
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
