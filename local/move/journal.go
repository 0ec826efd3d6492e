package move

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"realname/shared/table"
)

// Journal is a file that lists the items that a move gave the stage. A machine may serve
// again between two attempts: the second one finds in the journal what the machine has
// removed since.
type Journal string

// entry is an item of the stage and its version there.
type entry struct {
	PK      string `json:"pk"`
	SK      string `json:"sk"`
	Version int64  `json:"version"`
}

// add notes the items. Each entry begins a line, so that one that was cut off does not
// spoil the next.
func (j Journal) add(items []table.Item) (err error) {
	f, err := os.OpenFile(string(j), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	var text []byte
	for _, it := range items {
		line, err := json.Marshal(entry{it.Key.PK, it.Key.SK, it.Version})
		if err != nil {
			return fmt.Errorf("journal: %w", err)
		}
		text = append(append(text, '\n'), line...)
	}
	if _, err := f.Write(text); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return f.Sync()
}

// each calls visit with every entry. An entry that was cut off was not written to the
// stage.
func (j Journal) each(visit func(entry) error) error {
	f, err := os.Open(string(j))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.PK == "" {
			continue
		}
		if err := visit(e); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}
