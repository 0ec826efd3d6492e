package store

import (
	"context"
	"slices"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// The commands of staff use this file. No request of a user does.

// each calls f with every item of a query, page after page. Items of an index are only
// keys; eachWhole reads the items themselves.
func (s *Store) each(ctx context.Context, q table.Query, f func(table.Item) error) error {
	return s.pages(ctx, q, func(items []table.Item) error { return forEach(items, f) })
}

func (s *Store) eachWhole(ctx context.Context, q table.Query, f func(table.Item) error) error {
	return s.pages(ctx, q, func(listed []table.Item) error {
		items, err := s.whole(ctx, listed)
		if err != nil {
			return err
		}
		return forEach(items, f)
	})
}

func (s *Store) pages(ctx context.Context, q table.Query, f func([]table.Item) error) error {
	q.Limit = 1000
	for {
		page, err := s.table.Query(ctx, q)
		if err != nil {
			return err
		}
		if err := f(page.Items); err != nil {
			return err
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

func forEach(items []table.Item, f func(table.Item) error) error {
	for _, it := range items {
		if err := f(it); err != nil {
			return err
		}
	}
	return nil
}

// SessionsSince returns every session that started between the two instants, both
// included, in no particular order. It finds closed sessions by the day of their
// start and live ones on the list of Repair.
func (s *Store) SessionsSince(ctx context.Context, since, now time.Time) ([]realname.Session, error) {
	found := map[string]realname.Session{}
	take := func(it table.Item) error {
		session, err := readSession(it)
		if err == nil && !session.CreatedAt.Before(since) {
			found[session.ID] = session // a session that closes now can be on both lists
		}
		return err
	}
	for shard := range dueShards {
		if err := s.eachWhole(ctx, table.Query{Index: table.GSI2, PK: duePK(shard)}, take); err != nil {
			return nil, err
		}
		for _, day := range realname.DaysBetween(since, now) {
			if err := s.eachWhole(ctx, table.Query{Index: table.GSI2, PK: startedPK(day, shard)}, take); err != nil {
				return nil, err
			}
		}
	}
	sessions := make([]realname.Session, 0, len(found))
	for _, session := range found {
		sessions = append(sessions, session)
	}
	return sessions, nil
}

// ErasureRequests returns the accounts with an open request for erasure, the one due
// first at the beginning.
func (s *Store) ErasureRequests(ctx context.Context) ([]realname.Account, error) {
	var accounts []realname.Account
	err := s.eachWhole(ctx, table.Query{Index: table.GSI2, PK: string(ErasurePartition)}, func(it table.Item) error {
		a, err := accountOf(it)
		if a.Erasure.Open() { // the list can lag behind the account
			accounts = append(accounts, a)
		}
		return err
	})
	slices.SortFunc(accounts, func(a, b realname.Account) int { return a.Erasure.DueAt.Compare(b.Erasure.DueAt) })
	return accounts, err
}

// EnterpriseCodes calls f with the code of every enterprise.
func (s *Store) EnterpriseCodes(ctx context.Context, f func(uscc string) error) error {
	for shard := range enterpriseShards {
		list := table.Query{Index: table.GSI1, PK: enterprisesPK(shard)}
		err := s.each(ctx, list, func(it table.Item) error { return f(it.GSI1.SK) })
		if err != nil {
			return err
		}
	}
	return nil
}

// Unlock resets an account's count of wrong passwords and its failed attempts of the
// day, and writes the audit entry in the same transaction. It returns both counts.
// Errors: realname.CodeNotFound; realname.ErrStale if the account changed at the same
// time.
func (s *Store) Unlock(
	ctx context.Context, loginName, day string, entry realname.AuditEntry,
) (wrongPasswords, failedTries int, err error) {
	login, err := s.LoadLogin(ctx, loginName)
	if err != nil {
		return 0, 0, err
	}
	if login.Account.ID == "" {
		return 0, 0, &realname.Error{Code: realname.CodeNotFound}
	}
	view, err := s.LoadAccount(ctx, realname.AccountQuery{AccountID: login.Account.ID, Day: day})
	if err != nil {
		return 0, 0, err
	}
	wrongPasswords, failedTries = login.Failures.Count, view.Day.FailedTries
	entry.USCC, entry.AccountID = login.Account.USCC, login.Account.ID
	c := realname.Change{Writes: []realname.Write{realname.Unlock(loginName)}, Audit: []realname.AuditEntry{entry}}
	if failedTries > 0 {
		view.Day.FailedTries = 0
		c.Add(realname.CountedDay{AccountID: login.Account.ID, AccountDay: view.Day})
	}
	return wrongPasswords, failedTries, s.Commit(ctx, c)
}
