package world

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"realname/shared/table"
	"realname/shared/table/sqlite"
)

// CopyOfSession copies an item of a stored session for the n-th of many sessions, with
// its own ID and account, started on one of 365 days.
func CopyOfSession(it table.Item, n int) table.Item {
	session := fmt.Sprintf("00000000-0000-7000-8000-%012d", n)
	day := time.Date(2025, 11, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%365)
	it.Key.PK = "SESSION#" + session
	if it.GSI1.PK != "" {
		at := day.Format("20060102T150405.000000000Z") + "#" + session
		shard := it.GSI2.PK[strings.LastIndexByte(it.GSI2.PK, '#'):]
		it.GSI1 = table.IndexKey{PK: fmt.Sprintf("ACCOUNT#00000000-0000-7000-9000-%012d", n), SK: "SESSION#" + at}
		it.GSI2 = table.IndexKey{PK: day.Format("STARTED#20060102") + shard, SK: at}
	}
	return it
}

// StoreCopies stores copies of a session's items and of its ended execution for the
// sessions from one number to another.
func StoreCopies(ctx context.Context, db *sqlite.DB, items []table.Item, execution []byte, from, to int) error {
	const writers = 8
	per := 100 / len(items) // sessions of a transaction
	failures := make([]error, writers)
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for n := from + w*per; n < to && failures[w] == nil; n += writers * per {
				var writes []table.Write
				for i := n; i < min(n+per, to); i++ {
					for _, it := range items {
						writes = append(writes, table.Put(CopyOfSession(it, i), table.Always()))
					}
					db.Executions().Save(fmt.Sprintf("00000000-0000-7000-8000-%012d", i), false, execution)
				}
				failures[w] = db.Transact(ctx, writes...)
			}
		})
	}
	all.Wait()
	return errors.Join(failures...)
}
