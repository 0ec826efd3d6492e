package bank

import (
	"context"
	"math/bits"
	"sync"
	"time"

	"realname/shared/realname"
	"realname/shared/store"
)

// exactRefusals is how many refusals of one kind in a minute are written one by
// one. After that, the count is written each time it doubles.
const exactRefusals = 16

// Refusals audits callbacks that were refused before they concerned a session.
// Anyone can send such callbacks, so they must not grow the table: each process
// writes one count for each bank, reason and minute. A flood of n costs
// 16 + log2(n/16) writes (docs/decisions/0010).
type Refusals struct {
	Save   func(ctx context.Context, r store.Refusals) error
	Writer string // names this process
	Now    func() time.Time

	mu     sync.Mutex
	counts map[refusalKind]store.Refusals
}

type refusalKind struct {
	bank string
	code realname.Code
}

// Count adds one refusal.
func (r *Refusals) Count(ctx context.Context, bank string, code realname.Code) error {
	count, due := r.add(refusalKind{bank, code}, r.Now().UTC().Truncate(time.Minute))
	if !due {
		return nil
	}
	return r.Save(ctx, count)
}

func (r *Refusals) add(k refusalKind, minute time.Time) (count store.Refusals, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counts == nil {
		r.counts = map[refusalKind]store.Refusals{}
	}
	count = r.counts[k]
	if !count.Minute.Equal(minute) {
		count = store.Refusals{Bank: k.bank, Code: k.code, Minute: minute, Writer: r.Writer}
	}
	count.Count++
	r.counts[k] = count
	return count, count.Count <= exactRefusals || bits.OnesCount(uint(count.Count)) == 1
}
