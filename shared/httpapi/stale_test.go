package httpapi_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"realname/shared/httpapi"
	"realname/shared/realname"
)

// If other writers win every attempt of a use case, the response is a conflict,
// never an internal error.
func TestALostRaceIsAConflict(t *testing.T) {
	api := httpapi.API{Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now}
	h := api.Handle("GET /x", func(http.ResponseWriter, *http.Request) error {
		return fmt.Errorf("write: %w", realname.ErrStale)
	})
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/x", nil))
	if w.Code != http.StatusConflict {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
