package realname

import (
	"time"
)

// Owner names the account, password reset or session that the code is bound to, in
// addition to its step and number.
func (c SMSCode) Owner() string {
	switch {
	case c.AccountID != "":
		return AccountItem(c.AccountID)
	case c.ResetIndex != "":
		return "reset/" + c.ResetIndex
	}
	return c.SessionID
}

// Guessed returns the code after a guess. by is unique: of two equal guesses at once, the
// table must not take the write of one for that of the other (table/dynamo).
func (c SMSCode) Guessed(right bool, by string) SMSCode {
	c.By = short(by)
	if !right {
		c.WrongTries++
	}
	return c
}

// SMSCode is a sent code, bound to its owner, its step and the mobile number. The
// store keeps the code itself as a keyed hash.
type SMSCode struct {
	SessionID   string    `json:"-"`
	AccountID   string    `json:"-"` // instead of SessionID: for a change of the account
	ResetIndex  string    `json:"-"` // instead of both: for a password reset
	Step        StepName  `json:"step"`
	NumberIndex string    `json:"number"`
	Hash        string    `json:"hash"`
	WrongTries  int       `json:"wrongTries,omitempty"`
	SentAt      time.Time `json:"sentAt"`
	ExpiresAt   time.Time `json:"expiresAt"`
	By          string    `json:"by,omitempty"` // tells the latest guess from any other
	Version     int64     `json:"-"`
}
