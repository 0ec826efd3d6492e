package requestid_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"

	"realname/shared/telemetry/requestid"
)

func TestEveryLineOfARequestHasItsIDOnce(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(requestid.Handler(slog.NewJSONHandler(&out, nil)))
	of := requestid.With(t.Context(), "r1")
	for name, c := range map[string]struct {
		write func()
		want  any
	}{
		"a request's":          {func() { log.InfoContext(of, "x") }, "r1"},
		"a derived logger's":   {func() { log.With("a", 1).InfoContext(of, "x", "b", 2) }, "r1"},
		"one that has its own": {func() { log.InfoContext(of, "x", requestid.Key, "r2") }, "r2"},
		"without a request":    {func() { log.InfoContext(requestid.With(t.Context(), ""), "x") }, nil},
	} {
		out.Reset()
		c.write()
		var line map[string]any
		err := json.Unmarshal(out.Bytes(), &line)
		if err != nil || line[requestid.Key] != c.want {
			t.Errorf("%s: %s %v", name, out.Bytes(), err)
		}
		if bytes.Count(out.Bytes(), []byte(requestid.Key)) > 1 {
			t.Errorf("%s: %s", name, out.Bytes())
		}
	}
	if got := requestid.Of(requestid.With(of, "")); got != "r1" {
		t.Errorf("the ID was lost: %q", got)
	}
}
