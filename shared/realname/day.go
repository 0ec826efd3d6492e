package realname

import (
	"maps"
	"time"
)

// china returns the time zone of the whole country, without daylight saving time
// since 1991. Daily limits reset at its midnight.
func china() *time.Location { return time.FixedZone("CST", 8*60*60) }

// Day returns the calendar day in China, as 20060102.
func Day(t time.Time) string { return t.In(china()).Format("20060102") }

// DaysBetween lists the calendar days in China from one instant to the other, both
// included, as Day formats them.
func DaysBetween(from, to time.Time) []string {
	var days []string
	y, m, d := from.In(china()).Date()
	for day := time.Date(y, m, d, 0, 0, 0, 0, china()); !day.After(to); day = day.AddDate(0, 0, 1) {
		days = append(days, Day(day))
	}
	return days
}

// UntilTomorrow returns the time until the next day begins in China, rounded up to
// a whole second.
func UntilTomorrow(t time.Time) time.Duration {
	local := t.In(china())
	y, m, d := local.Date()
	return CeilSecond(time.Date(y, m, d+1, 0, 0, 0, 0, china()).Sub(local))
}

// CeilSecond rounds a duration up to a whole second.
func CeilSecond(d time.Duration) time.Duration {
	return (d + time.Second - 1).Truncate(time.Second)
}

// AccountDay counts an account's failed attempts, sessions, checks, card challenges, SMS
// codes and requests for erasure of one day.
type AccountDay struct {
	Day         string `json:"day"`
	FailedTries int    `json:"failedTries,omitempty"`
	// Sessions counts the sessions that version 1.0.0 started on the day. Others have
	// their number themselves.
	Sessions        map[Method]int `json:"sessions,omitempty"`
	SMS             int            `json:"sms,omitempty"`
	Checks          int            `json:"checks,omitempty"` // those that its enterprise's day does not hold
	CardChallenges  int            `json:"cardChallenges,omitempty"`
	ErasureRequests int            `json:"erasureRequests,omitempty"`
	// Begun holds the questions to providers that requests began and did not end.
	Begun Begun `json:"begun,omitempty"`
	// By tells the latest count from any other, as in EnterpriseDay.
	By      string `json:"by,omitempty"`
	Version int64  `json:"-"`
}

// Counted returns the write of an account's counters by a request that counts in a single
// write. by is unique: two requests that count the same at once would put equal items, and
// the table could take the write of one for that of the other (table/dynamo).
func (d AccountDay) Counted(accountID, by string) CountedDay {
	d.By = short(by)
	return CountedDay{AccountID: accountID, AccountDay: d}
}

// Started returns the number of sessions of the method that the account started on the
// day, by its latest one.
func (d AccountDay) Started(m Method, latest Session) int {
	if Day(latest.CreatedAt) != d.Day {
		return d.Sessions[m]
	}
	return max(latest.NthOfDay, d.Sessions[m])
}

// EnterpriseDay counts the questions to providers of one day: of all accounts of an
// enterprise together, and of each. It notes which were begun and did not end.
type EnterpriseDay struct {
	Day      string
	Checks   int
	Accounts map[string]int // by account
	Begun    Begun
	// By tells the latest count from any other, so that a write is not taken for another's.
	By      string
	Version int64
}

// checkRoom limits the accounts and the notes that an EnterpriseDay holds, so that each
// write of it stays small. What it has no room for is counted on the account's own day.
const checkRoom = 64

func (d EnterpriseDay) hasRoom() bool { return len(d.Accounts)+len(d.Begun) <= checkRoom }

// with returns the day with n more questions of the account.
func (d EnterpriseDay) with(accountID string, n int) EnterpriseDay {
	d.Checks += n
	d.Accounts = maps.Clone(d.Accounts)
	if d.Accounts == nil {
		d.Accounts = map[string]int{}
	}
	if d.Accounts[accountID] += n; d.Accounts[accountID] == 0 {
		delete(d.Accounts, accountID)
	}
	return d
}

// CheckCount is a change of the counters of questions. A record that stays as it is, is nil.
type CheckCount struct {
	Day        *AccountDay
	Enterprise *EnterpriseDay
}

// Checks returns how many questions the account has put on the view's day.
func (v SessionView) Checks() int { return v.Day.Checks + v.EnterpriseDay.Accounts[v.Account.ID] }

// CountCheck returns the counters with another question of the account, which has begun.
// The enterprise's day holds both counts, so that one write guards both limits. by is
// unique.
func (v SessionView) CountCheck(question, by string, now time.Time) CheckCount {
	v.EnterpriseDay.By = short(by)
	e := v.EnterpriseDay.with(v.Account.ID, 1)
	if e.Begun = e.Begun.with(question, now); e.hasRoom() {
		return CheckCount{Enterprise: &e}
	}
	e, d := v.EnterpriseDay, v.Day
	e.Checks++
	e.Begun = e.Begun.with("", now)
	d.Checks++
	d.Begun = d.Begun.with(question, now)
	return CheckCount{&d, &e}
}

// UncountCheck returns the counters without a question that was not put.
func (v SessionView) UncountCheck(question string) CheckCount {
	c := v.EndChecks(question)
	e, d := v.EnterpriseDay, v.Day
	if c.Enterprise != nil {
		e = *c.Enterprise
	}
	if c.Day != nil {
		d = *c.Day
	}
	switch {
	case e.Accounts[v.Account.ID] > 0:
		e = e.with(v.Account.ID, -1)
	case d.Checks > 0:
		e.Checks--
		d.Checks--
		c.Day = &d
	default: // the enterprise's code changed meanwhile, and its counters moved
		return c
	}
	c.Enterprise = &e
	return c
}

// EndChecks returns the counters without the notes that the questions have begun.
func (v SessionView) EndChecks(questions ...string) (c CheckCount) {
	if begun := v.EnterpriseDay.Begun.without(questions); len(begun) < len(v.EnterpriseDay.Begun) {
		e := v.EnterpriseDay
		e.Begun = begun
		c.Enterprise = &e
	}
	if begun := v.Day.Begun.without(questions); len(begun) < len(v.Day.Begun) {
		d := v.Day
		d.Begun = begun
		c.Day = &d
	}
	return c
}

// HasBegun reports whether a request with the same key has begun to put the question.
// While that request may still run, it returns CodeKeyInProgress.
func (v SessionView) HasBegun(question string, now time.Time) (bool, error) {
	at, begun := v.EnterpriseDay.Begun[question]
	if !begun {
		at, begun = v.Day.Begun[question]
	}
	if begun && now.Sub(at) < runningLife {
		return true, &Error{Code: CodeKeyInProgress, RetryAfter: time.Second}
	}
	return begun, nil
}

// Begun holds the questions to providers that requests began and did not end, and when.
type Begun map[string]time.Time

// begunLife limits how long a day remembers that a question was begun. Its counters stay
// small by it.
const begunLife = time.Hour

// with returns the notes with the question's, unless it is "", and without those of long
// ago.
func (b Begun) with(question string, now time.Time) Begun {
	b = maps.Clone(b)
	maps.DeleteFunc(b, func(_ string, at time.Time) bool { return now.Sub(at) >= begunLife })
	if question == "" {
		return b
	}
	if b == nil {
		b = Begun{}
	}
	b[question] = now
	return b
}

func (b Begun) without(questions []string) Begun {
	b = maps.Clone(b)
	for _, q := range questions {
		delete(b, q)
	}
	return b
}

// NumberDay counts the codes sent to one mobile number on one day.
type NumberDay struct {
	Day     string    `json:"day"`
	SMS     int       `json:"sms"`
	LastAt  time.Time `json:"lastAt"`
	Version int64     `json:"-"`
}

// Another returns the count with one more code.
func (n NumberDay) Another(now time.Time) NumberDay {
	n.SMS++
	n.LastAt = now
	return n
}
