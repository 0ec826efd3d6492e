// Package journal keeps what the sandbox shows: the messages that it sent and the
// events that reached it. A kept demonstration shows them again after a restart.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// Journal is a file of JSON lines. A nil journal keeps nothing.
type Journal struct {
	mu   sync.Mutex
	file *os.File
}

type line struct {
	Kind  string          `json:"kind"`
	Value json.RawMessage `json:"value"`
}

// most is the number of lines from which on Open leaves out the older half.
const most = 40_000

// Open opens the file, or makes it, and calls replay with every entry. A last line
// that a killed process left unfinished is dropped.
func Open(path string, replay func(kind string, value json.RawMessage) error) (*Journal, error) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("sandbox journal: %w", err)
	}
	whole := text[:bytes.LastIndexByte(text, '\n')+1]
	if lines := bytes.SplitAfter(whole, []byte("\n")); len(lines) > most {
		whole = bytes.Join(lines[len(lines)-most/2:], nil)
	}
	for in := bufio.NewReader(bytes.NewReader(whole)); ; {
		raw, err := in.ReadBytes('\n')
		if err != nil {
			break
		}
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if err := replay(l.Kind, l.Value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, l.Kind, err)
		}
	}
	if len(whole) < len(text) {
		part := path + ".part"
		err := os.WriteFile(part, whole, 0o600)
		if err == nil {
			err = os.Rename(part, path)
		}
		if err != nil {
			return nil, fmt.Errorf("sandbox journal: %w", err)
		}
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("sandbox journal: %w", err)
	}
	return &Journal{file: file}, nil
}

// Add appends an entry in one write. It survives the end of the process, but not
// every power failure: it is the sandbox's, not the service's.
func (j *Journal) Add(kind string, value any) error {
	if j == nil {
		return nil
	}
	raw, err := json.Marshal(value)
	if err == nil {
		raw, err = json.Marshal(line{kind, raw})
	}
	if err != nil {
		return fmt.Errorf("sandbox journal: %w", err)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, err := j.file.Write(append(raw, '\n')); err != nil {
		return fmt.Errorf("sandbox journal: %w", err)
	}
	return nil
}
