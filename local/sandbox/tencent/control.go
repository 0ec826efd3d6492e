package tencent

import (
	"encoding/json"
	"net/http"
	"time"
)

// routes are the API and the sandbox controls. The controls have the same form as
// those of the embedded default.
func (s *Sim) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", s.api)
	mux.HandleFunc("GET /sandbox/sms", s.lastSMS)
	mux.HandleFunc("POST /sandbox/faults", s.setFault)
	mux.HandleFunc("POST /sandbox/behaviour", s.setBehavior)
	mux.HandleFunc("GET /sandbox/requests", s.requests)
	return http.NewCrossOriginProtection().Handler(mux) // no other site acts through a visitor's browser
}

// lastSMS is GET /sandbox/sms?mobile=…: the last message to a number.
func (s *Sim) lastSMS(w http.ResponseWriter, r *http.Request) {
	m, ok := s.LastMessage(r.URL.Query().Get("mobile"))
	if !ok {
		writeJSON(w, http.StatusNotFound, map[string]string{"message": "no message was sent to this number"})
		return
	}
	writeJSON(w, http.StatusOK, m)
}

// setFault is POST /sandbox/faults {target, mode, times}.
func (s *Sim) setFault(w http.ResponseWriter, r *http.Request) {
	in := struct {
		Target Target `json:"target"`
		Mode   Mode   `json:"mode"`
		Times  int    `json:"times"`
	}{Times: 1}
	control(w, r, &in, func() error { return s.Fault(in.Target, in.Mode, in.Times) })
}

// setBehavior is POST /sandbox/behaviour {target, latencyMs, errorRate}.
func (s *Sim) setBehavior(w http.ResponseWriter, r *http.Request) {
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

// requests is GET /sandbox/requests: the number of requests to each API.
func (s *Sim) requests(w http.ResponseWriter, _ *http.Request) {
	all := map[Target]Seen{}
	for _, a := range actions {
		all[a.target] = s.Seen(a.target, false)
	}
	writeJSON(w, http.StatusOK, all)
}

func control(w http.ResponseWriter, r *http.Request, in any, do func() error) {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	err := d.Decode(in)
	if err == nil {
		err = do()
	}
	if err != nil {
		writeJSON(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
		return
	}
	writeJSON(w, http.StatusOK, in)
}
