// Package report answers questions of staff from stored data: how many sessions
// pass each step, and the history of an enterprise.
package report

import (
	"fmt"
	"slices"
	"time"

	"realname/shared/realname"
)

// StepCount counts the outcomes of sessions at one step.
type StepCount struct {
	Step    realname.StepName `json:"step"`
	Reached int               `json:"reached"` // every step before it passed
	Passed  int               `json:"passed"`
	// The other sessions that reached it: out of attempts, expired, canceled, or
	// still open.
	Failed   int `json:"failed"`
	Expired  int `json:"expired"`
	Canceled int `json:"canceled"`
	Open     int `json:"open"`
	// Tries counts the failed attempts of all sessions at the step.
	Tries int `json:"failedTries"`
}

// Stuck is the number of sessions that reached the step and did not pass it, for any reason.
func (c StepCount) Stuck() int { return c.Reached - c.Passed }

// Funnel counts the sessions of one method at each step.
type Funnel struct {
	Method   realname.Method `json:"method"`
	Started  int             `json:"started"`
	Verified int             `json:"verified"`
	Steps    []StepCount     `json:"steps"`
}

// Funnels counts the sessions by method and step, in the order of the methods. It
// omits methods without a session.
func Funnels(sessions []realname.Session, now time.Time) []Funnel {
	var funnels []Funnel
	for _, m := range realname.Methods() {
		f := Funnel{Method: m}
		for _, name := range m.Steps() {
			f.Steps = append(f.Steps, StepCount{Step: name})
		}
		for _, s := range sessions {
			if s.Method == m {
				f.count(s, now)
			}
		}
		if f.Started > 0 {
			funnels = append(funnels, f)
		}
	}
	return funnels
}

func (f *Funnel) count(s realname.Session, now time.Time) {
	f.Started++
	if s.Closed == realname.Verified {
		f.Verified++
	}
	for i := range f.Steps {
		c := &f.Steps[i]
		st, known := s.Step(c.Step)
		if !known {
			return
		}
		c.Reached++
		c.Tries += st.FailedTries
		if st.Outcome == realname.StepPassed {
			c.Passed++
			continue
		}
		switch s.Status(now) {
		case realname.Failed:
			c.Failed++
		case realname.Expired:
			c.Expired++
		case realname.Canceled:
			c.Canceled++
		default:
			c.Open++
		}
		return
	}
}

// Newest sorts sessions by their start, newest first.
func Newest(sessions []realname.Session) []realname.Session {
	slices.SortFunc(sessions, func(a, b realname.Session) int { return b.CreatedAt.Compare(a.CreatedAt) })
	return sessions
}

func title(f Funnel) string {
	return fmt.Sprintf("%s: %d started, %d verified", f.Method, f.Started, f.Verified)
}

func figures(c StepCount) string {
	return fmt.Sprintf("%d of %d passed, %d stuck", c.Passed, c.Reached, c.Stuck())
}
