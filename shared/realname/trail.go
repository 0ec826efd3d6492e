package realname

import "time"

// TrailHead is the end of an enterprise's audit trail and of its notices. If the
// enterprise is known beforehand, the head is read together with the records that a
// change rests on, which saves a separate call.
type TrailHead struct {
	USCC    string
	Entries int64  // audit entries so far
	Hash    string // of the latest entry
	Notices int64  // notices so far
	// Recent are the latest entries, as they were chained. The head holds them until they
	// fill an item of their own.
	Recent  []map[string]any
	Version int64
}

// HoldsAll reports whether the head holds every entry of the trail.
func (h TrailHead) HoldsAll() bool { return h.Entries > 0 && int64(len(h.Recent)) == h.Entries }

// Notice holds the events that one transaction announces for one enterprise, in
// their order, and the progress of their delivery. The notices of an enterprise are
// numbered from 1 and delivered in that order.
type Notice struct {
	USCC   string
	Seq    int64
	Events []Announcement
	// RequestID identifies the request that caused the notice; the events do not
	// carry it.
	RequestID string
	Due       time.Time // the earliest time of the next delivery attempt
	// LookAt is the time at which the stored notice is listed, zero if it is not. A write
	// does not postpone it. With zero, the next write lists the notice by Due.
	LookAt time.Time
	// Published is true if the event bus has the events. Received counts the events
	// that the webhook's receiver has.
	Published bool
	Received  int
	// Tries counts the delivery attempts; TriedFrom is the time of the first.
	Tries     int
	TriedFrom time.Time
	// Delivered is when the notice was delivered, Dead when the service stopped trying;
	// both are zero while it is pending.
	Delivered time.Time
	Dead      time.Time
	Version   int64
}

// Pending reports whether the notice has not been delivered and is not dead.
func (n Notice) Pending() bool { return n.Delivered.IsZero() && n.Dead.IsZero() }
