package notify

import (
	"time"

	"realname/shared/realname"
)

// Event is one event in the form that the platform receives: the detail on the bus,
// and the data of a webhook. It holds identifiers and outcomes, no personal data.
type Event struct {
	Version int `json:"version"` // of this form: 1
	// ID stays the same when the event is delivered again.
	ID string `json:"id"`
	// Sequence grows within an enterprise; events of one change share it.
	Sequence  int64                     `json:"sequence"`
	Type      realname.AnnouncementType `json:"type"`
	At        time.Time                 `json:"at"`
	USCC      string                    `json:"uscc"`
	AccountID string                    `json:"accountId,omitempty"`
	SessionID string                    `json:"sessionId,omitempty"`
	Method    realname.Method           `json:"method,omitempty"`
	Status    realname.Status           `json:"status,omitempty"`
	// Aspect is the withdrawn aspect, only with VerificationWithdrawn.
	Aspect realname.AspectName `json:"aspect,omitempty"`
}

const eventVersion = 1

func eventsOf(n realname.Notice) []Event {
	events := make([]Event, len(n.Events))
	for i, a := range n.Events {
		events[i] = Event{
			Version: eventVersion, ID: a.ID, Sequence: n.Seq, Type: a.Type, At: a.At.UTC(), USCC: a.USCC,
			AccountID: a.AccountID, SessionID: a.SessionID, Method: a.Method, Status: a.Status, Aspect: a.Aspect,
		}
	}
	return events
}
