package store

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

// Refusals counts the callbacks of one bank that one writer refused for one reason in
// one minute. It counts callbacks that do not concern an existing session and those
// with an unproven sender (docs/decisions/0010).
type Refusals struct {
	Bank   string        `json:"bank"`
	Code   realname.Code `json:"code"`
	Minute time.Time     `json:"minute"`
	Count  int           `json:"count"`
	Writer string        `json:"-"`
}

// refusalLife is how long refusals are kept: six months, as the Cybersecurity Law,
// Art. 21, requires for logs.
const refusalLife = 184 * 24 * time.Hour

func refusalsPK(bank string) string { return RefusalPartition.key(bank) }

// SaveRefusals writes a count over the writer's earlier count of the same minute.
func (s *Store) SaveRefusals(ctx context.Context, r Refusals) error {
	key := table.Key{PK: refusalsPK(r.Bank), SK: "REFUSED#" + instant(r.Minute) + "#" + string(r.Code) + "#" + r.Writer}
	it, _, err := put(key, 0, r)
	if err != nil {
		return err
	}
	it.Expires = r.Minute.Add(refusalLife)
	return s.transact(ctx, []table.Write{table.Put(it, table.Always())})
}

// LoadRefusals reads the latest counts of a bank, the newest first.
func (s *Store) LoadRefusals(ctx context.Context, bank string, limit int) ([]Refusals, error) {
	page, err := s.table.Query(ctx, table.Query{
		PK: refusalsPK(bank), SKPrefix: "REFUSED#", Descending: true, Limit: limit,
	})
	if err != nil {
		return nil, err
	}
	list := make([]Refusals, len(page.Items))
	for i, it := range page.Items {
		if err := read(it, &list[i]); err != nil {
			return nil, err
		}
	}
	return list, nil
}
