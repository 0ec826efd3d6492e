package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"realname/shared/accountimport"
	"realname/shared/audit"
	"realname/shared/idcode"
	"realname/shared/realname"
)

type auditCommands struct {
	Export auditExport `cmd:"" help:"Write audit entries as CSV or JSON Lines."`
	Verify auditVerify `cmd:"" help:"Check the hash chain of audit trails for missing and altered entries."`
}

// forEach calls f with the given enterprise or, if uscc is empty, with every enterprise.
func (s service) forEach(ctx context.Context, uscc string, f func(uscc string) error) error {
	if uscc != "" {
		uscc = idcode.NormalizeCode(uscc)
		if err := idcode.ValidateUSCC(uscc); err != nil {
			return fmt.Errorf("--uscc: %w", err)
		}
		return f(uscc)
	}
	return s.Store.EnterpriseCodes(ctx, f)
}

// codes returns the codes that forEach gives.
func (s service) codes(ctx context.Context, uscc string) (codes []string, err error) {
	err = s.forEach(ctx, uscc, func(uscc string) error {
		codes = append(codes, uscc)
		return nil
	})
	return codes, err
}

type auditExport struct {
	connection
	USCC   string `name:"uscc" placeholder:"CODE" help:"Only of this enterprise; without it, of all."`
	Format string `enum:"csv,jsonl" default:"csv" help:"csv or jsonl. Entry hashes cover the JSON line without values."`
}

// auditColumns are the columns of the CSV export. The last one holds the other fields of an entry as JSON.
var auditColumns = []string{
	"uscc", "seq", "at", "action", "accountId", "actor", "sessionId", "method", "status", "hash", "prev", "more",
}

// Run writes the entries to the standard output.
func (c *auditExport) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	write, flush := jsonLines(os.Stdout), func() error { return nil }
	if c.Format == "csv" {
		rows := csv.NewWriter(os.Stdout)
		if err := rows.Write(auditColumns); err != nil {
			return err
		}
		write = func(entry map[string]any) error {
			row, err := csvRow(entry)
			if err != nil {
				return err
			}
			return rows.Write(row)
		}
		flush = func() error { rows.Flush(); return rows.Error() }
	}
	err = s.forEach(ctx, c.USCC, func(uscc string) error {
		entries, _, err := s.Store.AuditTrail(ctx, uscc)
		if err != nil {
			return err
		}
		values, err := s.Store.AuditValuesByEntry(ctx, uscc, entries)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if err := write(joined(e, values)); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, flush())
}

// joined returns the entry with its values, unless they have been erased. The
// entry's hash does not cover them.
func joined(entry map[string]any, values map[string][]realname.AuditField) map[string]any {
	id, ok := entry["id"].(string)
	if !ok || values[id] == nil {
		return entry
	}
	with := maps.Clone(entry)
	with[auditValues] = values[id]
	return with
}

// auditValues is the field of an exported entry that holds its values.
const auditValues = "values"

func jsonLines(w io.Writer) func(map[string]any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return func(entry map[string]any) error { return e.Encode(entry) }
}

func csvRow(entry map[string]any) ([]string, error) {
	more := map[string]any{}
	for name, value := range entry {
		more[name] = value
	}
	row := make([]string, 0, len(auditColumns))
	for _, name := range auditColumns[:len(auditColumns)-1] {
		text := ""
		if value, ok := entry[name]; ok {
			text = accountimport.Cell(fmt.Sprint(value)) // staff choose their own names
		}
		row = append(row, text)
		delete(more, name)
	}
	raw, err := json.Marshal(more)
	return append(row, string(raw)), err
}

//nolint:lll // kong reads the help from the tags
type auditVerify struct {
	connection
	output
	USCC    string `name:"uscc" placeholder:"CODE" help:"Only of this enterprise; without it, of all."`
	Head    string `xor:"noted" placeholder:"NUMBER:HASH" help:"A head of the trail that was noted earlier. Requires --uscc."`
	Against string `xor:"noted" type:"existingfile" placeholder:"FILE" help:"Output of an earlier run with --json. Every trail must still contain its earlier head. Finds trails that were truncated, rewritten or removed."`
}

// verdict is the result of checking one trail.
type verdict struct {
	USCC    string          `json:"uscc"`
	Entries int64           `json:"entries"`
	Head    string          `json:"head"` // number and hash: note it elsewhere
	Faults  []audit.Finding `json:"faults"`
}

// errBroken makes the command fail if a trail is broken.
var errBroken = errors.New("at least one audit trail is not whole")

// Run checks every trail.
func (c *auditVerify) Run(ctx context.Context) error {
	noted, err := c.noted()
	if err != nil {
		return err
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	codes, err := s.codes(ctx, c.USCC)
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, uscc := range codes {
		listed[uscc] = true
	}
	for _, uscc := range slices.Sorted(maps.Keys(noted)) { // enterprises that are no longer listed
		if !listed[uscc] && c.USCC == "" {
			codes = append(codes, uscc)
		}
	}
	verdicts, broken := make([]verdict, len(codes)), false
	err = s.Store.AuditTrails(ctx, codes, func(i int, entries []map[string]any, head audit.Head) error {
		verdicts[i] = judge(codes[i], entries, head, noted[codes[i]])
		return nil
	})
	if err != nil {
		return err
	}
	verdicts = slices.DeleteFunc(verdicts, func(v verdict) bool { return v.Entries == 0 && len(v.Faults) == 0 })
	for _, v := range verdicts {
		broken = broken || len(v.Faults) > 0
	}
	if c.USCC != "" && len(verdicts) == 0 {
		return fmt.Errorf("--uscc: enterprise %s has no audit trail", c.USCC)
	}
	err = c.print(os.Stdout, verdicts, func(w io.Writer) {
		t := grid(w, "enterprise", "entries", "trail", "faults", "head")
		for _, v := range verdicts {
			state, faults := "whole", []string{}
			for _, f := range v.Faults {
				state = "broken"
				faults = append(faults, fmt.Sprintf("entry %d %s", f.Seq, f.Fault))
			}
			t.AppendRow([]any{v.USCC, v.Entries, mood(state), strings.Join(faults, ", "), v.Head})
		}
		t.Render()
	})
	if err == nil && broken {
		return errBroken
	}
	return err
}

// judge checks the trail of an enterprise, which must contain the noted heads. The
// zero head is not a noted one.
func judge(uscc string, entries []map[string]any, head audit.Head, noted ...audit.Head) verdict {
	v := verdict{
		uscc, head.Entries, fmt.Sprintf("%d:%s", head.Entries, head.Hash),
		append([]audit.Finding{}, audit.Verify(entries, head)...),
	}
	for _, n := range noted {
		if n != (audit.Head{}) && !audit.Contains(entries, n) {
			v.Faults = append(v.Faults, audit.Finding{Seq: n.Entries, Fault: audit.Rewritten})
		}
	}
	return v
}

// noted returns the heads that --head or --against names, by enterprise.
func (c *auditVerify) noted() (map[string]audit.Head, error) {
	switch {
	case c.Head != "":
		head, ok := parseHead(c.Head)
		if !ok || c.USCC == "" {
			return nil, errors.New("--head: want NUMBER:HASH as printed by realname audit verify, together with --uscc")
		}
		return map[string]audit.Head{idcode.NormalizeCode(c.USCC): head}, nil
	case c.Against == "":
		return nil, nil
	}
	raw, err := os.ReadFile(c.Against)
	if err != nil {
		return nil, err
	}
	var earlier []verdict
	if err := json.Unmarshal(raw, &earlier); err != nil {
		return nil, fmt.Errorf("--against %s: want the output of realname audit verify --json: %w", c.Against, err)
	}
	heads := map[string]audit.Head{}
	for _, v := range earlier {
		head, ok := parseHead(v.Head)
		if !ok || v.USCC == "" {
			return nil, fmt.Errorf("%s is not what realname audit verify --json prints: %q of %q", c.Against, v.Head, v.USCC)
		}
		heads[v.USCC] = head
	}
	return heads, nil
}

// parseHead reads NUMBER:HASH.
func parseHead(text string) (audit.Head, bool) {
	number, hash, _ := strings.Cut(text, ":")
	n, err := strconv.ParseInt(number, 10, 64)
	return audit.Head{Entries: n, Hash: hash}, err == nil && hash != ""
}
