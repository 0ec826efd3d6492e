package accounts_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realname/e2e/world"
	"realname/shared/accountimport"
	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
	"realname/shared/table/memory"
	"realname/shared/vault"
	"realname/shared/verification"
)

// histories is the number of random histories to run. make test-faults asks for
// more.
var histories = flag.Int("histories", 500, "random histories of TestPassedMeansProvenOverALife")

// Random histories of import, sign-in, every change, every method's session,
// operators, erasure, moves, repair, late callbacks and two concurrent actions,
// over the real store. After each step, every reading equals the oracle's, the
// service has announced each aspect that stopped reading as passed, and every
// account can still sign in.
func TestPassedMeansProvenOverALife(t *testing.T) {
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	if err := checks.Value.Set(fmt.Sprint(*histories)); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = checks.Value.Set(was) }() // it was a valid value
	rapid.Check(t, func(t *rapid.T) {
		h := newHistory(t)
		actions := map[string]func(*rapid.T){"": h.judge}
		for name, act := range h.actions() {
			actions[name] = func(t *rapid.T) {
				h.T = t
				h.step(act)
			}
		}
		t.Repeat(actions)
	})
}

// knownSession is a session as its user sees it.
type knownSession struct {
	id, account, code string
	method            realname.Method
	step              int
	bank              string           // the open request of a bank
	name              string           // from step 1
	legal             *realname.Person // from step 1
	ground            ground
	done              bool
}

type history struct {
	*rapid.T
	a        *accounts.Accounts
	erasure  *accounts.Erasure
	importer *accountimport.Importer
	st       *store.Store
	mem      *memory.Table
	table    *interloper
	now      time.Time
	n        int
	oracle   *oracle
	sessions []*knownSession
	callers  map[string]realname.Caller
}

// interloper runs another action within an action: before one of its reads, or
// otherwise before its first write.
type interloper struct {
	table.Table
	before func()
	reads  int // number of reads before it
}

func (i *interloper) interlope() {
	if before := i.before; before != nil {
		i.before = nil
		before()
	}
}

func (i *interloper) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	if i.reads--; i.reads < 0 {
		i.interlope()
	}
	return i.Table.Get(ctx, keys...)
}

func (i *interloper) Transact(ctx context.Context, w ...table.Write) error {
	i.interlope()
	return i.Table.Transact(ctx, w...)
}

func newHistory(t *rapid.T) *history {
	h := &history{
		T: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), oracle: newOracle(), callers: map[string]realname.Caller{},
	}
	clock := func() time.Time {
		h.now = h.now.Add(time.Millisecond)
		return h.now
	}
	id := func() string {
		h.n++
		return fmt.Sprintf("id-%d", h.n)
	}
	h.mem = memory.New(func() time.Time { return h.now })
	h.table = &interloper{Table: h.mem}
	h.st = store.New(h.table)
	seal := vault.Ephemeral()
	limits := realname.DefaultLimits()
	limits.TriesPerStep, limits.FailedTriesPerDay, limits.SessionsPerDay = 1000, 1000, 1000
	ports := &realname.Ports{
		Store: h.st, Sealer: seal, Limits: limits, Now: clock, NewID: id, Log: slog.New(slog.DiscardHandler),
		Wait: func(_ context.Context, d time.Duration) error {
			h.now = h.now.Add(d)
			return nil
		},
	}
	sessions := &verification.Verification{
		Ports: ports, Workflow: h, Registry: yes{}, IDCards: yes{}, BankCards: yes{}, Cards: yes{}, RepairAfter: time.Second,
		NewChallenge: func() (string, error) { return "challenge-" + id(), nil },
	}
	h.a = &accounts.Accounts{
		Ports: ports, Sessions: sessions, Directory: h.st, SecretHash: auth.SecretHash,
		Strength:    func(context.Context, string, []string) (string, error) { return "", nil },
		Credentials: yes{},
	}
	h.erasure = &accounts.Erasure{Accounts: h.a, Values: h.st}
	h.importer = &accountimport.Importer{
		Store: h.st, Sealer: seal, Hash: func(string) (string, error) { return "hash", nil }, CodeHash: auth.SecretHash,
		CodeLife: time.Hour, Now: clock, NewID: id, Workers: 1,
		Pause: func(context.Context, int, error) error { return nil },
	}
	return h
}

func (h *history) known(id string) *knownSession {
	i := slices.IndexFunc(h.sessions, func(s *knownSession) bool { return s.id == id })
	return h.sessions[i]
}

// step runs one action, or two actions where the second runs between the reads
// and the write of the first.
func (h *history) step(act func()) {
	before, events := h.readings(), h.events()
	if rapid.IntRange(0, 3).Draw(h.T, "race") == 0 {
		actions := h.actions()
		other := rapid.SampledFrom(slices.Sorted(maps.Keys(actions))).Draw(h.T, "meanwhile")
		h.table.before, h.table.reads = actions[other], rapid.IntRange(1, 4).Draw(h.T, "after reads")
	}
	act()
	h.table.before = nil
	h.announced(before, events)
}

func (h *history) actions() map[string]func() {
	return map[string]func(){
		"import": h.importAccount, "change enterprise": h.changeEnterprise, "change legal representative": h.changeLegal,
		"change administrator": h.changeHolder, "add operator": h.addOperator, "change operator": h.changeOperator,
		"start": h.start, "submit": h.submit, "complete": h.complete, "finish": h.finish, "cancel": h.cancel,
		"bank answers": h.bankAnswers, "erase account": h.eraseAccount, "erase legal representative": h.eraseLegal,
		"repair": h.repair, "sign in": h.signIn,
	}
}

var companies = []string{"河北安达进出口贸易有限公司", "河北常青国际货运代理有限公司", "河北同名商贸有限公司"}

func (h *history) code() (uscc, org string) {
	return world.Codes(7000 + rapid.IntRange(0, 2).Draw(h.T, "code"))
}

func (h *history) person() realname.Person {
	n := rapid.IntRange(0, 5).Draw(h.T, "person")
	return realname.Person{Name: "持有人", IDType: idcode.ResidentID, IDNumber: holderNumber(n)}
}

// account draws an account, which may be erased, with the token of its last
// sign-in.
func (h *history) account(which func(*knownAccount) bool) *knownAccount {
	var some []*knownAccount
	for _, a := range h.oracle.inOrder {
		if which(a) {
			some = append(some, a)
		}
	}
	if len(some) == 0 {
		return nil
	}
	return some[rapid.IntRange(0, len(some)-1).Draw(h.T, "account")]
}

func administrator(a *knownAccount) bool { return a.role != realname.RoleOperator }

func anybody(*knownAccount) bool { return true }

func (h *history) caller(a *knownAccount) realname.Caller {
	if _, signedIn := h.callers[a.id]; !signedIn || rapid.Bool().Draw(h.T, "signs in") {
		h.callers[a.id] = realname.Caller{AccountID: a.id, USCC: a.code, IssuedAt: h.a.Now()}
	}
	return h.callers[a.id]
}

func (h *history) signIn() {
	if a := h.account(anybody); a != nil {
		h.callers[a.id] = realname.Caller{AccountID: a.id, USCC: a.code, IssuedAt: h.a.Now()}
	}
}

// ok reports whether an action succeeded. A refusal always has a code, whatever
// the race.
func (h *history) ok(err error) bool {
	if err != nil && realname.CodeOf(err) == "" {
		h.Fatalf("no refusal but %v", err)
	}
	return err == nil
}

const header = "loginName,password,origin,enterpriseName,uscc,orgCode,address,legalRepName," +
	"legalRepIdType,legalRepIdNumber," +
	"adminName,adminIdType,adminIdNumber,mobile,email,region\n"
