package server

import (
	"net/http"

	"realname/local/remote"
	"realname/shared/table/sqlite"
)

// Control returns the handler of the control socket, through which commands reach the
// table and the keys, and take backups.
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	remote.Register(mux, remote.Control, s.table, s.keys)
	if t, kept := s.table.(*sqlite.DB); kept {
		b := &backups{table: t, opts: s.opts, now: s.now}
		mux.HandleFunc("POST "+remote.Control+remote.RouteBackup, b.serve)
	}
	return mux
}
