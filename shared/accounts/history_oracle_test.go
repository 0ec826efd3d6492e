package accounts_test

import (
	"slices"

	"realname/shared/realname"
)

// oracle knows the expected reading of each aspect from the text of the rule
// alone. It receives only the successful actions, and shares no code with the
// code under test.
//
// The rule (decision 31): an aspect reads passed if and only if (a) a session
// verified here proves it, and no fact that the session used has changed since,
// or (b) every administrator that the enterprise ever had came from
// single_window or ic_card, and its name, code and legal representative were
// never changed, erased, verified or withdrawn here.
type oracle struct {
	enterprises map[string]*knownEnterprise
	accounts    map[string]*knownAccount
	inOrder     []*knownAccount // in the order of their creation
}

func (o *oracle) add(a *knownAccount) {
	o.accounts[a.id] = a
	o.inOrder = append(o.inOrder, a)
}

type knownEnterprise struct {
	name       string
	legal      *realname.Person
	origins    []realname.Origin // of all present and former administrators
	touched    bool              // by a change, an erasure, a verification
	facts      int               // counts the changes of name, code and legal representative
	verifiedBy string            // the session that proves the enterprise
}

type knownAccount struct {
	id, code   string
	role       realname.Role
	holder     realname.Person
	changes    int    // of the holder
	verifiedBy string // the session that proves the holder
	closed     bool
	erased     bool
}

// ground is the version of the facts that a session relies on, from the time at
// which the session read them.
type ground struct{ facts, holder int }

func newOracle() *oracle {
	return &oracle{enterprises: map[string]*knownEnterprise{}, accounts: map[string]*knownAccount{}}
}

func (o *oracle) untouched(code string) bool {
	e := o.enterprises[code]
	if e == nil || e.touched || len(e.origins) == 0 {
		return false
	}
	elsewhere := []realname.Origin{realname.SingleWindow, realname.ICCardLogin}
	return !slices.ContainsFunc(e.origins, func(o realname.Origin) bool { return !slices.Contains(elsewhere, o) })
}

// reads returns whether the platform must read an aspect of the enterprise as
// passed.
func (o *oracle) reads(code string, aspect realname.AspectName) bool {
	if o.untouched(code) {
		return true
	}
	if aspect == realname.EnterpriseAspect {
		return o.enterprises[code] != nil && o.enterprises[code].verifiedBy != ""
	}
	for _, a := range o.accounts {
		if a.code == code && a.role != realname.RoleOperator && !a.closed && a.verifiedBy != "" {
			return true
		}
	}
	return false
}

// readsTo returns whether the account must read its holder aspect as passed.
func (o *oracle) readsTo(a *knownAccount) bool { return a.verifiedBy != "" || o.untouched(a.code) }

func (o *oracle) imported(a *knownAccount, origin realname.Origin, name string, legal *realname.Person) {
	e := o.enterprises[a.code]
	if e == nil {
		e = &knownEnterprise{name: name, legal: legal}
		o.enterprises[a.code] = e
	}
	e.origins = append(e.origins, origin)
	o.add(a)
}

// changed records that a fact of the enterprise changed, which invalidates
// every proof based on it.
func (e *knownEnterprise) changed() {
	e.touched, e.verifiedBy = true, ""
	e.facts++
}

func (o *oracle) enterpriseChanged(a *knownAccount, name, code string) {
	e, before := o.enterprises[a.code], a.code
	if e.name == name && before == code {
		return
	}
	e.changed()
	e.name = name
	delete(o.enterprises, before)
	o.enterprises[code] = e
	for _, other := range o.accounts {
		if other.code == before {
			other.code = code
		}
	}
}

func (o *oracle) legalChanged(a *knownAccount, to realname.Person) {
	e := o.enterprises[a.code]
	if e.legal == nil || *e.legal != to {
		e.changed()
	}
	e.legal = &to
}

func (o *oracle) holderChanged(a *knownAccount, to realname.Person) {
	if a.holder != to {
		a.holder, a.verifiedBy = to, ""
		a.changes++
	}
}

// verified records that a session closed as verified. It returns why that is
// wrong, or "".
func (o *oracle) verified(s *knownSession) string {
	e, a := o.enterprises[s.code], o.accounts[s.account]
	for _, aspect := range s.method.Covers() {
		switch {
		case aspect == realname.EnterpriseAspect && (a.code != s.code || e == nil || e.facts != s.ground.facts):
			return "the enterprise changed since the session began"
		case aspect == realname.HolderAspect && (a.erased || a.changes != s.ground.holder):
			return "the holder changed since the step passed"
		case aspect == realname.HolderAspect:
			a.verifiedBy = s.id
		default:
			e.touched = true
			if s.legal != nil && (e.name != s.name || e.legal != nil && *e.legal != *s.legal) {
				e.facts++ // the registry confirmed another name or legal representative
			}
			if s.legal != nil {
				e.name, e.legal = s.name, s.legal
			}
			e.verifiedBy = s.id
		}
	}
	return ""
}

func (o *oracle) erased(a *knownAccount) { a.erased, a.closed, a.verifiedBy = true, true, "" }

func (o *oracle) legalErased(code string) {
	if e := o.enterprises[code]; e != nil && e.legal != nil { // it may have moved meanwhile
		e.touched, e.legal = true, nil
	}
}
