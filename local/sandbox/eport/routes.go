package eport

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// state is the state of the sandbox's desk.
type state struct {
	Control     string       `json:"control"` // the WebSocket's address; "" when it does not run
	PIN         string       `json:"pin"`
	Reader      Reader       `json:"reader"`
	Kinds       []Kind       `json:"kinds"`
	Enterprises []Enterprise `json:"enterprises"`
}

// Mux takes the routes: a *http.ServeMux, for example.
type Mux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// Register adds the sandbox's routes: show or change the card in the reader, and
// the revocation lists.
func (s *Sandbox) Register(mux Mux) {
	mux.HandleFunc("GET /sandbox/card", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, s.state())
	})
	mux.HandleFunc("POST /sandbox/card", s.putIn)
	mux.HandleFunc("GET /sandbox/card/crl/{name}", s.crl)
}

func (s *Sandbox) state() state {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := state{PIN: defaultPIN, Reader: s.reader, Kinds: Kinds(), Enterprises: s.enterprises}
	if s.addr != "" {
		st.Control = "ws://" + s.addr
	}
	return st
}

// RunningAt sets the address of the running control.
func (s *Sandbox) RunningAt(addr string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addr = addr
}

// putIn is POST /sandbox/card {card, kind, missing, delay}. card is a USCC or a
// login name, delay a duration such as 3s. Without a card, the reader is empty.
func (s *Sandbox) putIn(w http.ResponseWriter, r *http.Request) {
	in := struct {
		Card    string `json:"card"`
		Kind    Kind   `json:"kind"`
		Missing bool   `json:"missing"`
		Delay   string `json:"delay"`
	}{Kind: Good, Delay: "0s"}
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1024))
	d.DisallowUnknownFields()
	err := d.Decode(&in)
	var delay time.Duration
	if err == nil {
		delay, err = time.ParseDuration(in.Delay)
	}
	if err == nil {
		err = s.insert(Reader{Missing: in.Missing, Delay: delay, USCC: in.Card, Kind: in.Kind})
	}
	if err != nil {
		reply(w, http.StatusBadRequest, map[string]string{"message": err.Error()})
		return
	}
	reply(w, http.StatusOK, s.state())
}

func (s *Sandbox) crl(w http.ResponseWriter, r *http.Request) {
	slug, found := strings.CutSuffix(r.PathValue("name"), ".crl")
	for _, a := range s.authorities {
		if !found || a.slug != slug {
			continue
		}
		if a.published == outOfReach {
			http.Error(w, "out of service", http.StatusServiceUnavailable)
			return
		}
		list, err := a.list(s.now())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/pkix-crl")
		_, _ = w.Write(list) // the caller is gone if it fails
		return
	}
	http.NotFound(w, r)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if it fails
}
