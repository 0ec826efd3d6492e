package wiring

import "time"

// Outbox is what delivering the platform's events needs.
type Outbox struct {
	EventBus string        // REALNAME_EVENT_BUS: name of the bus
	First    time.Duration // REALNAME_NOTIFY_FIRST: the delay after a first failed try; it doubles
	Most     time.Duration // REALNAME_NOTIFY_MOST: up to this
	For      time.Duration // REALNAME_NOTIFY_FOR: for how long a notice is tried
}

func (r *reader) outbox() Outbox {
	return Outbox{
		EventBus: r.getenv("REALNAME_EVENT_BUS"),
		First:    r.duration("REALNAME_NOTIFY_FIRST", 30*time.Second),
		Most:     r.duration("REALNAME_NOTIFY_MOST", 30*time.Minute),
		For:      r.duration("REALNAME_NOTIFY_FOR", 24*time.Hour),
	}
}
