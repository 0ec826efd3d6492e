package wiring

import "realname/shared/notify"

// Outbox holds the settings for delivering the platform's events.
type Outbox struct {
	EventBus string // REALNAME_EVENT_BUS: name of the bus
	// Schedule is notify.DefaultSchedule. REALNAME_NOTIFY_FIRST, REALNAME_NOTIFY_MOST
	// and REALNAME_NOTIFY_FOR replace its fields.
	Schedule notify.Schedule
}

func (r *reader) outbox() Outbox {
	d := notify.DefaultSchedule()
	return Outbox{
		EventBus: r.getenv("REALNAME_EVENT_BUS"),
		Schedule: notify.Schedule{
			First: r.duration("REALNAME_NOTIFY_FIRST", d.First),
			Most:  r.duration("REALNAME_NOTIFY_MOST", d.Most),
			For:   r.duration("REALNAME_NOTIFY_FOR", d.For),
		},
	}
}
