package eport

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// answering is a transport that answers by a function.
type answering func(r *http.Request) (*http.Response, error)

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

// zeros is a text of so many bytes.
type zeros struct{ left int }

func (z *zeros) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), z.left)
	z.left -= n
	return n, nil
}

func TestAListIsFetchedWithinFourSecondsAnd16MiB(t *testing.T) {
	broken := errors.New("no network")
	answer := func(status int, body io.Reader) answering {
		return func(r *http.Request) (*http.Response, error) {
			deadline, ok := r.Context().Deadline()
			if left := time.Until(deadline); !ok || left > 4*time.Second || left < 2*time.Second {
				t.Errorf("%v left for the fetch", left)
			}
			return &http.Response{StatusCode: status, Body: io.NopCloser(body), Request: r}, nil
		}
	}
	for name, c := range map[string]struct {
		transport answering
		want      int // bytes; -1 for an error
	}{
		"short":           {answer(200, strings.NewReader("list")), 4},
		"longest":         {answer(200, &zeros{16 << 20}), 16 << 20},
		"longer":          {answer(200, &zeros{16<<20 + 1}), -1},
		"not found":       {answer(404, strings.NewReader("list")), -1},
		"a redirect":      {answer(302, strings.NewReader("list")), -1},
		"no answer":       {func(*http.Request) (*http.Response, error) { return nil, broken }, -1},
		"an answer, half": {answer(200, io.MultiReader(strings.NewReader("li"), failing{broken})), -1},
	} {
		raw, err := Fetcher(c.transport)(t.Context(), "http://crl.example/a")
		if (err != nil) != (c.want < 0) || err == nil && len(raw) != c.want {
			t.Errorf("%s: %d bytes, %v", name, len(raw), err)
		}
	}
	if _, err := Fetch(t.Context(), "http://crl.example/%zz"); err == nil {
		t.Error("an address that cannot be read is fetched")
	}
}

// failing is a text that breaks off.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
