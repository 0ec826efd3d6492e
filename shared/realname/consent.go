package realname

import "time"

// ConsentVersion is the version of the consent text in force. PIPL Art. 29 requires
// a separate consent before sensitive personal information is processed. A session
// keeps the version that its user accepted.
const ConsentVersion = "2026-01"

// Consent records which version of the consent text the user accepted, and when.
type Consent struct {
	Version    string    `json:"version"`
	AcceptedAt time.Time `json:"acceptedAt"`
}
