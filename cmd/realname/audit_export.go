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

	"realname/shared/accountimport"
	"realname/shared/realname"
)

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
	more := maps.Clone(entry)
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
