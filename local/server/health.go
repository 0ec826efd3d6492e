package server

import (
	"context"
	"net/http"
	"time"

	"realname/shared/table"
	"realname/shared/table/sqlite"
)

// readyTimeout bounds the check of the table.
const readyTimeout = 2 * time.Second

// clockSlack is how far the clock may be set back while the process runs.
const clockSlack = 5 * time.Minute

// healthy is GET /healthz: the process answers.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	answer(w, http.StatusOK, map[string]string{"status": "ok"})
}

// ready is GET /readyz: whether the process can serve requests now. It names the part
// that fails, without its error.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	checks := map[string]bool{
		"table": s.tableWorks(ctx), "keys": s.keysOpen(),
		"clock": s.clockRuns(), "running": s.running(),
	}
	status := http.StatusOK
	for _, ok := range checks {
		if !ok {
			status = http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Cache-Control", "no-store")
	answer(w, status, checks)
}

// tableWorks also fails while the disk is full, for example: reads go on, and all that a
// user does is refused.
func (s *Server) tableWorks(ctx context.Context) bool {
	if t, kept := s.table.(*sqlite.DB); kept {
		return t.Readable(ctx) == nil && t.Writable(ctx) == nil
	}
	_, err := s.table.Get(ctx, table.Key{PK: "READY", SK: "READY"}) // no such item
	return err == nil
}

// keysOpen checks that the keys are loaded and that the next start finds them.
func (s *Server) keysOpen() bool { return s.seal.Ready() == nil && s.keys.Stored() == nil }

// clockRuns compares the wall clock with the monotonic clock since the start.
func (s *Server) clockRuns() bool {
	now := s.now()
	return now.Round(0).Sub(s.started.Round(0)) > now.Sub(s.started)-clockSlack
}

func (s *Server) running() bool { return !s.stopping.Load() }

// Stopping makes the service unready, so that no balancer sends new requests.
func (s *Server) Stopping() { s.stopping.Store(true) }
