package realname

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"realname/shared/idcode"
)

// BankName is a bank as a session stores it. The session keeps the names that the
// user saw when choosing the bank, even if the configuration changes later.
type BankName struct {
	Code         string `json:"code"`
	Chinese      string `json:"zh-CN"`
	English      string `json:"en"`
	ShortChinese string `json:"shortZh-CN"`
	ShortEnglish string `json:"shortEn"`
}

// BankRequest is one hand-over of a session to a bank. A bank can answer only the
// latest request of a session.
type BankRequest struct {
	ID        string     `json:"id"`
	Bank      BankName   `json:"bank"`
	OpenedAt  time.Time  `json:"openedAt"`
	Result    BankResult `json:"result,omitempty"` // "" until the bank has answered
	Reason    BankReason `json:"reason,omitempty"`
	DecidedAt time.Time  `json:"decidedAt,omitzero"`
}

// maxBankRequests limits the hand-overs of one session. A user who changes banks
// more often must start a new session.
const maxBankRequests = 20

// BankResult is the verdict of a bank.
type BankResult string

// Results of a bank: it confirms the enterprise, or it does not.
const (
	BankPassed BankResult = "PASS"
	BankFailed BankResult = "FAIL"
)

// ParseBankResult returns the result with that name; ok is false for any other.
func ParseBankResult(name string) (r BankResult, ok bool) {
	r = BankResult(name)
	return r, r == BankPassed || r == BankFailed
}

// BankReason is why a bank did not confirm the enterprise. The service words the
// message to the user itself; it neither shows nor keeps the bank's own text.
type BankReason string

// The reasons of the protocol (docs/bank-integration.md).
const (
	BankCertificateExpired BankReason = "CERTIFICATE_EXPIRED"
	BankCertificateRevoked BankReason = "CERTIFICATE_REVOKED"
	BankCertificateInvalid BankReason = "CERTIFICATE_INVALID"
	BankPasswordLocked     BankReason = "PASSWORD_LOCKED"
	BankAccountAbnormal    BankReason = "ACCOUNT_ABNORMAL"
	BankNotCorporate       BankReason = "NOT_CORPORATE"
	BankOtherEnterprise    BankReason = "ENTERPRISE_MISMATCH"
	BankUserCanceled       BankReason = "USER_CANCELED"
	BankTimedOut           BankReason = "TIMEOUT"
	BankSystemError        BankReason = "SYSTEM_ERROR"
	BankUnspecified        BankReason = "UNSPECIFIED" // any other text
)

// ParseBankReason returns the reason with that name, BankUnspecified for any
// other text.
func ParseBankReason(name string) BankReason {
	if r := BankReason(name); slices.Contains(BankReasons(), r) {
		return r
	}
	return BankUnspecified
}

// BankReasons lists every reason.
func BankReasons() []BankReason {
	return []BankReason{
		BankCertificateExpired, BankCertificateRevoked, BankCertificateInvalid, BankPasswordLocked,
		BankAccountAbnormal, BankNotCorporate, BankOtherEnterprise, BankUserCanceled, BankTimedOut,
		BankSystemError, BankUnspecified,
	}
}

// charged reports whether a refusal for this reason costs an attempt. A reason
// that the enterprise did not cause is free of charge.
func (r BankReason) charged() bool {
	return r != BankUserCanceled && r != BankTimedOut && r != BankSystemError
}

// OrgCode returns the enterprise's organization code: characters 9 to 17 of its
// USCC (GB 32100-2015).
func (e SessionEnterprise) OrgCode() string {
	if len(e.USCC) != 18 {
		return ""
	}
	return e.USCC[8:17]
}

// Confirms reports whether the answer is about the enterprise: the same name, as idcode
// compares it, and equal codes.
func (e SessionEnterprise) Confirms(a BankAnswer) bool {
	return idcode.SameName(a.Name, e.Name) && a.USCC == e.USCC && a.OrgCode == e.OrgCode()
}

// bankRequestID returns the ID of a session's n-th request. It contains the
// session's ID, so that an answer finds its session without another read.
func bankRequestID(sessionID string, n int) string { return sessionID + "." + strconv.Itoa(n) }

// SessionOfBankRequest returns the session of a request; ok is false for text
// that is not a request ID.
func SessionOfBankRequest(requestID string) (sessionID string, ok bool) {
	sessionID, n, found := strings.Cut(requestID, ".")
	ok = found && sessionID != "" && n != "" && len(requestID) <= 64 && strings.Trim(n, "0123456789") == ""
	for _, c := range []byte(sessionID) {
		ok = ok && (c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-')
	}
	return sessionID, ok
}

// BankRequest returns the session's request with that ID and whether it is the
// latest; found is false if the session has no such request.
func (s Session) BankRequest(id string) (r BankRequest, latest, found bool) {
	for i, r := range s.BankRequests {
		if r.ID == id {
			return r, i == len(s.BankRequests)-1, true
		}
	}
	return BankRequest{}, false, false
}

// Bank returns the bank of the session's latest request; ok is false before the
// first.
func (s Session) Bank() (b BankName, ok bool) {
	if len(s.BankRequests) == 0 {
		return BankName{}, false
	}
	return s.BankRequests[len(s.BankRequests)-1].Bank, true
}

// BankAnswer is a bank's answer to a request.
type BankAnswer struct {
	RequestID           string
	Result              BankResult
	Reason              BankReason // with BankFailed
	Name, USCC, OrgCode string     // the enterprise that the answer is about
	CertificateSerial   string
}
