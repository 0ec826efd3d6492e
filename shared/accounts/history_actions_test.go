package accounts_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"realname/shared/accountfile"
	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/verification"
)

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
