package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"realname/e2e/world"
	"realname/local/engine"
	"realname/local/remote"
	"realname/local/state"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
	"realname/shared/table/sqlite"
)

// TestMakeAFormerMachine makes the folder that REALNAME_FORMER names, with the machine
// that the program REALNAME_FORMER_BIN leaves (docs/testing.md). A case that fails is not on it.
func TestMakeAFormerMachine(t *testing.T) {
	folder := os.Getenv("REALNAME_FORMER")
	if folder == "" || !shared.embedded {
		t.Skip("makes a fixture of a release")
	}
	binary = os.Getenv("REALNAME_FORMER_BIN") // no other test runs
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	help, err := exec.CommandContext(t.Context(), binary, "serve", "--help").Output()
	if err != nil {
		t.Fatal(err)
	}
	of := crowdFor(t, world.Passing(len(formerCases)+1))
	dir := filepath.Join(t.TempDir(), "state")
	left := formerNotes{Version: filepath.Base(folder), Notes: map[string]formerNote{}}
	flags := []string{ // repair and notices find no time
		"--data", of.dir, "--card", "127.0.0.1:0", "--sms-interval", "0s", "--repair-every", "30s", "--notify-every", "1h",
		"--notify-first", "1s",
	}
	if strings.Contains(string(help), "--state") {
		left.makeKept(t, of, dir, flags)
	} else {
		left.makeInMemory(t, of, dir, flags)
	}
	left.At = time.Now().UTC().Truncate(time.Second)
	raw, err := json.MarshalIndent(left, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "notes.json"), append(raw, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	pack(t, filepath.Join(folder, "machine.tar.gz"), map[string]string{"state": dir, "data": of.dir})
}

// makeKept makes the cases in a state directory. The first start closes what nobody
// answers. The second one has the usual times.
func (left *formerNotes) makeKept(t *testing.T, of crowd, dir string, flags []string) {
	t.Helper()
	p := keepingOn(t, of, dir, append(flags, "--step-timeout", "2s")...)
	left.makeAll(t, p, true)
	p.ends(t)
	taken := p.taken
	p = keepingOn(t, of, dir, flags...)
	p.taken = taken
	left.makeAll(t, p, false)
	p.ends(t)
}

// makeInMemory makes the cases in a version without state directories, and writes what is
// in its memory as a state directory of this version: the same items, keys and executions.
func (left *formerNotes) makeInMemory(t *testing.T, of crowd, dir string, flags []string) {
	t.Helper()
	p := &place{embedded: true, unchecked: true, log: &safeBuffer{}, people: of.people, taken: map[world.Kind]int{}}
	p.process = &process{log: p.log, args: append([]string{"serve"}, flags...)}
	var err error
	if p.URL, err = p.process.start("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	defer p.process.kill()
	left.makeAll(t, p, false)
	for name, note := range left.Notes {
		note.Token = "" // its key ends with the process
		left.Notes[name] = note
	}
	left.InMemory = true

	var dump struct {
		Table      []map[string]any
		Executions []engine.Execution
	}
	d := json.NewDecoder(bytes.NewReader((&clerk{TB: t, at: p}).get("/sandbox/dump").Body))
	d.UseNumber()
	if err := d.Decode(&dump); err != nil {
		t.Fatal(err)
	}
	keyset, err := remote.New(p.URL).Keyset(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	into, err := state.Open(dir, state.Demonstration, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	keys, _, err := into.Keys()
	if err != nil {
		t.Fatal(err)
	}
	if replaced, err := keys.Replace(keys.Clear(), keyset); err != nil || !replaced {
		t.Fatalf("%t %v", replaced, err)
	}
	db, err := sqlite.Open(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, m := range dump.Table {
		it, err := dynamojson.Decode(m)
		if err == nil {
			err = db.Transact(t.Context(), table.Put(it, table.Always()))
		}
		if err != nil {
			t.Fatal(err)
		}
		if it.Key.SK == "STEP" {
			tokens[strings.TrimPrefix(it.Key.PK, string(store.SessionPartition))], _ = it.Body["taskToken"].(string)
		}
	}
	for _, x := range dump.Executions {
		record := keptExecution(t, x, tokens[x.Name])
		if err := db.Executions().Save(x.Name, x.Status == engine.Running, record)(); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(db.Close(), into.Loaded()); err != nil {
		t.Fatal(err)
	}
}

// keptExecution is the record of an execution in a state directory. One that runs waits
// for the answer to the token of its step.
func keptExecution(t *testing.T, x engine.Execution, token string) []byte {
	t.Helper()
	var history []any
	last := engine.Event{}
	for _, e := range x.Events {
		history = append(history, []any{e.Type, e.State, e.Error, e.At.UnixMilli()})
		if e.Type == "TaskStateEntered" {
			last = e
		}
	}
	record := map[string]any{
		"name": x.Name, "status": x.Status, "input": x.Input, "startDate": x.Start, "history": history,
	}
	if x.Status == engine.Running {
		record["state"], record["entered"], record["data"], record["token"] = last.State, last.At, x.Input, token
		record["until"] = last.At.Add(24 * time.Hour)
	} else {
		record["stopDate"], record["error"], record["cause"] = x.Stop, x.Error, x.Cause
	}
	raw, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// makeAll makes the hasty cases, or the others.
func (left *formerNotes) makeAll(t *testing.T, p *place, hasty bool) {
	t.Helper()
	for _, x := range formerCases {
		if x.hasty == hasty {
			if note, made := makes(t, p, x); made {
				left.Notes[x.name] = note
			}
		}
	}
}

func makes(t *testing.T, p *place, x formerCaseOf) (note formerNote, made bool) {
	t.Helper()
	made = t.Run(x.name, func(t *testing.T) {
		c := p.clerkOf(t, world.Pass)
		m := formerCase{clerk: c, facts: map[string]string{}, now: time.Now}
		note.Session = x.make(m)
		note.Who, note.Token, note.Facts = c.who, c.token, m.facts
	})
	return note, made
}

// ends stops the service, which writes everything into its files.
func (p *place) ends(t testing.TB) {
	t.Helper()
	if err := p.process.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.process.cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}
