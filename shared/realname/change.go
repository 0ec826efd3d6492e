package realname

// Change is the content of one transaction: Commit writes all of it or nothing.
type Change struct {
	// Writes are the items to write, each at most once; a nil element is skipped.
	Writes        []Write
	Announcements []Announcement
	Audit         []AuditEntry
	Trail         *TrailHead  // the trail's head if the caller has read it; else Commit reads it
	Trails        []TrailHead // the heads of several trails, likewise
}

// Write is one item that a Change writes. A record replaces the stored version that
// it carries; version 0 means that the item must not exist yet.
type Write interface{ write() }

// Records that are written unchanged.
func (Session) write()           {}
func (Account) write()           {}
func (Enterprise) write()        {}
func (Roster) write()            {}
func (SMSCode) write()           {}
func (CardChallenge) write()     {}
func (BoundCard) write()         {}
func (CardOwner) write()         {}
func (Remark) write()            {}
func (Late) write()              {}
func (Asked) write()             {}
func (Reply) write()             {}
func (EmailConfirmation) write() {}
func (ResetMessage) write()      {}
func (LatestSession) write()     {}

// write stores the first use of a nonce.
func (Nonce) write() {}

// CountedDay is an account's counters of one day.
type CountedDay struct {
	AccountID string
	AccountDay
}

// CountedEnterprise is an enterprise's counters of one day.
type CountedEnterprise struct {
	USCC string
	EnterpriseDay
}

// CountedNumber is a mobile number's counters of one day.
type CountedNumber struct {
	NumberIndex string
	NumberDay
}

// NewLogin reserves the login name of an account. The name must be free.
type NewLogin struct{ Account Account }

// FreeLogin releases a login name.
type FreeLogin string

// Unlock resets the count of wrong passwords for a login name.
type Unlock string

// Moved moves an enterprise and its roster from a former code to the code that both
// carry. Their versions are those of the records under the former code.
type Moved struct {
	From       string
	Enterprise Enterprise
	Roster     Roster
}

// MovedDay moves an enterprise's counters of the day to the code To. Day carries the
// version under the former code From, Replaces that of a record under the new code.
type MovedDay struct {
	From, To string
	Day      EnterpriseDay
	Replaces int64
}

type (
	// DropCode deletes an SMS code in the version that it carries.
	DropCode SMSCode
	// DropCard deletes an account's card in the version that it carries.
	DropCard BoundCard
	// DropConfirmation deletes an e-mail confirmation in the version that it carries.
	DropConfirmation EmailConfirmation
	// DropReply deletes a stored reply in the version that it carries.
	DropReply Reply
	// DropResetMessage deletes a message in the version that it carries.
	DropResetMessage ResetMessage
)

func (CountedDay) write()        {}
func (CountedEnterprise) write() {}
func (CountedNumber) write()     {}
func (NewLogin) write()          {}
func (FreeLogin) write()         {}
func (Unlock) write()            {}
func (Moved) write()             {}
func (MovedDay) write()          {}
func (DropCode) write()          {}
func (DropCard) write()          {}
func (DropConfirmation) write()  {}
func (DropReply) write()         {}
func (DropResetMessage) write()  {}

// Writing returns a change that writes the items, without events or audit entries.
func Writing(w ...Write) Change { return Change{Writes: w} }

// Add adds items to the change.
func (c *Change) Add(w ...Write) { c.Writes = append(c.Writes, w...) }

// Optional returns the record as a Write; nil for a nil pointer.
func Optional[W Write](w *W) Write {
	if w == nil {
		return nil
	}
	return *w
}
