package accounts_test

import (
	"context"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"realname/e2e/world"
	"realname/shared/accountfile"
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

// yes confirms every request.
type yes struct{}

var match = realname.CheckResult{Outcome: realname.Match, Provider: "test"}

// Check implements accounts.Credentials.
func (yes) Check(context.Context, string, string, string) error { return nil }

// Hash implements accounts.Credentials.
func (yes) Hash(string) (string, error) { return "hash", nil }

func (yes) CheckEnterprise(context.Context, realname.EnterpriseQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) CheckIDCard(context.Context, realname.IDCardQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) CheckBankCard(context.Context, realname.BankCardQuery) (realname.CheckResult, error) {
	return match, nil
}

func (yes) ReadCard(der []byte) (realname.CardCertificate, error) {
	return realname.CardCertificate{ID: string(der)}, nil
}

func (yes) CheckCard(context.Context, realname.CardQuery) (realname.CardResult, error) {
	return realname.CardResult{}, nil
}

// Start implements realname.Workflow: it opens the first step. The end of a
// session is a separate action, so that any other action can come before it.
func (h *history) Start(ctx context.Context, e realname.Execution) error {
	return h.open(ctx, e.SessionID, e.Method.Steps()[0])
}

// Passed implements realname.Workflow. The token names the session and the
// step.
func (h *history) Passed(ctx context.Context, token string) error {
	id, step, _ := strings.Cut(token, "|")
	steps := h.known(id).method.Steps()
	if i := slices.Index(steps, realname.StepName(step)) + 1; i < len(steps) {
		return h.open(ctx, id, steps[i])
	}
	return nil
}

// Ended implements realname.Workflow.
func (h *history) Ended(context.Context, string, realname.Status) error { return nil }

func (h *history) open(ctx context.Context, id string, step realname.StepName) error {
	return h.mem.Transact(ctx, table.Put(table.Item{
		Key: table.Key{PK: "SESSION#" + id, SK: "STEP"}, Version: 1,
		Body: map[string]any{"step": string(step), "taskToken": id + "|" + string(step)},
	}, table.Always()))
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

// importAccount imports a row. No other action runs within it, because an
// import writes from another goroutine and a history makes all its choices in
// one.
func (h *history) importAccount() {
	h.table.before = nil
	origin := rapid.SampledFrom([]realname.Origin{
		realname.SingleWindow, realname.SingleWindow, realname.ICCardLogin, realname.MigratedLocal,
		realname.MigratedInspection,
	}).Draw(h.T, "origin")
	uscc, org := h.code()
	name := rapid.SampledFrom(companies).Draw(h.T, "name")
	holder := h.person()
	var legal *realname.Person
	row := []string{
		"", "", string(origin), name, uscc, org, "", "", "", "", holder.Name, "resident_id", holder.IDNumber, "", "", "",
	}
	if rapid.Bool().Draw(h.T, "legal representative given") {
		p := h.person()
		legal = &p
		row[7], row[8], row[9] = p.Name, "resident_id", p.IDNumber
	}
	h.n++
	login := fmt.Sprintf("login-%d", h.n)
	row[0] = login
	file := strings.NewReader(header + strings.Join(row, ",") + "\n")
	rows, err := accountfile.NewReader(file, accountfile.UTF8, accountfile.Columns())
	if err != nil {
		h.Fatal(err)
	}
	result, err := h.importer.Run(h.Context(), rows)
	if err != nil {
		h.Fatal(err)
	}
	if result.Created == 0 {
		return
	}
	a, err := h.st.FindLogin(h.Context(), login)
	if err != nil {
		h.Fatal(err)
	}
	h.oracle.imported(&knownAccount{id: a.ID, code: uscc, holder: holder}, origin, name, legal)
}

const header = "loginName,password,origin,enterpriseName,uscc,orgCode,address,legalRepName," +
	"legalRepIdType,legalRepIdNumber," +
	"adminName,adminIdType,adminIdNumber,mobile,email,region\n"

func (h *history) request(a *knownAccount) accounts.ChangeRequest {
	password := "right"
	return accounts.ChangeRequest{
		Caller: h.caller(a), IfMatch: &accounts.Precondition{Any: true}, CurrentPassword: &password,
		ConfirmWithdrawal: rapid.IntRange(0, 4).Draw(h.T, "unconfirmed") > 0,
	}
}

func (h *history) changeEnterprise() {
	a := h.account(anybody)
	if a == nil {
		return
	}
	r := h.request(a)
	uscc, org := h.code()
	if rapid.Bool().Draw(h.T, "keeps the code") {
		uscc, org = r.Caller.USCC, idcode.OrgCodeOf(r.Caller.USCC)
	}
	name := rapid.SampledFrom(companies).Draw(h.T, "name")
	_, err := h.a.ChangeEnterprise(h.Context(), r,
		accounts.EnterpriseFacts{Name: name, USCC: uscc, OrgCode: org, Address: "新址"})
	if h.ok(err) {
		h.oracle.enterpriseChanged(a, name, uscc)
	}
}

func (h *history) changeLegal() {
	if a := h.account(administrator); a != nil {
		to := h.person()
		if _, err := h.a.ChangeLegalRepresentative(h.Context(), h.request(a), realname.Identity{Person: to}); h.ok(err) {
			h.oracle.legalChanged(a, to)
		}
	}
}

func (h *history) changeHolder() {
	if a := h.account(anybody); a != nil {
		to := h.person()
		if _, err := h.a.ChangeAdministrator(h.Context(), h.request(a), realname.Identity{Person: to}); h.ok(err) {
			h.oracle.holderChanged(a, to)
		}
	}
}

func (h *history) addOperator() {
	a := h.account(administrator)
	if a == nil {
		return
	}
	h.n++
	o := &knownAccount{role: realname.RoleOperator, holder: h.person()}
	c := h.caller(a)
	_, err := h.a.AddOperator(h.Context(), accounts.AddOperatorRequest{
		Caller: c, Details: accounts.OperatorDetails{
			LoginName: fmt.Sprintf("operator-%d", h.n), Holder: realname.Identity{Person: o.holder}, Active: true,
		},
		Render: func(added accounts.Operator) realname.Reply {
			o.id, o.code = added.Account.ID, added.Account.USCC
			return realname.Reply{}
		},
	})
	if h.ok(err) {
		h.oracle.add(o)
	}
}

func (h *history) changeOperator() {
	a, o := h.account(administrator), h.account(func(a *knownAccount) bool { return a.role == realname.RoleOperator })
	if a == nil || o == nil {
		return
	}
	to, active := h.person(), rapid.Bool().Draw(h.T, "active")
	_, err := h.a.ChangeOperator(h.Context(), accounts.ChangeOperatorRequest{
		Caller: h.caller(a), OperatorID: o.id, IfMatch: &accounts.Precondition{Any: true}, ConfirmWithdrawal: true,
		Details: accounts.OperatorDetails{Holder: realname.Identity{Person: to}, Active: active},
	})
	if !h.ok(err) {
		return
	}
	if o.erased {
		h.Fatalf("an erased operator is changed")
	}
	o.closed = !active
	if active {
		h.oracle.holderChanged(o, to)
	}
}

func (h *history) start() {
	a := h.account(anybody)
	if a == nil {
		return
	}
	c, touched := h.caller(a), !h.oracle.untouched(a.code)
	s := &knownSession{account: a.id, method: rapid.SampledFrom(realname.Methods()).Draw(h.T, "method")}
	h.sessions = append(h.sessions, s)
	_, err := h.a.Sessions.Start(h.Context(), verification.StartRequest{
		Caller: c, Method: s.method, ConsentVersion: realname.Recipients{}.ConsentVersion(s.method),
		Render: func(started realname.Session) realname.Reply {
			s.id, s.code = started.ID, started.Enterprise.USCC
			s.ground.facts = h.oracle.enterprises[s.code].facts
			return realname.Reply{}
		},
	})
	var refusal *realname.Error
	if errors.As(err, &refusal) && touched && administrator(a) &&
		(refusal.Reason == realname.ReasonSingleWindow || refusal.Reason == realname.ReasonCardLogin) {
		h.Fatalf("an administrator of a touched enterprise is stranded: %s", refusal.Reason)
	}
	if !h.ok(err) {
		h.sessions = slices.DeleteFunc(h.sessions, func(o *knownSession) bool { return o == s })
	}
}

func (h *history) session() *knownSession {
	live := slices.DeleteFunc(slices.Clone(h.sessions), func(s *knownSession) bool { return s.done || s.id == "" })
	if len(live) == 0 {
		return nil
	}
	return live[rapid.IntRange(0, len(live)-1).Draw(h.T, "session")]
}

// submit answers a session's next step.
func (h *history) submit() {
	if s := h.session(); s != nil && s.step < len(s.method.Steps()) {
		h.submitTo(s)
	}
}

// submitTo answers the session's next step correctly.
func (h *history) submitTo(s *knownSession) {
	a, ctx := h.oracle.accounts[s.account], h.Context()
	passed := false
	r := verification.SubmitRequest{
		Caller: h.caller(a), SessionID: s.id,
		Render: func(_ realname.Session, err error) realname.Reply {
			passed = err == nil
			return realname.Reply{}
		},
	}
	idCard := verification.IdentityAnswer{By: realname.ByIDCard, ValidFrom: "20160425", ValidTo: "20360425"}
	holder, changes := a.holder, a.changes
	var err error
	switch s.method.Steps()[s.step] {
	case realname.StepEnterprise:
		name, legal := rapid.SampledFrom(companies).Draw(h.T, "name"), h.person()
		_, err = h.a.Sessions.SubmitEnterprise(ctx, r, verification.EnterpriseAnswer{
			Name: name, USCC: s.code, OrgCode: idcode.OrgCodeOf(s.code), LegalRepresentative: legal,
		})
		if err == nil && passed {
			s.name, s.legal = name, &legal
		}
	case realname.StepLegalRepresentative:
		_, err = h.a.Sessions.SubmitLegalRepresentative(ctx, r, idCard)
	case realname.StepAccountHolder:
		_, err = h.a.Sessions.SubmitAccountHolder(ctx, r, holder, idCard)
		if err == nil && passed {
			s.ground.holder = changes
		}
	case realname.StepBank:
		answer := func(_ realname.Session, b realname.BankRequest) (realname.Reply, error) {
			s.bank = b.ID
			return realname.Reply{}, nil
		}
		_, err = h.a.Sessions.ChooseBank(ctx, r, realname.BankName{Code: "CCB"}, answer)
		passed = false // the bank answers later
	case realname.StepCard:
		h.submitCard(r)
	}
	if h.ok(err) && passed {
		s.step++
	}
}

// complete answers all remaining steps of a session.
func (h *history) complete() {
	s := h.session()
	for s != nil && !s.done && s.step < len(s.method.Steps()) {
		before := s.step
		h.submitTo(s)
		if s.bank != "" {
			h.confirm(s)
		}
		if s.step == before {
			return
		}
	}
}

func (h *history) submitCard(r verification.SubmitRequest) {
	var challenge string
	_, err := h.a.Sessions.NewCardChallenge(h.Context(), verification.ChallengeRequest{
		Caller: r.Caller, SessionID: r.SessionID,
		Render: func(c string, _ time.Time) realname.Reply {
			challenge = c
			return realname.Reply{}
		},
	})
	if !h.ok(err) {
		return
	}
	encode := base64.StdEncoding.EncodeToString
	_, err = h.a.Sessions.SubmitCard(h.Context(), r, verification.CardAnswer{
		Challenge: challenge, Certificate: encode([]byte("card of " + r.Caller.AccountID)),
		Signature: encode([]byte("signature")),
	})
	h.ok(err)
}

// bankAnswers delivers a bank's confirmation, even if it is late.
func (h *history) bankAnswers() {
	asked := slices.DeleteFunc(slices.Clone(h.sessions), func(s *knownSession) bool { return s.bank == "" })
	if len(asked) == 0 {
		return
	}
	h.confirm(asked[rapid.IntRange(0, len(asked)-1).Draw(h.T, "asked")])
}

// confirm delivers the confirmation of a session's bank.
func (h *history) confirm(s *knownSession) {
	view, err := h.st.LoadSession(h.Context(), realname.SessionQuery{SessionID: s.id})
	if err != nil {
		h.Fatal(err)
	}
	h.n++
	nonce := fmt.Sprintf("nonce-%d", h.n)
	err = h.a.Sessions.AnswerBank(h.Context(), verification.BankCallback{
		Bank: "CCB", Nonce: realname.Nonce{Sender: "bank/CCB", Value: nonce, Digest: nonce, ExpiresAt: h.now.Add(time.Hour)},
		Answer: realname.BankAnswer{
			RequestID: s.bank, Result: realname.BankPassed, Name: view.Session.Enterprise.Name, USCC: s.code,
			OrgCode: idcode.OrgCodeOf(s.code),
		},
	})
	if h.ok(err) && s.step == 0 {
		s.step = 1
	}
}

// finish ends a session as the workflow does: after its last step, or at the
// timeout of a step.
func (h *history) finish() {
	s := h.session()
	if s == nil {
		return
	}
	status, err := h.a.Sessions.Finish(h.Context(), s.id)
	if !h.ok(err) {
		return
	}
	known := s.done // a repair that came first has verified the session
	s.done = true
	if status == realname.Verified && !known {
		if wrong := h.oracle.verified(s); wrong != "" {
			h.Fatalf("session %s by %s is verified though %s", s.id, s.method, wrong)
		}
	}
}

func (h *history) cancel() {
	if s := h.session(); s != nil {
		if _, err := h.a.Sessions.Cancel(h.Context(), h.caller(h.oracle.accounts[s.account]), s.id); h.ok(err) {
			s.done = true
		}
	}
}

func (h *history) eraseAccount() {
	if a := h.account(anybody); a != nil {
		if h.ok(h.erasure.Erase(h.Context(), a.id)) {
			h.oracle.erased(a)
		}
	}
}

func (h *history) eraseLegal() {
	uscc, _ := h.code()
	if err := h.erasure.EraseLegalRepresentative(h.Context(), uscc); h.ok(err) {
		h.oracle.legalErased(uscc)
	}
}

// repair lets time pass, which expires steps, challenges and sessions.
func (h *history) repair() {
	h.now = h.now.Add(rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 25 * time.Hour}).Draw(h.T, "time passes"))
	if _, err := h.a.Sessions.Repair(h.Context()); err != nil {
		h.Fatal(err)
	}
	for _, s := range h.sessions {
		view, err := h.st.LoadSession(h.Context(), realname.SessionQuery{SessionID: s.id})
		if err != nil {
			h.Fatal(err)
		}
		if view.Session.Closed == realname.Verified && !s.done {
			if wrong := h.oracle.verified(s); wrong != "" {
				h.Fatalf("repair verified session %s though %s", s.id, wrong)
			}
		}
		s.done = s.done || !view.Session.Live()
	}
}

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
