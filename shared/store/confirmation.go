package store

import (
	"context"

	"realname/shared/realname"
	"realname/shared/table"
)

// confirmationKey is the key of a pending e-mail confirmation. It contains the hash
// of the secret in the link.
func confirmationKey(hash string) table.Key {
	return table.Key{PK: EmailPartition.key(hash), SK: "CONFIRMATION"}
}

func putConfirmation(c realname.EmailConfirmation) (table.Write, error) {
	it, cond, err := put(confirmationKey(c.SecretHash), 0, c)
	it.Expires = c.ExpiresAt
	return table.Put(it, cond), err
}

func dropConfirmation(c realname.DropConfirmation) table.Write {
	return table.Delete(confirmationKey(c.SecretHash), over(c.Version))
}

// LoadConfirmation implements accounts.Directory.
func (s *Store) LoadConfirmation(ctx context.Context, secretHash string) (realname.EmailConfirmation, error) {
	items, err := s.table.Get(ctx, confirmationKey(secretHash))
	if err != nil || len(items) == 0 {
		return realname.EmailConfirmation{}, err
	}
	c := realname.EmailConfirmation{SecretHash: secretHash, Version: items[0].Version}
	return c, read(items[0], &c)
}
