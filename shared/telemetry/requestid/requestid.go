// Package requestid carries the ID of a user's request to everything that the request
// starts: the functions, the workflow, and the delivery of events. All their log lines
// have the ID.
package requestid

import (
	"context"
	"log/slog"
)

// Key is the name of the ID in log lines.
const Key = "requestId"

type key struct{}

// With returns a context with the ID of a request, or ctx itself if the ID is empty.
func With(ctx context.Context, id string) context.Context {
	if id == "" {
		return ctx
	}
	return context.WithValue(ctx, key{}, id)
}

// Of returns the ID of the request that the context belongs to, or "".
func Of(ctx context.Context) string {
	id, _ := ctx.Value(key{}).(string)
	return id
}

// Handler returns a handler that adds the ID to every line of a request that does not
// have it yet.
func Handler(next slog.Handler) slog.Handler { return handler{next} }

type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	id := Of(ctx)
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == Key {
			id = ""
		}
		return id != ""
	})
	if id != "" {
		r = r.Clone()
		r.AddAttrs(slog.String(Key, id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs)}
}

func (h handler) WithGroup(name string) slog.Handler { return handler{h.Handler.WithGroup(name)} }
