package accounts_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"realname/local/domaintest"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
)

// audited is a bench whose enterprise can read as passed without proof.
type audited struct {
	*domaintest.Bench
	st    *store.Store
	audit accounts.StateAudit
}

func newAudited(t *testing.T) audited {
	b := domaintest.New(t)
	st := store.New(b.Table)
	a := &accounts.Accounts{Ports: b.Ports, Sessions: b.Verification, Directory: st}
	return audited{b, st, accounts.StateAudit{Accounts: a, Trails: st}}
}

func (b audited) enterprise() realname.Enterprise {
	b.Helper()
	e, err := b.st.LoadEnterprise(b.Context(), domaintest.EnterpriseAnswer.USCC)
	if err != nil {
		b.Fatal(err)
	}
	return e
}

func (b audited) commit(c realname.Change) {
	b.Helper()
	if err := b.st.Commit(context.Background(), c); err != nil {
		b.Fatal(err)
	}
}

// found lists the findings of the audit, as aspect and reason.
func (b audited) found() (list []string) {
	b.Helper()
	all, err := b.audit.Find(b.Context(), domaintest.EnterpriseAnswer.USCC)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range all {
		list = append(list, string(f.Aspect)+": "+f.Why)
	}
	slices.Sort(list)
	return list
}

func TestTheStateAuditFindsWhatReadsPassedWithoutProof(t *testing.T) {
	entry := func(b audited, action realname.AuditAction, fields ...string) realname.AuditEntry {
		e := realname.AuditEntry{ID: b.NewID(), At: b.Clock(), USCC: domaintest.EnterpriseAnswer.USCC, Action: action}
		for _, f := range fields {
			e.Fields = append(e.Fields, realname.AuditField{Field: f})
		}
		return e
	}
	for name, c := range map[string]struct {
		make func(b audited)
		want []string
	}{
		"nothing":   {func(audited) {}, nil},
		"a session": {func(b audited) { b.Pass(realname.LegalRepresentative) }, nil},
		"the word of a registration, though an administrator was migrated": {func(b audited) {
			e := b.enterprise()
			e.Standing = realname.Untouched
			b.commit(realname.Writing(e))
		}, []string{"enterprise: an administrator was migrated", "holder: an administrator was migrated"}},
		"the word of a registration, though its legal representative was erased": {func(b audited) {
			e := b.enterprise()
			e.Standing = realname.Untouched
			account := entry(b, realname.AuditPersonErased) // which erases no legal representative
			account.AccountID = domaintest.AccountID
			b.commit(realname.Change{
				Writes: []realname.Write{e}, Audit: []realname.AuditEntry{entry(b, realname.AuditPersonErased), account},
			})
		}, []string{"enterprise: its legal representative was erased", "holder: its legal representative was erased"}},
		"the word of a registration, though an account was erased": {func(b audited) {
			e := b.enterprise()
			e.Standing = realname.Untouched
			account := entry(b, realname.AuditPersonErased)
			account.AccountID = domaintest.AccountID
			b.commit(realname.Change{Writes: []realname.Write{e}, Audit: []realname.AuditEntry{account}})
		}, []string{"enterprise: an administrator was migrated", "holder: an administrator was migrated"}},
		"no session": {func(b audited) {
			e := b.enterprise()
			e.Aspect = realname.Aspect{Method: realname.BankUKey, SessionID: "none", At: b.Clock()}
			b.commit(realname.Writing(e))
		}, []string{"enterprise: no verified session stands for it"}},
		"a legal representative who was changed since": {func(b audited) {
			b.Pass(realname.LegalRepresentative)
			b.commit(realname.Change{Audit: []realname.AuditEntry{
				entry(b, realname.AuditPersonErased), entry(b, realname.AuditLegalRepChanged, "name", "idNumber"),
			}})
		}, []string{"enterprise: its legal representative was changed"}},
		"only dates changed": {func(b audited) {
			b.Pass(realname.LegalRepresentative)
			b.commit(realname.Change{Audit: []realname.AuditEntry{entry(b, realname.AuditLegalRepChanged, "validity")}})
		}, nil},
		"changed, and verified again": {func(b audited) {
			b.commit(realname.Change{Audit: []realname.AuditEntry{entry(b, realname.AuditLegalRepChanged, "idNumber")}})
			b.Pass(realname.LegalRepresentative)
		}, nil},
		"another's session": {func(b audited) {
			b.Pass(realname.LegalRepresentative)
			view, err := b.st.LoadAccount(b.Context(), realname.AccountQuery{AccountID: domaintest.AccountID})
			if err != nil {
				b.Fatal(err)
			}
			view.Account.Holder.SessionID = "none"
			b.commit(realname.Writing(view.Account))
		}, []string{"holder: no verified session stands for it"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := newAudited(t)
			c.make(b)
			if got := b.found(); !slices.Equal(got, c.want) {
				t.Fatalf("found %q, want %q", got, c.want)
			}
			fixed, err := b.audit.Fix(t.Context(), domaintest.EnterpriseAnswer.USCC)
			if err != nil || len(fixed) != len(c.want) {
				t.Errorf("fixed %v, %v", fixed, err)
			}
			if left := b.found(); len(left) > 0 {
				t.Errorf("after the fix: %q", left)
			}
			b.announces(c.want)
		})
	}
}

// announces expects an event for each withdrawn aspect of the enterprise.
func (b audited) announces(want []string) {
	b.Helper()
	told := map[string]bool{}
	trail, err := b.st.Trail(b.Context(), domaintest.EnterpriseAnswer.USCC)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range trail {
		if e.Action == realname.AuditWithdrawn {
			told[string(e.Aspect)] = true
		}
	}
	for _, w := range want {
		aspect, _, _ := strings.Cut(w, ":")
		if !told[aspect] {
			b.Errorf("the withdrawal of %s has no audit entry", aspect)
		}
	}
}
