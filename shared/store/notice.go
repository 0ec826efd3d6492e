package store

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"realname/shared/realname"
	"realname/shared/table"
)

// noticeRecord is the body of a notice's item. It omits the values of the keys, stores
// what all its events have in common once, and stores instants as numbers. That keeps
// the events of a verification below 1 KB; above that, each write of the notice costs
// twice as many units.
type noticeRecord struct {
	At        unixNano        `json:"at,omitzero"`
	AccountID string          `json:"accountId,omitempty"`
	SessionID string          `json:"sessionId,omitempty"`
	Method    realname.Method `json:"method,omitempty"`
	Events    []eventRecord   `json:"events"`
	RequestID string          `json:"requestId,omitempty"`
	Due       unixNano        `json:"due"`
	Published bool            `json:"published,omitempty"`
	Received  int             `json:"received,omitempty"`
	Tries     int             `json:"tries,omitempty"`
	TriedFrom unixNano        `json:"triedFrom,omitzero"`
	Delivered unixNano        `json:"delivered,omitzero"`
	Dead      unixNano        `json:"dead,omitzero"`
}

// eventRecord is an event of a notice. A field that is empty here has the notice's
// value; in a notice of version 1.0.0, every event has its own.
type eventRecord struct {
	ID        string                    `json:"id"`
	Type      realname.AnnouncementType `json:"type"`
	At        unixNano                  `json:"at,omitzero"`
	AccountID string                    `json:"accountId,omitempty"`
	SessionID string                    `json:"sessionId,omitempty"`
	Method    realname.Method           `json:"method,omitempty"`
	Status    realname.Status           `json:"status,omitempty"`
	Aspect    realname.AspectName       `json:"aspect,omitempty"`
}

// shared takes the value that all events have out of the events and returns it. If they
// differ, each keeps its own.
func shared[V comparable](events []eventRecord, field func(*eventRecord) *V) V {
	var none V
	if len(events) == 0 {
		return none
	}
	value := *field(&events[0])
	for i := range events {
		if *field(&events[i]) != value {
			return none
		}
	}
	for i := range events {
		*field(&events[i]) = none
	}
	return value
}

func putNotice(n realname.Notice) (table.Write, error) {
	r := noticeRecord{
		RequestID: n.RequestID, Due: unixNano(n.Due), Published: n.Published, Received: n.Received, Tries: n.Tries,
		TriedFrom: unixNano(n.TriedFrom), Delivered: unixNano(n.Delivered), Dead: unixNano(n.Dead),
	}
	for _, a := range n.Events {
		r.Events = append(r.Events, eventRecord{
			a.ID, a.Type, unixNano(a.At.UTC()), a.AccountID, a.SessionID, a.Method, a.Status, a.Aspect,
		})
	}
	r.At = shared(r.Events, func(e *eventRecord) *unixNano { return &e.At })
	r.AccountID = shared(r.Events, func(e *eventRecord) *string { return &e.AccountID })
	r.SessionID = shared(r.Events, func(e *eventRecord) *string { return &e.SessionID })
	r.Method = shared(r.Events, func(e *eventRecord) *realname.Method { return &e.Method })
	it, cond, err := put(noticeKey(n.USCC, n.Seq), n.Version, r)
	it.GSI2 = noticeList(n)
	switch {
	case !n.Delivered.IsZero():
		it.Expires = n.Delivered.Add(deliveredLife)
	case !n.Dead.IsZero():
		it.Expires = n.Dead.Add(deadLife)
	}
	return table.Put(it, cond), err
}

// NoticeOf decodes a notice's item.
func NoticeOf(it table.Item) (realname.Notice, error) {
	var r noticeRecord
	if err := read(it, &r); err != nil {
		return realname.Notice{}, err
	}
	seq, err := strconv.ParseInt(strings.TrimPrefix(it.Key.SK, noticePrefix), 10, 64)
	if err != nil {
		return realname.Notice{}, fmt.Errorf("decode the number of a notice: %w", err)
	}
	n := realname.Notice{
		USCC: strings.TrimPrefix(it.Key.PK, outboxPK("")), Seq: seq, RequestID: r.RequestID, Due: r.Due.Time(),
		Published: r.Published, Received: r.Received, Tries: r.Tries, TriedFrom: r.TriedFrom.Time(),
		Delivered: r.Delivered.Time(), Dead: r.Dead.Time(), LookAt: lookAt(it.GSI2), Version: it.Version,
	}
	for _, e := range r.Events {
		at := e.At.Time()
		if e.At.IsZero() {
			at = r.At.Time()
		}
		n.Events = append(n.Events, realname.Announcement{
			ID: e.ID, Type: e.Type, At: at, USCC: n.USCC, AccountID: cmp.Or(e.AccountID, r.AccountID),
			SessionID: cmp.Or(e.SessionID, r.SessionID), Method: cmp.Or(e.Method, r.Method), Status: e.Status, Aspect: e.Aspect,
		})
	}
	return n, nil
}
