package accounts

import (
	"context"
	"errors"

	"realname/shared/realname"
)

// HolderFinding is an account whose entry in the roster needs attention.
type HolderFinding struct {
	USCC      string `json:"uscc"`
	AccountID string `json:"accountId"`
	// Former is true if the roster has an index of the ID number that a former version
	// stored. Lookups find it; Fix replaces it.
	Former bool `json:"former,omitempty"`
	// SameAs is another account of the enterprise with the same document, which a
	// former version accepted. Only the enterprise's administrator can resolve it.
	SameAs string `json:"sameAs,omitempty"`
}

// HolderAudit compares the rosters with the accounts' holders. Only staff commands use
// it, never a request.
type HolderAudit struct{ Accounts *Accounts }

// Find lists the findings of an enterprise.
// Errors: CodeNotFound.
func (h HolderAudit) Find(ctx context.Context, uscc string) ([]HolderFinding, error) {
	found, _, err := h.examine(ctx, uscc)
	return found, err
}

// Fix replaces the former indexes that Find lists, and returns the findings.
// Errors: CodeNotFound, CodeConflict.
func (h HolderAudit) Fix(ctx context.Context, uscc string) ([]HolderFinding, error) {
	for range rosterTries {
		found, roster, err := h.examine(ctx, uscc)
		if err != nil || roster == nil {
			return found, err
		}
		err = h.Accounts.Store.Commit(ctx, realname.Writing(*roster))
		if !errors.Is(err, realname.ErrStale) {
			return found, err
		}
	}
	return nil, &realname.Error{Code: realname.CodeConflict}
}

// examine returns the findings and the roster with current indexes, or nil if the
// stored one has them already.
func (h HolderAudit) examine(ctx context.Context, uscc string) ([]HolderFinding, *realname.Roster, error) {
	e, roster, err := h.Accounts.Directory.LoadRoster(ctx, uscc)
	if err != nil {
		return nil, nil, err
	}
	if e.USCC == "" {
		return nil, nil, &realname.Error{Code: realname.CodeNotFound}
	}
	var ids []string
	for _, m := range roster.Members {
		if m.Holder != "" {
			ids = append(ids, m.AccountID)
		}
	}
	if len(ids) == 0 {
		return nil, nil, nil
	}
	all, err := h.Accounts.Directory.LoadAccounts(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	indexes := map[string]string{}
	for _, a := range all {
		item := realname.AccountItem(a.ID)
		p, err := realname.OpenPerson(h.Accounts.Sealer, a.Administrator, item, realname.FieldAdministrator)
		if err != nil {
			return nil, nil, err
		}
		if p.IDNumber == "" { // erased
			continue
		}
		index, err := realname.IndexHolder(h.Accounts.Sealer, p)
		if err != nil {
			return nil, nil, err
		}
		indexes[a.ID] = index.Current
	}
	found, renewed := compareHolders(&roster, indexes)
	if !renewed {
		return found, nil, nil
	}
	return found, &roster, nil
}

// compareHolders replaces the roster's indexes that differ from the accounts' own ones.
func compareHolders(roster *realname.Roster, indexes map[string]string) (found []HolderFinding, renewed bool) {
	first := map[string]string{}
	for i := range roster.Members {
		m := &roster.Members[i]
		index := indexes[m.AccountID]
		if index == "" {
			continue
		}
		f := HolderFinding{USCC: roster.USCC, AccountID: m.AccountID, Former: m.Holder != index, SameAs: first[index]}
		if f.SameAs == "" {
			first[index] = m.AccountID
		}
		if f.Former || f.SameAs != "" {
			found = append(found, f)
		}
		renewed = renewed || f.Former
		m.Holder = index
	}
	return found, renewed
}
