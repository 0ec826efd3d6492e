package store

import (
	"context"
	"errors"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// allowanceKey is the key of the count of a machine client's requests in one minute.
func allowanceKey(clientID string, minute time.Time) table.Key {
	return table.Key{PK: AllowancePartition.key(clientID), SK: "MINUTE#" + minute.UTC().Format("200601021504")}
}

type allowanceRecord struct {
	Taken int `json:"taken"`
}

// allowanceTries limits how often TakeAllowance tries again if other processes take
// requests at the same time.
const allowanceTries = 10

// TakeAllowance implements machine.Allowance.
func (s *Store) TakeAllowance(ctx context.Context, clientID string, minute time.Time, n, most int) (int, error) {
	key := allowanceKey(clientID, minute)
	for range allowanceTries {
		items, err := s.table.Get(ctx, key)
		if err != nil {
			return 0, err
		}
		var r allowanceRecord
		stored, ok := table.Find(items, key)
		if ok {
			if err := read(stored, &r); err != nil {
				return 0, err
			}
		}
		n := min(n, most-r.Taken)
		if n <= 0 {
			return 0, nil
		}
		it, cond, err := put(key, stored.Version, allowanceRecord{r.Taken + n})
		if err != nil {
			return 0, err
		}
		it.Expires = minute.Add(2 * time.Minute)
		if err := s.transact(ctx, []table.Write{table.Put(it, cond)}); !errors.Is(err, realname.ErrStale) {
			return n, err
		}
	}
	return 0, realname.ErrStale
}
