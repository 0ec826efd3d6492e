package verification_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/e2e/faults"
	"realname/local/domaintest"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/dynamojson"
)

// beginnings are the states in which the histories begin.
var beginnings = [][]string{
	{},
	{"start legal_representative"},
	{"start legal_representative", "wrong enterprise"},
	{"start legal_representative", "enterprise"},
	{"start legal_representative", "enterprise", "code"},
	{"start legal_representative", "enterprise", "code", "wrong code"},
	{"start legal_representative", "enterprise", "legal"},
	{"start legal_representative", "enterprise", "legal", "holder"},
	{"start bank_ukey"},
	{"start bank_ukey", "choose CCB"},
	{"start bank_ukey", "choose CCB", "bank refuses"},
	{"start ic_card", "challenge"},
	{"challenge to bind", "bind", "challenge to bind", "start ic_card", "challenge"},
	{"start legal_representative", "start bank_ukey", "cancel legal_representative"},
}

// The random histories. make test-faults asks for more.
var (
	lives     = flag.Int("lives", 100, "random histories of TestRequestsThatDieLeaveNoWrongState")
	firstLife = flag.Uint64("life", uint64(time.Now().UnixNano()), "seed of the first of them")
)

// Random histories of all requests of one account. Processes die at any of their calls,
// calls fail or lose their answer, requests are repeated and meet within each other.
//
//   - A request without a fault is answered. A keyed one that is repeated at once gets its
//     answer again.
//   - No request puts a question twice, or decides two attempts.
//   - What is stored agrees as soon as Repair has run, and every session closes in the end.
func TestRequestsThatDieLeaveNoWrongState(t *testing.T) {
	for n := range uint64(*lives) {
		l := newLife(t, *firstLife+n)
		for range 2 + l.IntN(8) {
			l.one()
		}
		l.judge()
		if len(l.wrong) > 0 {
			t.Fatalf("-life %d:\n%s\nwrong:\n%s", *firstLife+n, strings.Join(l.story, "\n"), strings.Join(l.wrong, "\n"))
		}
	}
}

// life is a random history.
type life struct {
	*world
	*rand.Rand
	all   map[string]kind
	names []string
	known []made
	story []string
	wrong []string
}

// made is a request that was made.
type made struct {
	key   string
	keyed bool
	do    request
}

func newLife(t *testing.T, seed uint64) *life {
	w := newWorld(t)
	l := &life{world: w, Rand: rand.New(rand.NewPCG(seed, 0)), all: w.kinds()}
	l.names = slices.Sorted(maps.Keys(l.all))
	for _, name := range beginnings[l.IntN(len(beginnings))] {
		if err := l.tell(l.make(name)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	w.meanwhile = func() {
		other := l.draw()
		l.story = append(l.story, "  meets:")
		if err := l.tell(other); !refused(err) {
			l.report("%s: %v", other.key, err)
		}
	}
	return l
}

func (l *life) report(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

func (l *life) make(name string) made {
	key := fmt.Sprint(name, " ", len(l.known))
	l.known = append(l.known, made{key, l.all[name].keyed, l.all[name].make(key)})
	return l.known[len(l.known)-1]
}

// draw repeats a request, or makes one: often one that fits the account's sessions.
func (l *life) draw() made {
	switch l.IntN(6) {
	case 0:
		if len(l.known) > 0 {
			return l.known[l.IntN(len(l.known))]
		}
	case 1, 2, 3:
		fits := l.fitting()
		return l.make(fits[l.IntN(len(fits))])
	}
	return l.make(l.names[l.IntN(len(l.names))])
}

// tell does a request and adds it to the story.
func (l *life) tell(m made) error {
	answer, err := l.does(m.key, m.do)
	l.story = append(l.story, fmt.Sprintf("%s: %s %v", m.key, answer, err))
	return err
}

// one does a request, to which something may happen.
func (l *life) one() {
	next := l.draw()
	l.calls, l.how = 0, ending(l.IntN(int(endings)))
	if l.how != nothing {
		l.endsAt = 1 + l.IntN(8)
	}
	at, began := l.endsAt, l.Clock()
	l.story = append(l.story, fmt.Sprintf("ending %d at call %d:", l.how, at))
	answer, err := l.does(next.key, next.do)
	l.story = append(l.story, fmt.Sprintf("%s: %s %v", next.key, answer, err))
	if (at == 0 || l.calls < at) && !refused(err) {
		l.report("%s: %v", next.key, err)
	}
	if !refused(err) && l.IntN(2) == 0 { // its user sends it again, at once or later
		l.Advance(time.Duration(l.IntN(2)) * time.Minute)
		if err := l.tell(next); !refused(err) {
			l.report("%s again: %v", next.key, err)
		}
	}
	fresh := l.Clock().Sub(began) < realname.CardChallengeLife // its answer is kept as long
	if err == nil && next.keyed && fresh {
		if again, err := l.does(next.key, next.do); err != nil || again != answer {
			l.report("%s: %s, then %s %v", next.key, answer, again, err)
		}
	}
}

// judge reports what is wrong now, when Repair has run, and in the end.
func (l *life) judge() {
	for question, n := range l.asked {
		if n > 1 {
			l.report("%s was put %d times", question, n)
		}
	}
	l.countsAgree()
	for range 5 {
		l.rests(time.Minute)
	}
	l.agrees()
	l.rests(l.Limits.SessionTimeout)
	for _, x := range l.executions {
		if x.token != "" { // its wait has ended
			x.token, x.finishes = "", true
		}
	}
	l.rests(time.Minute)
	for id, s := range l.agrees().Sessions {
		if s.Closed == "" {
			l.report("session %s is open in the end", id)
		}
	}
}

// rests lets time pass in which nothing fails.
func (l *life) rests(d time.Duration) {
	l.Advance(d)
	for _, do := range []func() error{l.goesOn, func() error { _, err := l.Repair(l.Context()); return err }, l.goesOn} {
		if err := do(); err != nil {
			l.report("at rest: %v", err)
		}
	}
}

// countsAgree compares the attempts with the requests, and with the day's count of failed
// ones, which the account's binding of cards adds to.
func (l *life) countsAgree() {
	charged, decided := 0, map[string]int{}
	for _, s := range l.state().Sessions {
		for _, a := range s.Attempts {
			if a.Charged {
				charged++
			}
			if by := a.Evidence.RequestID; by != "" && (a.Passed || a.Code != "") && !a.Evidence.Repeated {
				decided[by]++
			}
		}
	}
	for by, n := range decided {
		if n > 1 && by != l.request && !strings.Contains(by, ".") { // a bank's request has many answers
			l.report("%s decided %d attempts", by, n)
		}
	}
	view, err := store.New(l.Table).LoadAccount(l.Context(), realname.AccountQuery{
		AccountID: domaintest.AccountID, Day: realname.Day(l.Clock()),
	})
	if err != nil {
		l.Fatal(err)
	}
	if bound := view.Day.FailedTries - charged; view.Day.Version > 0 && (bound < 0 || bound > 9) {
		l.report("%d failed attempts are counted, and %d stored", view.Day.FailedTries, charged)
	}
}

// agrees reports what package faults finds wrong. Nothing delivers notices here, and a
// card may be unbound.
func (l *life) agrees() faults.State {
	state := l.state()
	for _, wrong := range state.Check(l.Clock()) {
		expected := func(part string) bool { return strings.Contains(wrong, part) }
		if !slices.ContainsFunc([]string{"did not arrive", "was not delivered", "no card is bound"}, expected) {
			l.report("%s", wrong)
		}
	}
	return state
}

func (l *life) state() faults.State {
	dump := map[string][]any{"Table": {}, "Executions": {}}
	for _, it := range l.Table.Dump() {
		item, err := dynamojson.Encode(it)
		if err != nil {
			l.Fatal(err)
		}
		dump["Table"] = append(dump["Table"], item)
	}
	for id, x := range l.executions {
		status := map[bool]string{true: "SUCCEEDED", false: "RUNNING"}[x.ended]
		dump["Executions"] = append(dump["Executions"], map[string]string{"Name": id, "Status": status})
	}
	raw, err := json.Marshal(dump)
	if err != nil {
		l.Fatal(err)
	}
	state, err := faults.Read(raw, []byte("{}"))
	if err != nil {
		l.Fatal(err)
	}
	return state
}
