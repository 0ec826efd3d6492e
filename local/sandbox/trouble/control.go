package trouble

import (
	"encoding/json"
	"net/http"
	"time"
)

// Routes adds the sandbox controls. They have the same form as those of the embedded
// default.
func (s *Switches) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /sandbox/faults", s.setFault)
	mux.HandleFunc("POST /sandbox/behaviour", s.setBehavior)
	mux.HandleFunc("GET /sandbox/requests", s.requests)
}

// setFault is POST /sandbox/faults {target, mode, times}.
func (s *Switches) setFault(w http.ResponseWriter, r *http.Request) {
	in := struct {
		Target Target `json:"target"`
		Mode   Mode   `json:"mode"`
		Times  int    `json:"times"`
	}{Times: 1}
	control(w, r, &in, func() error { return s.Fault(in.Target, in.Mode, in.Times) })
}

// setBehavior is POST /sandbox/behaviour {target, latencyMs, errorRate}.
func (s *Switches) setBehavior(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Target    Target  `json:"target"`
		LatencyMS int     `json:"latencyMs"`
		ErrorRate float64 `json:"errorRate"`
	}
	control(w, r, &in, func() error {
		return s.Behave(in.Target, Behavior{
			Latency: time.Duration(in.LatencyMS) * time.Millisecond, ErrorRate: in.ErrorRate,
		})
	})
}

// requests is GET /sandbox/requests: the number of requests to each check.
func (s *Switches) requests(w http.ResponseWriter, _ *http.Request) {
	all := map[Target]Seen{}
	for t := range s.states {
		all[t] = s.Seen(t, false)
	}
	WriteJSON(w, http.StatusOK, all)
}

func control(w http.ResponseWriter, r *http.Request, in any, do func() error) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	err := d.Decode(in)
	if err == nil {
		err = do()
	}
	if err != nil {
		WriteJSON(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
		return
	}
	WriteJSON(w, http.StatusOK, in)
}

// WriteJSON writes an answer.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if it fails
}
