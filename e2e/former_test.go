package e2e

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/e2e/faults"
	"realname/e2e/world"
	"realname/local/server"
	"realname/local/state"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/sqlite"
)

// formerDir holds a folder for each former version: notes.json, and machine.tar.gz with
// the state directory that the version left and its data files.
const formerDir = "testdata/former"

// formerNotes says what a former version left.
type formerNotes struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"` // when the machine was stopped
	// InMemory means that the version kept nothing. What its platform received is not known.
	InMemory bool                  `json:"inMemory,omitempty"`
	Notes    map[string]formerNote `json:"notes"`
}

// formerNote says what a case of the former version left.
type formerNote struct {
	Who     world.Enterprise  `json:"who"`
	Token   string            `json:"token,omitempty"` // without it, the user signs in again
	Session string            `json:"session,omitempty"`
	Facts   map[string]string `json:"facts,omitempty"` // what only the case itself knows
}

// pause is how long the machine stood still between the former version and this one:
// longer than a function runs, shorter than a step stays open.
const pause = time.Minute

// A machine that a former version left goes on: its sessions, counters, locks, trails,
// notices and kept answers. The clock is that of the former version.
func TestAFormerVersionsMachineGoesOn(t *testing.T) {
	if !shared.embedded {
		t.Skip("starts a service of its own")
	}
	t.Parallel()
	folders, err := filepath.Glob(filepath.Join(formerDir, "*"))
	if err != nil || len(folders) == 0 {
		t.Fatalf("no former versions: %v", err)
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			t.Parallel()
			goesOn(t, folder, false)
		})
		// A stage goes on with its executions on the state machine that started them.
		t.Run(filepath.Base(folder)+" on its workflow", func(t *testing.T) {
			t.Parallel()
			goesOn(t, folder, true)
		})
	}
}

func goesOn(t *testing.T, folder string, formerWorkflow bool) {
	t.Helper()
	left, p, stored, now := formerMachine(t, folder, formerWorkflow)
	told := &clerk{TB: t, at: p}
	before := told.stands(now())
	var unknown []string
	if left.InMemory {
		unknown = before.Check(now())
	}
	for _, x := range formerCases {
		note, there := left.Notes[x.name]
		if !there {
			continue // a version before the case
		}
		t.Run(x.name, func(t *testing.T) {
			c := &clerk{TB: t, at: p, who: note.Who, token: note.Token}
			f := formerCase{clerk: c, session: note.Session, facts: note.Facts, now: now}
			if c.token == "" && !x.signedOut {
				c.token = c.tokenFor(world.Password)
				f.consents()
			}
			x.goOn(f)
		})
	}
	p.says(t, "audit", "verify")
	var wrong []string
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		wrong = told.stands(now()).Check(now())
		wrong = slices.DeleteFunc(wrong, func(w string) bool { return slices.Contains(unknown, w) })
		if len(wrong) == 0 {
			break
		}
	}
	for _, w := range wrong {
		t.Error(w)
	}
	if formerWorkflow {
		return // an erasure has no part in it
	}
	t.Run("erasure", func(t *testing.T) {
		erasesAll(t, told, left, stored)
		after := told.stands(now())
		for uscc, e := range before.Enterprises {
			if are := len(after.Enterprises[uscc].Audit); are < len(e.Audit) {
				t.Errorf("%s: %d audit entries of %d are left", uscc, are, len(e.Audit))
			}
		}
	})
}

// erasesAll erases every person of the former version's cases.
func erasesAll(t *testing.T, c *clerk, left formerNotes, stored *sqlite.DB) {
	t.Helper()
	p, usccs, sessions := c.at, map[string]bool{}, map[string]bool{}
	for _, note := range left.Notes {
		usccs[note.Who.USCC], sessions[string(store.SessionPartition)+note.Session] = true, true
		for _, login := range []string{note.Who.LoginName, note.Facts[factOperator], note.Facts[factInactive]} {
			if login == "" {
				continue
			}
			p.says(t, "erase", "--yes", "--login", login)
			c.wants(c.post("/v1/login", map[string]any{"loginName": login, "password": world.Password}),
				401, "invalid_credentials")
		}
		p.says(t, "erase", "--yes", "--enterprise", note.Who.USCC)
	}
	if err := stored.Scan(t.Context(), table.Key{}, func(it table.Item) error {
		of, _ := it.Body["uscc"].(string) // of an account or an enterprise
		held := len(store.SealedValues(it))
		if held > 0 && (usccs[of] || sessions[it.Key.PK]) {
			t.Errorf("%s %s still holds %d sealed values", it.Key.PK, it.Key.SK, held)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	p.says(t, "audit", "verify")
}

// stands reads everything that the service stores.
func (c *clerk) stands(now time.Time) faults.State {
	c.Helper()
	s, err := faults.Read(c.get("/sandbox/dump").Body, c.get("/sandbox/receiver").Body)
	if err != nil {
		c.Fatalf("at %s: %v", now, err)
	}
	return s
}

// formerMachine starts the machine of a former version in this process, with the
// clock at the time when it was stopped, and a pause later.
func formerMachine(t *testing.T, folder string, formerWorkflow bool) (
	left formerNotes, p *place, kept *sqlite.DB, now func() time.Time,
) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(folder, "notes.json"))
	if err == nil {
		err = json.Unmarshal(raw, &left)
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	unpack(t, filepath.Join(folder, "machine.tar.gz"), dir)
	behind := time.Since(left.At.Add(pause))
	now = func() time.Time { return time.Now().Add(-behind) }
	if err := os.Chtimes(filepath.Join(dir, "state", state.DatabaseFile), left.At, left.At); err != nil {
		t.Fatal(err)
	}
	d, err := state.Open(filepath.Join(dir, "state"), state.Demonstration, now())
	if err != nil {
		t.Fatal(err)
	}
	keys, _, err := d.Keys()
	if err != nil {
		t.Fatal(err)
	}
	if kept, err = sqlite.Open(d.Path, now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = kept.Close() }) // the test is over
	log := &safeBuffer{}
	s, err := server.New(t.Context(), server.Options{
		Data: os.DirFS(filepath.Join(dir, "data")), Limits: realname.DefaultLimits(), TokenTTL: 2 * time.Hour,
		IdleTimeout: 30 * time.Minute, RepairEvery: 200 * time.Millisecond, RetentionEvery: time.Hour,
		NotifyEvery: 200 * time.Millisecond, NotifyFirst: time.Second, Rate: 2000, Burst: 4000,
		Log: slog.New(slog.NewJSONHandler(log, nil)), Table: kept, Keys: keys, State: d, Now: now,
		FormerWorkflow: formerWorkflow,
	})
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(s)
	t.Cleanup(at.Close)
	desk := httptest.NewServer(s.Card.Control())
	t.Cleanup(desk.Close)
	s.Card.RunningAt(strings.TrimPrefix(desk.URL, "http://"))
	if err := s.Announce(t.Context(), at.URL); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Run(t.Context())
	}()
	t.Cleanup(func() { <-ended })
	p = &place{URL: at.URL, embedded: true, log: log, taken: map[world.Kind]int{}}
	p.unchecked = left.InMemory // a kept answer of version 1.0.0 lacks fields
	return left, p, kept, now
}

// unpack unpacks an archive that pack made.
func unpack(t *testing.T, archive, dir string) {
	t.Helper()
	raw, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, filepath.FromSlash(h.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// pack packs the files of the folders into an archive.
func pack(t *testing.T, archive string, folders map[string]string) {
	t.Helper()
	var out bytes.Buffer
	z, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(z)
	for as, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			inside, err := filepath.Rel(folder, path)
			if err != nil {
				return err
			}
			h := &tar.Header{Name: as + "/" + filepath.ToSlash(inside), Mode: 0o600, Size: int64(len(content))}
			if err := w.WriteHeader(h); err != nil {
				return err
			}
			_, err = w.Write(content)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close(), os.WriteFile(archive, out.Bytes(), 0o644)); err != nil {
		t.Fatal(err)
	}
}
