package build

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
)

func TestEveryLineNamesTheSource(t *testing.T) {
	var out bytes.Buffer
	Stamp(slog.New(slog.NewJSONHandler(&out, nil))).Info("request")
	var line struct{ Version, Commit string }
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Version != "dev" || line.Commit != "unknown" {
		t.Errorf("a build without -ldflags logs %+v", line)
	}
}
