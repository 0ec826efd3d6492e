package accounts

import (
	"context"
	"errors"
	"slices"

	"realname/shared/realname"
)

// TrailReader reads an enterprise's audit trail, oldest entry first.
type TrailReader interface {
	Trail(ctx context.Context, uscc string) ([]realname.AuditEntry, error)
}

// Unproven is an aspect of an enterprise that reads passed without proof.
type Unproven struct {
	USCC   string              `json:"uscc"`
	Aspect realname.AspectName `json:"aspect"`
	// AccountID is the account of the holder aspect. It is empty for the
	// enterprise aspect.
	AccountID string `json:"accountId,omitempty"`
	Why       string `json:"why"`
}

// StateAudit compares passed aspects with their proof: roster, sessions and
// audit trail. Versions before decision 31 let some enterprises read as passed
// without proof. Only staff commands use it, never a request.
type StateAudit struct {
	Accounts *Accounts
	Trails   TrailReader
}

// Find lists the aspects of an enterprise that read as passed without proof.
// Errors: CodeNotFound.
func (s StateAudit) Find(ctx context.Context, uscc string) ([]Unproven, error) {
	c, err := s.examine(ctx, uscc)
	return c.found, err
}

// Fix withdraws the aspects that Find lists, with event and audit entry, and
// returns them.
// Errors: CodeNotFound, CodeConflict.
func (s StateAudit) Fix(ctx context.Context, uscc string) ([]Unproven, error) {
	for range realname.CommitTries {
		c, err := s.examine(ctx, uscc)
		if err != nil || len(c.found) == 0 {
			return nil, err
		}
		err = s.Accounts.Store.Commit(ctx, s.withdrawal(c))
		if !errors.Is(err, realname.ErrStale) {
			return c.found, err
		}
	}
	return nil, &realname.Error{Code: realname.CodeConflict}
}

// evidence is the collected proof about an enterprise, with the aspects that
// lack it.
type evidence struct {
	enterprise realname.Enterprise
	accounts   []realname.Account
	touched    string // why registration no longer proves it; "" if it still may
	withdrawn  string // why the enterprise's session no longer proves it; "" if it still may
	found      []Unproven
}

func (s StateAudit) examine(ctx context.Context, uscc string) (evidence, error) {
	var c evidence
	e, roster, err := s.Accounts.Directory.LoadRoster(ctx, uscc)
	if err != nil {
		return c, err
	}
	if e.USCC == "" {
		return c, &realname.Error{Code: realname.CodeNotFound}
	}
	c.enterprise = e
	var ids []string
	for _, m := range roster.Members {
		ids = append(ids, m.AccountID)
	}
	if c.accounts, err = s.Accounts.Directory.LoadAccounts(ctx, ids); err != nil {
		return c, err
	}
	trail, err := s.Trails.Trail(ctx, uscc)
	if err != nil {
		return c, err
	}
	c.read(trail)
	return c, s.judge(ctx, &c)
}

// read follows the trail. It notes the entries that ended the proof by
// registration, and the entries that invalidated the session of the
// enterprise's aspect.
func (c *evidence) read(trail []realname.AuditEntry) {
	for _, a := range c.accounts {
		if a.Role != realname.RoleOperator && a.Origin.Applicable() {
			c.touched = "an administrator was migrated"
		}
	}
	for _, entry := range trail {
		why := ""
		switch entry.Action {
		case realname.AuditSessionClosed:
			if entry.Status != realname.Verified {
				continue
			}
			why = "a session verified it"
			if entry.SessionID == c.enterprise.Aspect.SessionID {
				c.withdrawn = ""
			}
		case realname.AuditEnterpriseChanged:
			if !slices.Contains(entry.Touched, "name") && !slices.Contains(entry.Touched, "uscc") {
				continue
			}
			why = "its name or code was changed"
		case realname.AuditLegalRepChanged:
			why = "its legal representative was changed"
			if slices.Contains(entry.Touched, "idNumber") || slices.Contains(entry.Touched, "idType") {
				c.withdrawn = why
			}
		case realname.AuditPersonErased:
			if entry.AccountID != "" {
				continue
			}
			why = "its legal representative was erased"
		case realname.AuditWithdrawn:
			why = "its verification was withdrawn"
			if entry.Aspect == realname.EnterpriseAspect {
				c.withdrawn = why
			}
		default:
			continue
		}
		c.touched = why
	}
}

func (s StateAudit) judge(ctx context.Context, c *evidence) error {
	e := c.enterprise
	add := func(aspect realname.AspectName, account, why string) {
		c.found = append(c.found, Unproven{USCC: e.USCC, Aspect: aspect, AccountID: account, Why: why})
	}
	if e.Aspect.Passed() {
		why, err := s.stands(ctx, e.Aspect, realname.EnterpriseAspect, e.USCC, "")
		if err != nil {
			return err
		}
		if why == "" {
			why = c.withdrawn
		}
		if why != "" {
			add(realname.EnterpriseAspect, "", why)
		}
	}
	if e.Standing == realname.Untouched && c.touched != "" {
		if !e.Aspect.Passed() {
			add(realname.EnterpriseAspect, "", c.touched)
		}
		if !e.Holder().Passed() {
			add(realname.HolderAspect, "", c.touched)
		}
	}
	for _, a := range c.accounts {
		if !a.Disabled.IsZero() || !a.Holder.Passed() {
			continue
		}
		why, err := s.stands(ctx, a.Holder, realname.HolderAspect, "", a.ID)
		if err != nil {
			return err
		}
		if why != "" {
			add(realname.HolderAspect, a.ID, why)
		}
	}
	return nil
}

// stands returns why the session that an aspect names does not prove it, or "".
func (s StateAudit) stands(
	ctx context.Context, a realname.Aspect, name realname.AspectName, uscc, account string,
) (string, error) {
	view, err := s.Accounts.Store.LoadSession(ctx, realname.SessionQuery{SessionID: a.SessionID})
	if err != nil {
		return "", err
	}
	session := view.Session
	switch {
	case session.ID == "" || session.Closed != realname.Verified || !slices.Contains(session.Method.Covers(), name):
		return "no verified session stands for it", nil
	case uscc != "" && session.Enterprise.USCC != uscc:
		return "the session verified another enterprise", nil
	case account != "" && session.AccountID != account:
		return "the session verified another account's holder", nil
	}
	return "", nil
}

// withdrawal returns the change that withdraws the aspects in c.found.
func (s StateAudit) withdrawal(c evidence) realname.Change {
	var change realname.Change
	was, is, now := c.enterprise, c.enterprise, s.Accounts.Now()
	is.Standing = realname.Touched
	for _, f := range c.found {
		if f.Aspect == realname.EnterpriseAspect {
			is.Aspect = realname.Aspect{}
		}
		for _, a := range c.accounts {
			if a.ID == f.AccountID {
				a.Holder = realname.Aspect{}
				is = is.WithAdministrator(a)
				change.Add(a)
			}
		}
	}
	change.Add(is)
	change.Withdraw(was, is, "", s.Accounts.Actor, now, s.Accounts.NewID)
	return change
}
