package realname

import "time"

// TrailHead is where an enterprise's audit trail and its notices end. It is read
// along with a change's ground where the enterprise is known beforehand, so that
// the change needs no call of its own for it.
type TrailHead struct {
	USCC    string `json:"-"`
	Entries int64  `json:"entries"`           // audit entries so far
	Hash    string `json:"hash"`              // of the latest one
	Notices int64  `json:"notices,omitempty"` // notices so far
	Version int64  `json:"-"`
}

// Notice is what one transaction has to tell the platform of one enterprise: its
// events in their order, and how far their delivery has come. Notices of an
// enterprise are numbered from 1 and delivered in that order.
type Notice struct {
	USCC   string         `json:"uscc"`
	Seq    int64          `json:"seq"`
	Events []Announcement `json:"events"`
	// RequestID is of the request that led to it; the events do not have it.
	RequestID string    `json:"requestId,omitempty"`
	Due       time.Time `json:"due"` // nobody tries to deliver it before
	// Published says that the event bus has the events, Received how many of them
	// the webhook's receiver has.
	Published bool `json:"published,omitempty"`
	Received  int  `json:"received,omitempty"`
	// Tries counts the tries to deliver it, TriedFrom is when the first was.
	Tries     int       `json:"tries,omitempty"`
	TriedFrom time.Time `json:"triedFrom,omitzero"`
	// Delivered and Dead are when it was delivered or given up; both zero while it
	// is pending.
	Delivered time.Time `json:"delivered,omitzero"`
	Dead      time.Time `json:"dead,omitzero"`
	Version   int64     `json:"-"`
}

// Pending reports whether the notice still has to be delivered.
func (n Notice) Pending() bool { return n.Delivered.IsZero() && n.Dead.IsZero() }
