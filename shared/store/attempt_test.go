package store_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
)

// kept writes the session and returns it as it is read back.
func kept(t *testing.T, st *store.Store, s realname.Session) realname.Session {
	t.Helper()
	if err := st.Commit(t.Context(), realname.Writing(s)); err != nil {
		t.Fatal(err)
	}
	return stored(t, st, s.ID)
}

func stored(t *testing.T, st *store.Store, id string) realname.Session {
	t.Helper()
	view, err := st.LoadSession(t.Context(), realname.SessionQuery{SessionID: id})
	if err != nil {
		t.Fatal(err)
	}
	return view.Session
}

func attemptsOf(t *testing.T, st *store.Store, s realname.Session) []realname.Attempt {
	t.Helper()
	all, err := st.Attempts(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// missed is the n-th refused attempt, and what the provider answered.
func missed(n int) realname.Attempt {
	at := now.Add(time.Duration(n) * time.Second)
	return realname.Attempt{
		Step: realname.StepLegalRepresentative, By: realname.ByIDCard, At: at, Code: realname.CodeIDCardMismatch,
		Charged: true, Evidence: realname.Evidence{
			Check: realname.IDCardCheck, AskedAt: at.Add(-time.Millisecond), Provider: "tencent", Code: "1",
			RequestID: fmt.Sprintf("6a7d1d5a-0000-4000-8000-%012d", n), Outcome: realname.Mismatch,
		},
	}
}

func TestAnAttemptInItsSessionIsReadBackAsItWas(t *testing.T) {
	base := session("s1")
	for name, change := range map[string]func(*realname.Attempt){
		"refused": func(*realname.Attempt) {},
		"deciding its step": func(a *realname.Attempt) {
			*a = realname.Attempt{Step: realname.StepEnterprise, At: now, Passed: true, Evidence: realname.Evidence{
				Check: realname.RegistryCheck, AskedAt: now.Add(-time.Second), Provider: "aliyun", Outcome: realname.Match,
			}}
		},
		"passed, but not by this": func(a *realname.Attempt) { a.Passed, a.Code = true, "" },
		"before any question":     func(a *realname.Attempt) { a.Evidence = realname.Evidence{} },
		"another outcome":         func(a *realname.Attempt) { a.Evidence.Outcome = realname.NotCovered },
		"no outcome":              func(a *realname.Attempt) { a.Evidence.Outcome = "" },
		"no check":                func(a *realname.Attempt) { a.Evidence.Check = "" },
		"never asked":             func(a *realname.Attempt) { a.Evidence.AskedAt = time.Time{} },
		"asked at once":           func(a *realname.Attempt) { a.Evidence.AskedAt = a.At },
		"all else": func(a *realname.Attempt) {
			a.By, a.Charged = realname.ByBankCard, false
			a.Evidence = realname.Evidence{
				Check: realname.BankCardCheck, AskedAt: now.Add(-time.Hour), Outcome: realname.Mismatch,
				Reason: realname.ReasonUnusable, Differs: []realname.Element{realname.ElementName}, CurrentFrom: "20260303",
				Repeated: true, NotAsked: true, Spelling: realname.SecondSpelling, CertificateSerial: "01",
				Others: []realname.Evidence{{Provider: "baidu", AskedAt: now, Outcome: realname.NotCovered}},
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, a := base, missed(1)
			change(&a)
			s.Attempts = []realname.Attempt{missed(0), a}
			if got := kept(t, newStore(), s).Attempts; !reflect.DeepEqual(got, s.Attempts) {
				t.Errorf("got  %+v\nwant %+v", got, s.Attempts)
			}
		})
	}
}

func TestAnAttemptAtNoStepOfItsSessionIsRefused(t *testing.T) {
	s, a := session("s1"), missed(1)
	a.Step = realname.StepBank
	s.Attempts = []realname.Attempt{a}
	if err := newStore().Commit(t.Context(), realname.Writing(s)); err == nil {
		t.Error("stored")
	}
}

// However many attempts a session has, its item keeps within two write units, and every
// attempt and answer is found, in order and once.
func TestAttemptsMoveOutOfASessionThatHasNoRoomForThem(t *testing.T) {
	tbl := memory.New(func() time.Time { return now })
	st, s := store.New(tbl), session("s1")
	s.LastError = nil
	var want []realname.Attempt
	for n := range 30 {
		a := missed(n)
		want = append(want, a)
		s.Attempts = append(s.Attempts, a)
		answers := append(slices.Clone(s.Answers), realname.Answered{Index: fmt.Sprint("index-", n), Evidence: a.Evidence})
		s.Answers = answers[max(0, len(answers)-5):]
		before := s
		s = kept(t, st, s)
		for _, it := range tbl.Dump() {
			if it.Key.SK == "STATE" && table.Size(it) > 2048 {
				t.Fatalf("after %d: the session's item has %d bytes", n, table.Size(it))
			}
		}
		if !reflect.DeepEqual(s.Answers, before.Answers) {
			t.Fatalf("after %d: answers %+v, want %+v", n, s.Answers, before.Answers)
		}
		for name, of := range map[string]realname.Session{"as stored": s, "as read before": before} {
			if got := attemptsOf(t, st, of); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s, after %d: %d attempts, want %d\n%+v", name, n, len(got), len(want), got)
			}
		}
	}
	for n := range 20 { // the end of a session is one write, however many attempts it has
		a := missed(30 + n)
		want, s.Attempts = append(want, a), append(s.Attempts, a)
	}
	last := len(s.Attempts)
	s.Closed, s.ClosedAt, s.Answers = realname.Canceled, now, nil
	if s = kept(t, st, s); len(s.Attempts) != last || !reflect.DeepEqual(attemptsOf(t, st, s), want) {
		t.Errorf("closed with %d attempts in its item, want %d", len(s.Attempts), last)
	}
	moved := 0
	for _, it := range tbl.Dump() {
		if strings.HasPrefix(it.Key.SK, "ATTEMPT#") {
			moved++
		}
	}
	if moved == 0 || moved+len(s.Attempts) != len(want) || len(s.Attempts) == 0 {
		t.Errorf("%d attempts moved out, %d stayed", moved, len(s.Attempts))
	}
}

// Up to version 1.0.0, every attempt had an item of its own, and an answer its evidence.
func TestAttemptsOfTheFormerShapeAreRead(t *testing.T) {
	tbl := memory.New(func() time.Time { return now })
	st, s := store.New(tbl), session("s1")
	kept(t, st, s)
	body := func(record any) (body map[string]any) {
		raw, err := json.Marshal(record)
		if err == nil {
			d := json.NewDecoder(strings.NewReader(string(raw)))
			d.UseNumber()
			err = d.Decode(&body)
		}
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	first, second := missed(1), missed(2)
	answered := realname.Answered{Index: "i", Evidence: first.Evidence}
	var state table.Item
	for _, it := range tbl.Dump() {
		if it.Key.SK == "STATE" {
			state = it
		}
	}
	state.Body["answers"] = []any{body(answered)}
	of := table.Key{PK: state.Key.PK, SK: "ATTEMPT#20260302T090001.000000000Z#0"}
	attempt := table.Item{Key: of, Version: 1, Body: body(first)}
	if err := tbl.Transact(t.Context(), table.Put(state, table.Always()), table.Put(attempt, table.Always())); err != nil {
		t.Fatal(err)
	}
	s = stored(t, st, "s1")
	if !reflect.DeepEqual(s.Answers, []realname.Answered{answered}) {
		t.Errorf("%+v", s.Answers)
	}
	s.Attempts = append(s.Attempts, second)
	s = kept(t, st, s)
	if got := attemptsOf(t, st, s); !reflect.DeepEqual(got, []realname.Attempt{first, second}) {
		t.Errorf("%+v", got)
	}
	if !reflect.DeepEqual(s.Answers, []realname.Answered{answered}) {
		t.Errorf("%+v", s.Answers)
	}
}
