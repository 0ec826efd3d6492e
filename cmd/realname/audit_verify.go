package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"realname/shared/audit"
	"realname/shared/idcode"
)

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
	codes, err := c.trails(ctx, s, noted)
	if err != nil {
		return err
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
	err = c.print(os.Stdout, verdicts, func(w io.Writer) { printVerdicts(w, verdicts) })
	if err == nil && broken {
		return errBroken
	}
	return err
}

// trails returns the enterprises whose trails to check, with those that have a noted head
// and are no longer listed.
func (c *auditVerify) trails(ctx context.Context, s service, noted map[string]audit.Head) ([]string, error) {
	codes, err := s.codes(ctx, c.USCC)
	if err != nil || c.USCC != "" {
		return codes, err
	}
	listed := map[string]bool{}
	for _, uscc := range codes {
		listed[uscc] = true
	}
	for _, uscc := range slices.Sorted(maps.Keys(noted)) {
		if !listed[uscc] {
			codes = append(codes, uscc)
		}
	}
	return codes, nil
}

func printVerdicts(w io.Writer, verdicts []verdict) {
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
}

// judge checks the trail of an enterprise, which must contain the noted head, unless that
// is zero.
func judge(uscc string, entries []map[string]any, head, noted audit.Head) verdict {
	v := verdict{
		uscc, head.Entries, fmt.Sprintf("%d:%s", head.Entries, head.Hash),
		append([]audit.Finding{}, audit.Verify(entries, head)...),
	}
	if noted != (audit.Head{}) && !audit.Contains(entries, noted) {
		v.Faults = append(v.Faults, audit.Finding{Seq: noted.Entries, Fault: audit.Rewritten})
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
