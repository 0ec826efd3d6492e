package store

import (
	"context"
	"errors"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/telemetry/requestid"
)

// allowanceKey is the key of the count of a machine client's requests in one minute.
func allowanceKey(clientID string, minute time.Time) table.Key {
	return table.Key{PK: AllowancePartition.key(clientID), SK: "MINUTE#" + inMinute(minute)}
}

// sourceKey is the key of the count of an address's requests in one minute.
func sourceKey(source string, minute time.Time) table.Key {
	return table.Key{PK: SourcePartition.key(source), SK: "MINUTE#" + inMinute(minute)}
}

func inMinute(t time.Time) string { return t.UTC().Format("200601021504") }

type allowanceRecord struct {
	Taken int    `json:"taken"`
	By    string `json:"by,omitempty"` // the request, so that the table does not take its count for another's
}

// allowanceTries limits how often a count is tried again if other processes take
// requests at the same time.
const allowanceTries = 10

// TakeAllowance implements client.Allowance.
func (s *Store) TakeAllowance(ctx context.Context, clientID string, minute time.Time, n, most int) (int, error) {
	return s.take(ctx, allowanceKey(clientID, minute), minute, n, most)
}

// TakeSource implements edge.Allowance. If so many processes count the same source that
// it cannot take part, the source gets one request: a crowded office is not an attack.
func (s *Store) TakeSource(ctx context.Context, source string, minute time.Time, n, most int) (int, error) {
	taken, err := s.take(ctx, sourceKey(source, minute), minute, n, most)
	if errors.Is(err, realname.ErrStale) {
		return 1, nil
	}
	return taken, err
}

func (s *Store) take(ctx context.Context, key table.Key, minute time.Time, n, most int) (int, error) {
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
		it, cond, err := put(key, stored.Version, allowanceRecord{r.Taken + n, requestid.Of(ctx)})
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
