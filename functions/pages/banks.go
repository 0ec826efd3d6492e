package pages

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// banksDeadline limits the time that a page waits for the banks. It covers the first
// connection of a cold function.
const banksDeadline = 2 * time.Second

// banks returns the origins of the banks. If they cannot be read, it returns those that
// it read last. A page is worth more than a handover, and the origins of a withdrawn bank
// allow no more than they did a minute ago.
type banks struct {
	read func(context.Context) ([]string, error)
	log  *slog.Logger

	mu   sync.Mutex
	last []string
}

func (b *banks) origins(ctx context.Context) []string {
	limited, cancel := context.WithTimeout(ctx, banksDeadline)
	defer cancel()
	origins, err := b.read(limited)
	b.mu.Lock()
	defer b.mu.Unlock()
	if err != nil {
		b.log.LogAttrs(ctx, slog.LevelWarn, "the page allows the banks that were read last",
			slog.Int("banks", len(b.last)), slog.String("error", err.Error()))
		return b.last
	}
	b.last = origins
	return origins
}
