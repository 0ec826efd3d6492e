package realname

// Change is what one transaction writes: all of it or nothing.
type Change struct {
	// Writes are the items, each at most once; nil writes nothing.
	Writes        []Write
	Announcements []Announcement
	Audit         []AuditEntry
	Trail         *TrailHead // the trail's head if it was read along; else Commit reads it
}

// Write is one item that a Change writes. A record replaces the version that it
// carries; version 0 means that the item must not exist yet.
type Write interface{ write() }

// Records that are written as they are.
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

// write marks a nonce that is used for the first time.
func (Nonce) write() {}

// Decided is an attempt of a session that the same Change writes.
type Decided struct {
	SessionID string
	Number    int // counts the attempts of one Change, from 0
	Attempt   Attempt
}

// CountedDay is an account's counters of one day.
type CountedDay struct {
	AccountID string
	AccountDay
}

// CountedNumber is a mobile number's counters of one day.
type CountedNumber struct {
	NumberIndex string
	NumberDay
}

// Locks of an account's live session of one method.
type (
	TakeLock Lock
	FreeLock Lock
)

// NewLogin takes the login name of an account, which must be free.
type NewLogin struct{ Account Account }

// FreeLogin makes a login name free again.
type FreeLogin string

// Unlock forgets the wrong passwords that were counted for a login name.
type Unlock string

// Moved gives an enterprise and its roster, which carry their new code, that code
// in place of the former one. Their versions are those of the records under the
// former code.
type Moved struct {
	From       string
	Enterprise Enterprise
	Roster     Roster
}

// Records that are deleted in the version that they carry.
type (
	DropCode         SMSCode
	DropCard         BoundCard
	DropConfirmation EmailConfirmation
	DropReply        Reply
)

func (Decided) write()          {}
func (CountedDay) write()       {}
func (CountedNumber) write()    {}
func (TakeLock) write()         {}
func (FreeLock) write()         {}
func (NewLogin) write()         {}
func (FreeLogin) write()        {}
func (Unlock) write()           {}
func (Moved) write()            {}
func (DropCode) write()         {}
func (DropCard) write()         {}
func (DropConfirmation) write() {}
func (DropReply) write()        {}

// Writing returns a change that writes the items and adds nothing to a trail.
func Writing(w ...Write) Change { return Change{Writes: w} }

// Add adds items to the change.
func (c *Change) Add(w ...Write) { c.Writes = append(c.Writes, w...) }

// Optional returns the record as a Write, nil if there is none.
func Optional[W Write](w *W) Write {
	if w == nil {
		return nil
	}
	return *w
}
