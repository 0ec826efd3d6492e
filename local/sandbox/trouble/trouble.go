// Package trouble makes a simulated provider fail on request: it counts the requests to
// each check, delays them, and replaces or drops their answers. The simulators of all
// providers have the same switches.
package trouble

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"realname/shared/clock"
)

// Target is the name of a check in the sandbox routes.
type Target string

// Targets of POST /sandbox/faults.
const (
	Registry Target = "registry"
	IDCard   Target = "id_card"
	BankCard Target = "bank_card"
	SMS      Target = "sms"
)

// Mode is the way in which a check fails.
type Mode string

// Modes of POST /sandbox/faults: no answer, the provider's internal error, its refusal
// of the rate, a request that takes effect without an answer, an answer that is not
// JSON, or HTTP 500.
const (
	Timeout    Mode = "timeout"
	Error      Mode = "error"
	Throttle   Mode = "throttle"
	DropAnswer Mode = "drop_answer"
	Malformed  Mode = "malformed"
	ServerDown Mode = "http_500"
)

// Behavior is the default behavior of a check.
type Behavior struct {
	Latency   time.Duration
	ErrorRate float64 // share of requests refused with the internal error
}

// Dialect is the way in which a provider says that it failed.
type Dialect struct {
	Error    func(w http.ResponseWriter, id string)
	Throttle func(w http.ResponseWriter, id string)
	Answer   func(w http.ResponseWriter, id string, result map[string]any)
}

// Switches hold the trouble of every check of one simulator.
type Switches struct {
	dialect Dialect
	rate    int
	now     func() time.Time
	random  func() float64

	mu     sync.Mutex
	states map[Target]*state
}

// New returns switches without trouble for the targets. rate is the number of requests
// per second that each check accepts; 0 is no limit. random returns a number in [0,1)
// that decides which requests fail by the error rate.
func New(d Dialect, rate int, now func() time.Time, random func() float64, targets ...Target) *Switches {
	s := &Switches{dialect: d, rate: rate, now: now, random: random, states: map[Target]*state{}}
	for _, t := range targets {
		s.states[t] = &state{}
	}
	return s
}

// state holds the behavior of one check, its pending faults, and its counts.
type state struct {
	behavior Behavior
	mode     Mode
	times    int
	forced   []map[string]any // responses that replace the next ones
	seen     Seen
	recent   []time.Time // arrivals of the last second
	inFlight int
}

// Seen counts the requests to a check.
type Seen struct {
	Requests int `json:"requests"`
	// Peak is the maximum number of requests within one second.
	Peak int `json:"peak"`
	// Throttled counts the requests above the simulator's own limit.
	Throttled    int `json:"throttled"`
	MostInFlight int `json:"mostInFlight"`
}

// Request is one request with its trouble.
type Request struct {
	switches *Switches
	state    *state
	latency  time.Duration
	mode     Mode
	forced   map[string]any
}

// Begin counts a request and decides its trouble. The caller ends it with End.
func (s *Switches) Begin(t Target) Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, a := s.now(), s.states[t]
	a.recent = append(slices.DeleteFunc(a.recent, func(t time.Time) bool { return now.Sub(t) >= time.Second }), now)
	a.inFlight++
	a.seen.Requests++
	a.seen.Peak = max(a.seen.Peak, len(a.recent))
	a.seen.MostInFlight = max(a.seen.MostInFlight, a.inFlight)
	r := Request{switches: s, state: a, latency: a.behavior.Latency}
	switch {
	case s.rate > 0 && len(a.recent) > s.rate:
		a.seen.Throttled++
		r.mode = Throttle
	case a.times > 0:
		a.times--
		r.mode = a.mode
	case len(a.forced) > 0:
		r.forced, a.forced = a.forced[0], a.forced[1:]
	case a.behavior.ErrorRate > 0 && s.random() < a.behavior.ErrorRate:
		r.mode = Error
	}
	return r
}

// End ends the request.
func (r Request) End() {
	r.switches.mu.Lock()
	defer r.switches.mu.Unlock()
	r.state.inFlight--
}

// Before applies the trouble that replaces the answer. It reports whether the request
// continues.
func (r Request) Before(w http.ResponseWriter, request *http.Request, id string) bool {
	if r.latency > 0 && clock.Wait(request.Context(), r.latency) != nil {
		return false
	}
	d := r.switches.dialect
	switch r.mode {
	case Timeout:
		<-request.Context().Done()
		panic(http.ErrAbortHandler)
	case Error:
		d.Error(w, id)
	case Throttle:
		d.Throttle(w, id)
	case Malformed:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"RequestId":`)) // the caller is gone if it fails
	case ServerDown:
		http.Error(w, "simulated", http.StatusInternalServerError)
	default:
		if r.forced != nil {
			d.Answer(w, id, r.forced)
			return false
		}
		return true
	}
	return false
}

// After writes the answer, or drops it.
func (r Request) After(w http.ResponseWriter, id string, result map[string]any) {
	if r.mode == DropAnswer {
		panic(http.ErrAbortHandler)
	}
	r.switches.dialect.Answer(w, id, result)
}

func (s *Switches) of(t Target) (*state, error) {
	if a, ok := s.states[t]; ok {
		return a, nil
	}
	return nil, fmt.Errorf("target: unknown value %q", t)
}

// Fault makes the next requests to the target fail; 0 times ends its faults. An
// error names the unknown target or mode.
func (s *Switches) Fault(t Target, m Mode, times int) error {
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
func (s *Switches) Behave(t Target, b Behavior) error {
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
func (s *Switches) Force(t Target, response map[string]any) error {
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
func (s *Switches) Seen(t Target, forget bool) Seen {
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
