package tencent

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"realname/shared/clock"
)

// Target is the name of an API in the sandbox routes of the embedded default.
type Target string

// Targets of POST /sandbox/faults.
const (
	Registry Target = "registry"
	IDCard   Target = "id_card"
	BankCard Target = "bank_card"
	SMS      Target = "sms"
)

// Mode is the way in which an API fails.
type Mode string

// Modes of POST /sandbox/faults: no answer, InternalError, RequestLimitExceeded, a
// request that takes effect without an answer, an answer that is not JSON, or HTTP
// 500.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
	Malformed  Mode = "malformed"
	ServerDown Mode = "http_500"
)

// Behavior is the default behavior of an API.
type Behavior struct {
	Latency   time.Duration
	ErrorRate float64 // share of requests refused with InternalError
}

// apiState holds the behavior of one API, its pending faults, and its counts.
type apiState struct {
	behavior Behavior
	mode     Mode
	times    int
	forced   []map[string]any // responses that replace the next ones
	seen     Seen
	recent   []time.Time // arrivals of the last second
	inFlight int
}

// Seen counts the requests to an API.
type Seen struct {
	Requests int `json:"requests"`
	// Peak is the maximum number of requests within one second.
	Peak int `json:"peak"`
	// Throttled counts the requests above the simulator's own limit.
	Throttled    int `json:"throttled"`
	MostInFlight int `json:"mostInFlight"`
}

// trouble is the fault and the latency of one request.
type trouble struct {
	latency time.Duration
	mode    Mode
	forced  map[string]any
}

// begin counts a request and decides its trouble.
func (s *Sim) begin(a *apiState) trouble {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.config.Now()
	a.recent = append(slices.DeleteFunc(a.recent, func(t time.Time) bool { return now.Sub(t) >= time.Second }), now)
	a.inFlight++
	a.seen.Requests++
	a.seen.Peak = max(a.seen.Peak, len(a.recent))
	a.seen.MostInFlight = max(a.seen.MostInFlight, a.inFlight)
	t := trouble{latency: a.behavior.Latency}
	switch {
	case s.config.Rate > 0 && len(a.recent) > s.config.Rate:
		a.seen.Throttled++
		t.mode = Throttle
	case a.times > 0:
		a.times--
		t.mode = a.mode
	case len(a.forced) > 0:
		t.forced, a.forced = a.forced[0], a.forced[1:]
	case a.behavior.ErrorRate > 0 && s.config.Random() < a.behavior.ErrorRate:
		t.mode = Error
	}
	return t
}

func (s *Sim) end(a *apiState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.inFlight--
}

// before applies the trouble that replaces the answer. It reports whether the
// request continues.
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

// after writes the answer, or drops it.
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
	return nil, fmt.Errorf("target: unknown value %q", t)
}

// Fault makes the next requests to the target fail; 0 times ends its faults. An
// error names the unknown target or mode.
func (s *Sim) Fault(t Target, m Mode, times int) error {
	a, err := s.of(t)
	if err != nil {
		return err
	}
	if !slices.Contains([]Mode{Timeout, Error, Throttle, DropAnswer, Malformed, ServerDown}, m) {
		return fmt.Errorf("mode: unknown value %q", m)
	}
	if times < 0 {
		return fmt.Errorf("times: want at least 0, got %d", times)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.mode, a.times = m, times
	return nil
}

// Behave sets the behavior of the target.
func (s *Sim) Behave(t Target, b Behavior) error {
	a, err := s.of(t)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a.behavior = b
	return nil
}

// Force sets the target's next response.
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

// Seen returns the counts of the target, and resets them if asked to.
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
