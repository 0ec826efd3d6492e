package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"realname/shared/audit"
	"realname/shared/realname"
	"realname/shared/store"
)

// Moment is one line of an enterprise's timeline.
type Moment struct {
	At        time.Time `json:"at"`
	What      string    `json:"what"` // an audit action, or step_passed, step_refused and code_sent
	AccountID string    `json:"accountId,omitempty"`
	SessionID string    `json:"sessionId,omitempty"`
	Actor     string    `json:"actor,omitempty"` // the member of staff who did it
	Step      string    `json:"step,omitempty"`
	By        string    `json:"by,omitempty"`
	// Code is the reason of a refusal, Provider its source, and Answer the provider's
	// own code.
	Code     string `json:"code,omitempty"`
	Provider string `json:"provider,omitempty"`
	Answer   string `json:"answer,omitempty"`
	// Differs are the public elements that differ according to the provider.
	Differs []realname.Element `json:"differs,omitempty"`
	// Detail holds the other fields of the audit entry, with values masked as stored.
	Detail map[string]any `json:"detail,omitempty"`
	// Values are the fields of a change before and after, with personal data masked.
	Values []realname.AuditField `json:"values,omitempty"`
}

// Enterprise is all data of an enterprise that staff may see.
type Enterprise struct {
	USCC    string          `json:"uscc"`
	Name    string          `json:"name"`
	OrgCode string          `json:"orgCode"`
	Aspect  realname.Aspect `json:"aspect"` // 企业信息认证
	Holder  realname.Aspect `json:"holder"` // 账号所有人身份信息认证, the latest of its administrators'
	// Presumed means that it counts as verified by registration, without a session.
	Presumed bool               `json:"presumed"`
	Accounts []Account          `json:"accounts"` // in the order in which they joined
	Sessions []realname.Session `json:"-"`
	Timeline []Moment           `json:"timeline"` // oldest first
	// Faults are the faults of the audit trail's chain; empty if it is intact.
	Faults []audit.Finding `json:"faults"`
}

// Account is an account of an enterprise, without its holder's personal data.
type Account struct {
	ID        string          `json:"id"`
	LoginName string          `json:"loginName,omitempty"` // "" after its holder is erased
	Role      realname.Role   `json:"role"`
	Origin    realname.Origin `json:"origin"`
	Holder    realname.Aspect `json:"holder"`
	CreatedAt time.Time       `json:"createdAt"`
	ClosedAt  time.Time       `json:"closedAt,omitzero"`
	ErasedAt  time.Time       `json:"erasedAt,omitzero"`
}

func accountOf(a realname.Account) Account {
	role := a.Role
	if role == "" {
		role = realname.RoleAdministrator
	}
	return Account{
		ID: a.ID, LoginName: a.LoginName, Role: role, Origin: a.Origin, Holder: a.Holder, CreatedAt: a.CreatedAt,
		ClosedAt: a.Disabled, ErasedAt: a.Erased,
	}
}

// ErrUnknown means that no account belongs to the enterprise.
var ErrUnknown = fmt.Errorf("no such enterprise")

// Show reads an enterprise with its sessions and its audit trail.
// Errors: ErrUnknown.
func Show(ctx context.Context, s *store.Store, uscc string) (Enterprise, error) {
	stored, roster, err := s.LoadRoster(ctx, uscc)
	if err != nil {
		return Enterprise{}, err
	}
	entries, head, err := s.AuditTrail(ctx, uscc)
	if err != nil {
		return Enterprise{}, err
	}
	if stored.USCC == "" && len(entries) == 0 {
		return Enterprise{}, fmt.Errorf("%s: %w", uscc, ErrUnknown)
	}
	e := Enterprise{
		USCC: uscc, Name: stored.Name, OrgCode: stored.OrgCode, Aspect: stored.Aspect, Holder: stored.Holder(),
		Presumed: stored.Standing == realname.Untouched,
		Timeline: []Moment{}, Faults: append([]audit.Finding{}, audit.Verify(entries, head)...),
	}
	ids := make([]string, len(roster.Members))
	for i, m := range roster.Members {
		ids[i] = m.AccountID
	}
	accounts, err := s.LoadAccounts(ctx, ids)
	if err != nil {
		return Enterprise{}, err
	}
	for _, a := range accounts {
		e.Accounts = append(e.Accounts, accountOf(a))
	}
	values, err := s.AuditValuesByEntry(ctx, uscc, entries)
	if err != nil {
		return Enterprise{}, err
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		m, err := momentOf(entry)
		if err != nil {
			return Enterprise{}, err
		}
		if id, ok := entry["id"].(string); ok {
			m.Values = values[id]
		}
		e.Timeline = append(e.Timeline, m)
		if m.SessionID == "" || seen[m.SessionID] {
			continue
		}
		seen[m.SessionID] = true
		if err := e.addSession(ctx, s, m.SessionID); err != nil {
			return Enterprise{}, err
		}
	}
	slices.SortStableFunc(e.Timeline, func(a, b Moment) int { return a.At.Compare(b.At) })
	return e, nil
}

// addSession adds the decided attempts of a session that is still stored.
func (e *Enterprise) addSession(ctx context.Context, s *store.Store, id string) error {
	view, err := s.LoadSession(ctx, realname.SessionQuery{SessionID: id})
	if err != nil || view.Session.ID == "" {
		return err
	}
	e.Sessions = append(e.Sessions, view.Session)
	attempts, err := s.Attempts(ctx, view.Session)
	if err != nil {
		return err
	}
	for _, a := range attempts {
		m := Moment{
			At: a.At, What: "step_refused", AccountID: view.Session.AccountID, SessionID: id,
			Step: string(a.Step), By: string(a.By), Code: string(a.Code), Provider: a.Evidence.Provider,
			Answer: cmp.Or(string(a.Evidence.Reason), a.Evidence.Code), Differs: a.Evidence.Differs,
		}
		switch {
		case a.Passed:
			m.What = "step_passed"
		case a.CodeSent():
			m.What = "code_sent"
		}
		e.Timeline = append(e.Timeline, m)
	}
	return nil
}

// momentOf reads an audit entry as stored. Fields without a name in Moment go into
// Detail.
func momentOf(entry map[string]any) (Moment, error) {
	var known struct {
		At                                  time.Time
		AccountID, SessionID, Actor, Action string
	}
	raw, err := json.Marshal(entry)
	if err == nil {
		err = json.Unmarshal(raw, &known)
	}
	if err != nil {
		return Moment{}, fmt.Errorf("read an audit entry: %w", err)
	}
	m := Moment{
		At: known.At, What: known.Action, AccountID: known.AccountID, SessionID: known.SessionID, Actor: known.Actor,
	}
	for name, value := range entry {
		switch name {
		case "id", "at", "uscc", "accountId", "sessionId", "actor", "action", audit.SeqField, audit.PrevField,
			audit.HashField:
			continue
		}
		if m.Detail == nil {
			m.Detail = map[string]any{}
		}
		m.Detail[name] = value
	}
	return m, nil
}
