package accounts_test

import (
	"context"
	"fmt"

	"pgregory.net/rapid"

	"realname/e2e/world"
	"realname/shared/realname"
	"realname/shared/store"
)

// reading holds how both aspects of an enterprise read.
type reading map[realname.AspectName]bool

var aspects = []realname.AspectName{realname.EnterpriseAspect, realname.HolderAspect}

// readings returns the reading of every stored enterprise.
func (h *history) readings() map[string]reading {
	all := map[string]reading{}
	for n := range 3 {
		code, _ := world.Codes(7000 + n)
		e, err := h.st.LoadEnterprise(context.Background(), code)
		if err != nil {
			h.Fatal(err)
		}
		if e.USCC == "" {
			continue
		}
		all[code] = reading{}
		for _, aspect := range aspects {
			all[code][aspect] = e.State(aspect).Passed
		}
	}
	return all
}

// events counts the events by enterprise, type and aspect.
func (h *history) events() map[string]int {
	count := map[string]int{}
	for _, it := range h.mem.Dump() {
		if !store.OutboxPartition.Has(it.Key.PK) {
			continue
		}
		n, err := store.NoticeOf(it)
		if err != nil {
			h.Fatal(err)
		}
		for _, e := range n.Events {
			count[fmt.Sprint(e.USCC, " ", e.Type, " ", e.Aspect)]++
		}
	}
	return count
}

// announced compares each change of a reading with the events that came with
// it.
func (h *history) announced(before map[string]reading, events map[string]int) {
	now := h.events()
	after := h.readings()
	grown := func(code string, t realname.AnnouncementType, aspect realname.AspectName) bool {
		key := fmt.Sprint(code, " ", t, " ", aspect)
		return now[key] > events[key]
	}
	for code, was := range before {
		is, there := after[code]
		for _, aspect := range aspects {
			moved := !there && aspect == realname.HolderAspect // it counts under the new code
			if was[aspect] && !is[aspect] && !moved && !grown(code, realname.VerificationWithdrawn, aspect) {
				h.Fatalf("%s of %s no longer reads passed, and nobody was told", aspect, code)
			}
		}
		if is[realname.EnterpriseAspect] && !was[realname.EnterpriseAspect] && !h.oracle.untouched(code) &&
			!grown(code, realname.EnterpriseVerified, "") {
			h.Fatalf("the enterprise %s reads passed, and nobody was told", code)
		}
	}
}

// judge compares every reading with the oracle's.
func (h *history) judge(t *rapid.T) {
	h.T = t
	after := h.readings()
	for n := range 3 {
		code, _ := world.Codes(7000 + n)
		for _, aspect := range aspects {
			if got, want := after[code][aspect], h.oracle.reads(code, aspect); got != want {
				h.Fatalf("%s of %s reads passed: %v, want %v", aspect, code, got, want)
			}
		}
	}
	for id, a := range h.oracle.accounts {
		h.judgeAccount(id, a)
	}
}

func (h *history) judgeAccount(id string, known *knownAccount) {
	ctx := context.Background()
	found, err := h.st.LoadAccounts(ctx, []string{id})
	if err != nil || len(found) != 1 {
		h.Fatal(found, err)
	}
	a := found[0]
	if c, signedIn := h.callers[id]; signedIn && c.USCC != a.USCC && realname.Admit(c, a) == nil {
		h.Fatalf("a token with the former code %s admits to %s", c.USCC, a.USCC)
	}
	if known.erased {
		if a.Administrator != "" || a.LoginName != "" || a.Disabled.IsZero() {
			h.Fatalf("an erased account is back: %+v", a)
		}
		return
	}
	e, err := h.st.LoadEnterprise(ctx, known.code)
	if err != nil || a.USCC != known.code {
		h.Fatalf("account of %s, want %s: %v", a.USCC, known.code, err)
	}
	if got, want := e.HolderState(a).Passed, h.oracle.readsTo(known); got != want {
		h.Fatalf("the holder of %s reads passed: %v, want %v", id, got, want)
	}
}
