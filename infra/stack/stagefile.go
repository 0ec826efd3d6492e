package stack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// defaultStage is the stage of a deployment that names none.
const defaultStage = "dev"

// stageName limits a stage to names that fit into those of its resources, of which
// the shortest limit is 64 characters (AWS Lambda, IAM).
var stageName = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$`)

// WithStage adds the settings of the stage's file, stages/<stage>.json below root, to
// the context. A value of the context comes first. The error names the file and the
// invalid setting. A stage needs a file, so that a misspelled name makes no new stage.
func WithStage(root string, context map[string]string) (map[string]string, error) {
	stage := first(strings.TrimSpace(context["stage"]), defaultStage)
	if !stageName.MatchString(stage) {
		return nil, fmt.Errorf("stage: want 1 to 20 of a-z, 0-9 and -, starting with a letter, got %q", stage)
	}
	name := filepath.Join("stages", stage+".json")
	raw, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("stage: %s does not exist: copy %s and change its settings", name,
			filepath.Join("stages", defaultStage+".json"))
	}
	if err != nil {
		return nil, fmt.Errorf("stage: %w", err)
	}
	settings, err := scalars(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if _, given := settings["stage"]; given {
		return nil, fmt.Errorf("%s: stage: the file's name is the stage", name)
	}
	settings["stage"] = stage
	for setting, value := range context {
		if setting != "stage" {
			settings[setting] = value
		}
	}
	return settings, nil
}

// scalars reads a JSON object of strings, numbers and booleans.
func scalars(raw []byte) (map[string]string, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber() // 4000000 must not become 4e+06
	var all map[string]any
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, errors.New("want one JSON object")
	}
	settings := map[string]string{}
	for name, value := range all {
		switch value.(type) {
		case string, json.Number, bool:
			settings[name] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("%s: want a string, a number or a boolean, got %v", name, value)
		}
	}
	return settings, nil
}
