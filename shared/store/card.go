package store

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

func challengeKey(hash string) table.Key {
	return table.Key{PK: ChallengePartition.key(hash), SK: "CARD"}
}

// boundCardKey is the key of the account's card.
func boundCardKey(accountID string) table.Key { return table.Key{PK: accountPK(accountID), SK: "CARD"} }

// cardOwnerKey is the key of the enterprise that a card's certificate belongs to.
func cardOwnerKey(cardID string) table.Key {
	return table.Key{PK: CardPartition.key(cardID), SK: "OWNER"}
}

// LoadCardOwner implements realname.Store.
func (s *Store) LoadCardOwner(ctx context.Context, cardID string) (realname.CardOwner, error) {
	items, err := s.table.Get(ctx, cardOwnerKey(cardID))
	if err != nil {
		return realname.CardOwner{}, err
	}
	return readCardOwner(items, cardID)
}

func cardKeys(accountID string, q *realname.CardKeys) []table.Key {
	if q == nil {
		return nil
	}
	keys := []table.Key{boundCardKey(accountID)}
	if q.Challenge != "" {
		keys = append(keys, challengeKey(q.Challenge))
	}
	if q.CardID != "" {
		keys = append(keys, cardOwnerKey(q.CardID))
	}
	return keys
}

func readCard(items []table.Item, accountID string, q *realname.CardKeys) (v realname.CardView, err error) {
	if q == nil {
		return v, nil
	}
	if v.Challenge, err = readChallenge(items, q.Challenge); err != nil {
		return v, err
	}
	if v.Bound, err = readBoundCard(items, accountID); err != nil {
		return v, err
	}
	v.Owner, err = readCardOwner(items, q.CardID)
	return v, err
}

// challengeMemory is how long an expired challenge is kept, so that a late or second
// answer gets the exact reason of its refusal.
const challengeMemory = 10 * time.Minute

func putChallenge(c realname.CardChallenge) (table.Write, error) {
	it, cond, err := put(challengeKey(c.Hash), c.Version, c)
	it.Expires = c.ExpiresAt.Add(challengeMemory)
	return table.Put(it, cond), err
}

func readChallenge(items []table.Item, hash string) (*realname.CardChallenge, error) {
	it, ok := table.Find(items, challengeKey(hash))
	if !ok {
		return nil, nil
	}
	c := &realname.CardChallenge{Hash: hash, Version: it.Version}
	return c, read(it, c)
}

func putBoundCard(c realname.BoundCard) (table.Write, error) {
	it, cond, err := put(boundCardKey(c.AccountID), c.Version, c)
	return table.Put(it, cond), err
}

func dropBoundCard(c realname.DropCard) table.Write {
	return table.Delete(boundCardKey(c.AccountID), table.VersionIs(c.Version))
}

func readBoundCard(items []table.Item, accountID string) (realname.BoundCard, error) {
	c := realname.BoundCard{AccountID: accountID}
	it, ok := table.Find(items, boundCardKey(accountID))
	if !ok {
		return c, nil
	}
	err := read(it, &c)
	c.Version = it.Version
	return c, err
}

// writeCardOwner stores the enterprise of a certificate. If no account has the
// certificate, it deletes the record, so that another enterprise can use it.
func writeCardOwner(o realname.CardOwner) (table.Write, error) {
	if len(o.Accounts) == 0 {
		return table.Delete(cardOwnerKey(o.CardID), over(o.Version)), nil
	}
	it, cond, err := put(cardOwnerKey(o.CardID), o.Version, o)
	return table.Put(it, cond), err
}

func readCardOwner(items []table.Item, cardID string) (realname.CardOwner, error) {
	o := realname.CardOwner{CardID: cardID}
	it, ok := table.Find(items, cardOwnerKey(cardID))
	if !ok {
		return o, nil
	}
	err := read(it, &o)
	o.Version = it.Version
	return o, err
}
