package tencent

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"realname/shared/clock"
)

// Target names an API as the sandbox routes of the embedded default do.
type Target string

// Targets of POST /sandbox/faults.
const (
	Registry Target = "registry"
	IDCard   Target = "id_card"
	BankCard Target = "bank_card"
	SMS      Target = "sms"
)

// Mode is how an API fails.
type Mode string

// Modes of POST /sandbox/faults: the request is never answered, refused with
// InternalError or RequestLimitExceeded, taken but not answered, answered with
// something that is no JSON, or with HTTP 500.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
	Malformed  Mode = "malformed"
	ServerDown Mode = "http_500"
)

// Behaviour is how an API answers until it is told otherwise.
type Behaviour struct {
	Latency   time.Duration
	ErrorRate float64 // share of requests refused with InternalError
}

// apiState is one API's behaviour, the faults that are due, and what it saw.
type apiState struct {
	behaviour Behaviour
	mode      Mode
	times     int
	forced    []map[string]any // Responses that replace the next ones
	seen      Seen
	recent    []time.Time // arrivals of the last second
	inFlight  int
}

// Seen is what an API saw.
type Seen struct {
	Requests int `json:"requests"`
	// Peak is the most requests that arrived within any one second.
	Peak int `json:"peak"`
	// Throttled counts the requests above the simulator's own limit.
	Throttled    int `json:"throttled"`
	MostInFlight int `json:"mostInFlight"`
}

// trouble is what one request meets.
type trouble struct {
	latency time.Duration
	mode    Mode
	forced  map[string]any
}

// begin counts a request and decides what it meets.
func (s *Sim) begin(a *apiState) trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	a.recent = append(slices.DeleteFunc(a.recent, func(t time.Time) bool { return now.Sub(t) >= time.Second }), now)
	a.inFlight++
	a.seen.Requests++
	a.seen.Peak = max(a.seen.Peak, len(a.recent))
	a.seen.MostInFlight = max(a.seen.MostInFlight, a.inFlight)
	t := trouble{latency: a.behaviour.Latency}
	switch {
	case s.config.Rate > 0 && len(a.recent) > s.config.Rate:
		a.seen.Throttled++
		t.mode = Throttle
	case a.times > 0:
		a.times--
		t.mode = a.mode
	case len(a.forced) > 0:
		t.forced, a.forced = a.forced[0], a.forced[1:]
	case a.behaviour.ErrorRate > 0 && s.config.Random() < a.behaviour.ErrorRate:
		t.mode = Error
	}
	return t
}

func (s *Sim) end(a *apiState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.inFlight--
}

// before makes the trouble that comes instead of looking at the data; it
// reports whether the request goes on.
func (t trouble) before(w http.ResponseWriter, r *http.Request, id string) bool {
	if t.latency > 0 && clock.Wait(r.Context(), t.latency) != nil {
		return false
	}
	switch t.mode {
	case Timeout:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case Error:
		answer(w, id, refusal("InternalError"))
	case Throttle:
		answer(w, id, refusal("RequestLimitExceeded"))
	case Malformed:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"Response":{"RequestId":`)) // the caller is gone if it fails
	case ServerDown:
		http.Error(w, "simulated", http.StatusInternalServerError)
	default:
		if t.forced != nil {
			answer(w, id, t.forced)
			return false
		}
		return true
	}
	return false
}

// after answers, or loses the answer.
func (t trouble) after(w http.ResponseWriter, id string, result map[string]any) {
	if t.mode == DropAnswer {
		panic(http.ErrAbortHandler)
	}
	answer(w, id, result)
}

func (s *Sim) of(t Target) (*apiState, error) {
	for _, a := range actions {
		if a.target == t {
			return s.apis[a.action], nil
		}
	}
	return nil, fmt.Errorf("target: %q is unknown", t)
}

// Fault makes the next requests to the target fail; 0 times ends its faults.
// An error names what is unknown.
func (s *Sim) Fault(t Target, m Mode, times int) error {
	a, err := s.of(t)
	if err != nil {
		return err
	}
	if !slices.Contains([]Mode{Timeout, Error, Throttle, DropAnswer, Malformed, ServerDown}, m) {
		return fmt.Errorf("mode: %q is unknown", m)
	}
	if times < 0 {
		return fmt.Errorf("times: less than 0")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.mode, a.times = m, times
	return nil
}

// Behave sets how the target answers from now on.
func (s *Sim) Behave(t Target, b Behaviour) error {
	a, err := s.of(t)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.behaviour = b
	return nil
}

// Force makes the target's next answer this Response.
func (s *Sim) Force(t Target, response map[string]any) error {
	a, err := s.of(t)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.forced = append(a.forced, response)
	return nil
}

// Seen returns what the target saw, and forgets it when asked to.
func (s *Sim) Seen(t Target, forget bool) Seen {
	a, err := s.of(t)
	if err != nil {
		return Seen{}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := a.seen
	if forget {
		a.seen = Seen{}
	}
	return seen
}
