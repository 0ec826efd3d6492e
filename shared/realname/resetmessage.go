package realname

import "time"

// ResetMessage is a message with a code for a password reset that has yet to be sent. It
// exists whether or not its login name does, and is deleted once it is dealt with.
type ResetMessage struct {
	ID        string    `json:"-"`
	LoginName Sealed    `json:"loginName"`
	Mobile    Sealed    `json:"mobile"`
	Code      Sealed    `json:"code"`
	At        time.Time `json:"at"`
	ExpiresAt time.Time `json:"expiresAt"` // of the code
	Tries     int       `json:"tries,omitempty"`
	Due       time.Time `json:"due"` // of the next attempt
	Version   int64     `json:"-"`
}

// ResetMessageItem names the message that its sealed data is bound to.
func ResetMessageItem(id string) string { return "reset-message/" + id }
