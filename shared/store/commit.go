package store

import (
	"context"
	"errors"

	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/telemetry/requestid"
)

// trailTries bounds how often a change is written again because another one of
// the same enterprise moved the head of its trail in between. Nothing of the
// change rests on the head, so the caller need not judge anew.
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
		c.Trail = nil // it is stale: read it
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
	var failed error
	add := func(w table.Write, err error) {
		failed = errors.Join(failed, err)
		writes = append(writes, w)
	}
	if c.Session != nil {
		add(putSession(*c.Session))
		for i, a := range c.Attempts {
			w, err := putAttempt(*c.Session, i, a)
			add(w, err)
		}
	}
	if c.Account != nil {
		add(putAccount(*c.Account))
	}
	for _, a := range c.Members {
		add(putAccount(a))
	}
	if c.NewLogin != nil {
		add(putLogin(*c.NewLogin))
	}
	if c.DropLogin != "" {
		add(table.Delete(loginKey(foldLogin(c.DropLogin)), table.Always()), nil)
	}
	if c.Unlock != "" {
		add(table.Delete(failuresKey(foldLogin(c.Unlock)), table.Always()), nil)
	}
	if c.MovedFrom != "" {
		writes = append(writes, leave(c)...)
	}
	if c.Enterprise != nil {
		w, err := putEnterprise(*c.Enterprise)
		add(arrive(w, c.MovedFrom), err)
	}
	if c.Roster != nil {
		w, err := putRoster(*c.Roster)
		add(arrive(w, c.MovedFrom), err)
	}
	if c.Confirmation != nil {
		add(putConfirmation(*c.Confirmation))
	}
	if c.DropConfirmation != nil {
		add(dropConfirmation(*c.DropConfirmation), nil)
	}
	if c.Day != nil {
		add(putAccountDay(c.AccountID, *c.Day))
	}
	if c.Number != nil {
		add(putNumberDay(c.NumberIndex, *c.Number))
	}
	if c.Code != nil {
		add(putCode(*c.Code))
	}
	if c.DropCode != nil {
		add(dropCode(*c.DropCode), nil)
	}
	if c.Challenge != nil {
		add(putChallenge(*c.Challenge))
	}
	if c.Card != nil {
		add(putBoundCard(*c.Card))
	}
	if c.DropCard != nil {
		add(dropBoundCard(*c.DropCard), nil)
	}
	for _, o := range c.CardOwners {
		add(writeCardOwner(o))
	}
	if c.Take != nil {
		add(takeLock(*c.Take))
	}
	if c.Release != nil {
		add(releaseLock(*c.Release), nil)
	}
	if c.Nonce != nil {
		add(putNonce(*c.Nonce))
	}
	if c.Remark != nil {
		add(putRemark(*c.Remark))
	}
	if c.Late != nil {
		add(putLate(*c.Late))
	}
	if c.Asked != nil {
		add(putAsked(*c.Asked))
	}
	if c.Reply != nil {
		add(putReply(*c.Reply))
	}
	if c.DropReply != nil {
		add(dropReply(*c.DropReply), nil)
	}
	for _, also := range c.And {
		w, err := writesOf(also)
		failed = errors.Join(failed, err)
		writes = append(writes, w...)
	}
	return writes, failed
}
