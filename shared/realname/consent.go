package realname

import "time"

// ConsentVersion is the version of the consent text in force. PIPL Art. 29 asks
// for a separate consent before sensitive personal information is handled; a
// session keeps the version that its user accepted.
const ConsentVersion = "2026-01"

// Consent is what the user accepted and when.
type Consent struct {
	Version    string    `json:"version"`
	AcceptedAt time.Time `json:"acceptedAt"`
}
