package server

import (
	"encoding/json"
	"net/http"

	"realname/local/faults"
)

// addAbort is POST /sandbox/aborts {function, call}: the next invocation of the
// function that makes an outside call of that number ends right after it.
func (s *Server) addAbort(w http.ResponseWriter, r *http.Request) {
	var in faults.Abort
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
		return
	}
	if s.functions[in.Function] == nil || in.Call < 1 {
		answer(w, http.StatusBadRequest, map[string]string{"message": "function: one of the service's; call: 1 or more"})
		return
	}
	s.faults.AbortAt(in)
	s.listAborts(w, r)
}

// forgetAborts is DELETE /sandbox/aborts: it removes the pending aborts.
func (s *Server) forgetAborts(w http.ResponseWriter, r *http.Request) {
	s.faults.ForgetAborts()
	s.listAborts(w, r)
}

// listAborts is GET /sandbox/aborts: the pending aborts.
func (s *Server) listAborts(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, map[string]any{"aborts": s.faults.Aborts()})
}
