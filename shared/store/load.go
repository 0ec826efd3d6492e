package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// LoadAccount implements realname.Store.
func (s *Store) LoadAccount(ctx context.Context, q realname.AccountQuery) (realname.AccountView, error) {
	keys := append([]table.Key{accountKey(q.AccountID)}, latestKeys(q.AccountID, q.Methods)...)
	if q.Day != "" {
		keys = append(keys, accountDayKey(q.AccountID, q.Day))
	}
	if q.Idempotency != nil {
		keys = append(keys, replyKey(q.Idempotency.Key))
	}
	if q.USCC != "" {
		keys = append(keys, trailKey(q.USCC))
	}
	keys = append(keys, cardKeys(q.AccountID, q.Card)...)
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return realname.AccountView{}, err
	}
	var v realname.AccountView
	if v.Account, err = readAccount(items, q.AccountID); err != nil {
		return v, err
	}
	if v.Latest, err = readLatest(items, q.AccountID, q.Methods); err != nil {
		return v, err
	}
	if v.Day, err = readAccountDay(items, q.AccountID, q.Day); err != nil {
		return v, err
	}
	if v.Trail, err = readTrail(items, q.USCC); err != nil {
		return v, err
	}
	if v.Card, err = readCard(items, q.AccountID, q.Card); err != nil {
		return v, err
	}
	v.Reply, err = readReply(items, q.Idempotency)
	return v, err
}

// LoadEnterprise implements realname.Store.
func (s *Store) LoadEnterprise(ctx context.Context, uscc string) (realname.Enterprise, error) {
	items, err := s.table.Get(ctx, enterpriseKey(uscc))
	if err != nil {
		return realname.Enterprise{}, err
	}
	return readEnterprise(items, uscc)
}

// LoadEnterprises reads up to 100 enterprises in one call, by code. Unknown ones are
// missing from the result.
func (s *Store) LoadEnterprises(ctx context.Context, usccs []string) (map[string]realname.Enterprise, error) {
	keys := make([]table.Key, len(usccs))
	for i, uscc := range usccs {
		keys[i] = enterpriseKey(uscc)
	}
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	known := map[string]realname.Enterprise{}
	for _, uscc := range usccs {
		e, err := readEnterprise(items, uscc)
		if err != nil {
			return nil, err
		}
		if e.USCC != "" {
			known[uscc] = e
		}
	}
	return known, nil
}

// LoadSession implements realname.Store.
func (s *Store) LoadSession(ctx context.Context, q realname.SessionQuery) (realname.SessionView, error) {
	keys := []table.Key{sessionKey(q.SessionID), stepKey(q.SessionID)}
	if q.AccountID != "" {
		keys = append(keys, accountKey(q.AccountID))
		if q.Day != "" {
			keys = append(keys, accountDayKey(q.AccountID, q.Day))
		}
	}
	if q.CodeStep != "" {
		keys = append(keys, codeKey(realname.SMSCode{SessionID: q.SessionID, Step: q.CodeStep}))
	}
	if q.NumberIndex != "" {
		keys = append(keys, numberDayKey(q.NumberIndex, q.Day))
	}
	if q.Nonce != nil {
		keys = append(keys, nonceKey(*q.Nonce))
	}
	if q.Remark {
		keys = append(keys, remarkKey(q.SessionID))
	}
	if q.Idempotency != nil {
		keys = append(keys, replyKey(q.Idempotency.Key))
	}
	if q.USCC != "" {
		keys = append(keys, trailKey(q.USCC))
	}
	if q.Checks && q.USCC != "" {
		keys = append(keys, enterpriseDayKey(q.USCC, q.Day))
	}
	keys = append(keys, cardKeys(q.AccountID, q.Card)...)
	items, err := s.table.Get(ctx, keys...)
	if err != nil {
		return realname.SessionView{}, err
	}
	return readSessionView(items, q)
}

func readSessionView(items []table.Item, q realname.SessionQuery) (v realname.SessionView, err error) {
	if it, ok := table.Find(items, sessionKey(q.SessionID)); ok {
		if v.Session, err = readSession(it); err != nil {
			return v, err
		}
	}
	if it, ok := table.Find(items, stepKey(q.SessionID)); ok {
		v.Open = new(realname.OpenStep)
		if err := read(it, v.Open); err != nil {
			return v, err
		}
	}
	if v.Account, err = readAccount(items, q.AccountID); err != nil {
		return v, err
	}
	if v.Day, err = readAccountDay(items, q.AccountID, q.Day); err != nil {
		return v, err
	}
	if v.EnterpriseDay, err = readEnterpriseDay(items, q.USCC, q.Day); err != nil {
		return v, err
	}
	if v.Card, err = readCard(items, q.AccountID, q.Card); err != nil {
		return v, err
	}
	if v.Number, err = readNumberDay(items, q.NumberIndex, q.Day); err != nil {
		return v, err
	}
	if v.Code, err = readCode(items, realname.SMSCode{SessionID: q.SessionID, Step: q.CodeStep}); err != nil {
		return v, err
	}
	if v.Trail, err = readTrail(items, q.USCC); err != nil {
		return v, err
	}
	if v.Nonce, err = readNonce(items, q.Nonce); err != nil {
		return v, err
	}
	if v.Remark, err = readRemark(items, q.SessionID); err != nil {
		return v, err
	}
	v.Reply, err = readReply(items, q.Idempotency)
	return v, err
}

// LoadForFinish implements realname.Store.
func (s *Store) LoadForFinish(ctx context.Context, sessionID string) (
	realname.SessionView, realname.Enterprise, error,
) {
	items, err := s.table.Get(ctx, sessionKey(sessionID)) // without its open step: it is over
	if err != nil {
		return realname.SessionView{}, realname.Enterprise{}, err
	}
	v, err := readSessionView(items, realname.SessionQuery{SessionID: sessionID})
	if err != nil || v.Session.ID == "" {
		return v, realname.Enterprise{}, err
	}
	uscc := v.Session.Enterprise.USCC
	items, err = s.table.Get(ctx, accountKey(v.Session.AccountID), enterpriseKey(uscc), trailKey(uscc))
	if err != nil {
		return v, realname.Enterprise{}, err
	}
	if v.Account, err = readAccount(items, v.Session.AccountID); err != nil {
		return v, realname.Enterprise{}, err
	}
	if v.Trail, err = readTrail(items, uscc); err != nil {
		return v, realname.Enterprise{}, err
	}
	if is := v.Account.USCC; is != "" && is != uscc { // the code changed since the session began
		e, err := s.LoadEnterprise(ctx, is)
		return v, e, err
	}
	e, err := readEnterprise(items, uscc)
	return v, e, err
}

// ListSessions implements realname.Store.
func (s *Store) ListSessions(
	ctx context.Context, accountID string, limit int, after string,
) (sessions []realname.Session, next string, err error) {
	page, err := s.table.Query(ctx, table.Query{
		Index: table.GSI1, PK: accountPK(accountID), SKPrefix: "SESSION#", Descending: true, Limit: limit, After: after,
	})
	if errors.Is(err, table.ErrInvalid) && after != "" {
		cursor := realname.FieldError{Pointer: "/cursor", Kind: "query", Rule: "format"}
		return nil, "", &realname.Error{
			Code: realname.CodeInvalidRequest, Fields: []realname.FieldError{cursor}, Err: err,
		}
	}
	if err != nil {
		return nil, "", err
	}
	items, err := s.whole(ctx, page.Items)
	if err != nil {
		return nil, "", err
	}
	sessions = make([]realname.Session, len(items))
	for i, it := range items {
		if sessions[i], err = readSession(it); err != nil {
			return nil, "", err
		}
	}
	return sessions, page.Next, nil
}

// OverdueErasures counts the requests for erasure whose answer is overdue, a hundred at
// most.
func (s *Store) OverdueErasures(ctx context.Context, now time.Time) (int, error) {
	page, err := s.table.Query(ctx, table.Query{
		Index: table.GSI2, PK: string(ErasurePartition), SKBelow: instant(now), Limit: 100,
	})
	return len(page.Items), err
}

// dueAtOnce limits how many sessions of one shard a run of Repair reads. The oldest
// come first; the next run continues.
const dueAtOnce = 200

// DueSessions implements realname.Store.
func (s *Store) DueSessions(ctx context.Context, before time.Time) ([]string, error) {
	var ids []string
	for shard := range dueShards {
		page, err := s.table.Query(ctx, table.Query{
			Index: table.GSI2, PK: duePK(shard), SKBelow: instant(before), Limit: dueAtOnce,
		})
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			ids = append(ids, strings.TrimPrefix(it.Key.PK, sessionPK("")))
		}
	}
	return ids, nil
}
