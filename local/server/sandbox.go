package server

import (
	"encoding/json"
	"net/http"
	"strings"

	"realname/local/engine"
	"realname/local/faults"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/dynamojson"
)

// lastSMS is GET /sandbox/sms?mobile=…: the last message to a number.
func (s *Server) lastSMS(w http.ResponseWriter, r *http.Request) {
	if sim := s.opts.Simulators.messages(); sim != nil { // the simulator stores the messages
		http.Redirect(w, r, sim.Endpoint.JoinPath("sandbox", "sms").String()+"?"+r.URL.RawQuery, http.StatusFound)
		return
	}
	m, ok := s.provider.LastMessage(idcode.NormalizeMobile(r.URL.Query().Get("mobile")))
	if !ok {
		answer(w, http.StatusNotFound, map[string]string{"message": "no message was sent to this number"})
		return
	}
	answer(w, http.StatusOK, m)
}

// setFault is POST /sandbox/faults {target, mode, times}.
func (s *Server) setFault(w http.ResponseWriter, r *http.Request) {
	in := struct {
		Target faults.Target `json:"target"`
		Mode   faults.Mode   `json:"mode"`
		Times  int           `json:"times"`
	}{Times: 1}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	if err == nil {
		err = s.faults.Set(in.Target, in.Mode, in.Times)
	}
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
		return
	}
	answer(w, http.StatusOK, in)
}

// dump is GET /sandbox/dump: table, executions and events as stored.
func (s *Server) dump(w http.ResponseWriter, r *http.Request) {
	executions, err := s.engine.Executions()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
		return
	}
	out := struct {
		Table      []map[string]any        `json:"table"`
		Executions []engine.Execution      `json:"executions"`
		Events     []realname.Announcement `json:"events"`
	}{Table: []map[string]any{}, Executions: executions, Events: []realname.Announcement{}}
	items, err := s.items(r.Context())
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
		return
	}
	for _, it := range items {
		m, err := dynamojson.Encode(it)
		if err != nil {
			answer(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
			return
		}
		out.Table = append(out.Table, m)
		if strings.HasPrefix(it.Key.PK, "OUTBOX#") {
			n, err := store.NoticeOf(it)
			if err != nil {
				answer(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
				return
			}
			out.Events = append(out.Events, n.Events...)
		}
	}
	answer(w, http.StatusOK, out)
}

// asked is GET /sandbox/asked: how many questions the sandbox's provider has answered.
func (s *Server) asked(w http.ResponseWriter, _ *http.Request) {
	if s.opts.Simulators != (Simulators{}) {
		answer(w, http.StatusNotFound, map[string]string{"message": "the simulator answers the questions"})
		return
	}
	answer(w, http.StatusOK, s.provider.Asked())
}

// readMeter is GET /sandbox/meter: the units that AWS would bill.
func (s *Server) readMeter(w http.ResponseWriter, _ *http.Request) {
	if s.opts.Meter == nil {
		answer(w, http.StatusNotFound, map[string]string{"message": "nothing is counted: realname serve --meter"})
		return
	}
	executions, err := s.engine.Executions()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"message": err.Error()})
		return
	}
	reading := s.opts.Meter.Read()
	for _, x := range executions {
		for _, e := range x.Events {
			if strings.HasSuffix(e.Type, "StateEntered") {
				reading.Transitions++
			}
		}
	}
	answer(w, http.StatusOK, reading)
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if it fails
}
