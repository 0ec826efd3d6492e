package store

import (
	"context"
	"errors"
	"fmt"

	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/telemetry/requestid"
)

// trailTries limits how often Commit writes a change again because another change of
// the same enterprise moved the head of its trail. The change does not depend on the
// head, so the caller does not have to decide again.
const trailTries = 8

// Commit implements realname.Store.
func (s *Store) Commit(ctx context.Context, c realname.Change) error {
	own, err := writesOf(c)
	if err != nil {
		return err
	}
	for range trailTries {
		heads, err := s.headsOf(ctx, c)
		if err != nil {
			return err
		}
		trail, err := trailWrites(c, requestid.Of(ctx), heads)
		if err != nil {
			return err
		}
		err = s.table.Transact(ctx, append(own[:len(own):len(own)], trail...)...)
		var conflict *table.ConflictError
		if !errors.As(err, &conflict) {
			return err
		}
		for _, r := range conflict.Refused {
			if r.Index < len(own) {
				return realname.ErrStale
			}
		}
		c.Trail, c.Trails = nil, nil // stale: read the heads again
	}
	return realname.ErrStale
}

func (s *Store) transact(ctx context.Context, writes []table.Write) error {
	err := s.table.Transact(ctx, writes...)
	var conflict *table.ConflictError
	if errors.As(err, &conflict) {
		return realname.ErrStale
	}
	return err
}

func writesOf(c realname.Change) ([]table.Write, error) {
	var writes []table.Write
	for _, w := range c.Writes {
		if w == nil {
			continue
		}
		some, err := writeOf(w)
		if err != nil {
			return nil, err
		}
		writes = append(writes, some...)
	}
	return writes, nil
}

// writeOf returns the writes of one record. Most records are one item.
func writeOf(w realname.Write) ([]table.Write, error) {
	switch w := w.(type) {
	case realname.Session:
		return putSession(w)
	case realname.Late:
		return one(putLate(w))
	case realname.Asked:
		return one(putAsked(w))
	case realname.Account:
		return one(putAccount(w))
	case realname.Enterprise:
		return one(putEnterprise(w))
	case realname.Roster:
		return one(putRoster(w))
	case realname.Moved:
		return move(w)
	case realname.MovedDay:
		return moveDay(w)
	case realname.NewLogin:
		return one(putLogin(w.Account))
	case realname.FreeLogin:
		return one(table.Delete(loginKey(foldLogin(string(w))), table.Always()), nil)
	case realname.Unlock:
		return one(table.Delete(failuresKey(foldLogin(string(w))), table.Always()), nil)
	case realname.EmailConfirmation:
		return one(putConfirmation(w))
	case realname.DropConfirmation:
		return one(dropConfirmation(w), nil)
	case realname.CountedDay:
		return one(putAccountDay(w.AccountID, w.AccountDay))
	case realname.CountedEnterprise:
		return one(putEnterpriseDay(w.USCC, w.EnterpriseDay))
	case realname.CountedNumber:
		return one(putNumberDay(w.NumberIndex, w.NumberDay))
	case realname.SMSCode:
		return one(putCode(w))
	case realname.DropCode:
		return one(dropCode(w), nil)
	case realname.ResetMessage:
		return one(putResetMessage(w))
	case realname.DropResetMessage:
		return one(table.Delete(resetMessageKey(w.ID), over(w.Version)), nil)
	case realname.CardChallenge:
		return one(putChallenge(w))
	case realname.BoundCard:
		return one(putBoundCard(w))
	case realname.DropCard:
		return one(dropBoundCard(w), nil)
	case realname.CardOwner:
		return one(writeCardOwner(w))
	case realname.LatestSession:
		return one(putLatest(w))
	case realname.Nonce:
		return one(putNonce(w))
	case realname.Remark:
		return one(putRemark(w))
	case realname.Reply:
		return one(putReply(w))
	case realname.DropReply:
		return one(dropReply(w), nil)
	}
	return nil, fmt.Errorf("commit: unknown kind of write: %T", w)
}

func one(w table.Write, err error) ([]table.Write, error) { return []table.Write{w}, err }
