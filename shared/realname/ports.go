package realname

import (
	"context"
	"log/slog"
	"time"
)

// Ports is what every use case works with. Time, IDs and waiting come in here and
// nowhere else. Use cases that work together share one Ports.
type Ports struct {
	Store  Store
	Sealer Sealer
	Limits Limits
	Now    func() time.Time
	NewID  func() string
	Wait   func(ctx context.Context, d time.Duration) error
	Log    *slog.Logger
	// Actor is the member of staff on whose behalf everything is done; "" in a
	// function. Their log lines are not counted.
	Actor string
}

// Sealer encrypts personal data before it is stored. What it seals can be
// opened only for the same item and field.
type Sealer interface {
	Seal(plain []byte, item, field string) (Sealed, error)
	Open(sealed Sealed, item, field string) ([]byte, error)
	// Index returns a keyed, one-way index of a value: equal values of one
	// purpose have equal indexes, and nothing else can be learned from it. Its error
	// says why the keys could not be loaded.
	Index(purpose, value string) (string, error)
}

// Execution is what a session's execution is started with, and all it knows of
// the session: identifiers, never personal data.
type Execution struct {
	SessionID string `json:"sessionId"`
	Method    Method `json:"method"`
	RequestID string `json:"requestId,omitempty"` // of the request that started the session
}

// Workflow sequences the steps of sessions. Each call is idempotent: telling it
// again what it knows already is no error.
type Workflow interface {
	// Start begins the execution; its name is the session's ID.
	Start(ctx context.Context, e Execution) error
	// Passed lets the execution go on from the step that holds the token.
	Passed(ctx context.Context, taskToken string) error
	// Ended tells the execution that its session closed while the step was open.
	Ended(ctx context.Context, taskToken string, closed Status) error
}

// Store keeps everything. Every method is one call to the table unless its
// comment says otherwise.
type Store interface {
	// LoadAccount reads the account with its live sessions and its day. An
	// unknown account has an empty ID.
	LoadAccount(ctx context.Context, q AccountQuery) (AccountView, error)
	// LoadEnterprise reads an enterprise; an unknown one has an empty USCC.
	LoadEnterprise(ctx context.Context, uscc string) (Enterprise, error)
	// LoadSession reads account, session, open step and what else a submitted
	// step needs. What does not exist is zero.
	LoadSession(ctx context.Context, q SessionQuery) (SessionView, error)
	// LoadForFinish reads session, account and the account's enterprise, in two
	// calls; in three when the enterprise got another code since.
	LoadForFinish(ctx context.Context, sessionID string) (SessionView, Enterprise, error)
	// ListSessions returns an account's sessions, the newest first.
	ListSessions(ctx context.Context, accountID string, limit int, after string) (sessions []Session, next string, err error)
	// DueSessions returns sessions whose signal or deadline lies before the
	// instant, in one call for each of its shards.
	DueSessions(ctx context.Context, before time.Time) ([]string, error)
	// LoadCardOwner reads which enterprise a card's certificate serves.
	LoadCardOwner(ctx context.Context, cardID string) (CardOwner, error)
	// Commit writes the change in one transaction. ErrStale when an item was
	// changed by somebody else; then nothing is written.
	Commit(ctx context.Context, c Change) error
}

// AccountQuery names what LoadAccount reads.
type AccountQuery struct {
	AccountID   string
	Day         string
	USCC        string    // the enterprise whose trail's head is read along
	Card        *CardKeys // what of cards is read along
	Idempotency *Idempotency
}

// AccountView is an account and what limits its next session.
type AccountView struct {
	Account Account
	Live    map[Method]string // the live session of each method
	Day     AccountDay
	Card    CardView
	Trail   *TrailHead
	Reply   *Reply
}

// SessionQuery names what LoadSession reads; empty parts are not read.
type SessionQuery struct {
	AccountID   string
	SessionID   string
	Day         string
	CodeStep    StepName // the step whose SMS code is wanted
	NumberIndex string   // the blind index of a mobile number
	USCC        string   // the enterprise whose trail's head is read along
	Nonce       *Nonce   // whose use is wanted
	Remark      bool     // whether the remark is wanted
	Card        *CardKeys
	Idempotency *Idempotency
}

// OpenStep is what the workflow left when it opened a step.
type OpenStep struct {
	Step      StepName `json:"step"`
	TaskToken string   `json:"taskToken"`
}

// SessionView is a session and what a request on it needs.
type SessionView struct {
	Account Account
	Session Session
	Open    *OpenStep
	Day     AccountDay
	Number  NumberDay
	Code    *SMSCode
	Card    CardView
	Trail   *TrailHead
	Nonce   *Nonce // as it was used before
	Remark  *Remark
	Reply   *Reply
}

// Nonce is a number that one sender may use once.
type Nonce struct {
	Sender    string    `json:"-"`
	Value     string    `json:"-"`
	Digest    string    `json:"digest"` // of the message it came with
	ExpiresAt time.Time `json:"-"`
}

// Remark tells the user what was refused without changing the session.
type Remark struct {
	SessionID string    `json:"-"`
	ExpiresAt time.Time `json:"-"` // the session's
	LastError
}

// Idempotency identifies one request of one caller, so that a repetition gets
// the first answer.
type Idempotency struct {
	Key         string // caller, route and key, hashed
	Fingerprint string // keyed hash of the body
}

// Reply is an answer kept for the repetition of its request.
type Reply struct {
	Key         string    `json:"-"`
	Fingerprint string    `json:"fingerprint"`
	Running     bool      `json:"running,omitempty"` // there is no answer yet
	Status      int       `json:"status"`
	Body        []byte    `json:"body"`
	ExpiresAt   time.Time `json:"-"`
	Version     int64     `json:"-"`
}

// Lock is the right of one session to be an account's only one of its method.
type Lock struct {
	AccountID string
	Method    Method
	SessionID string
}

// Announcement is one event for the platform, on its way through the outbox.
type Announcement struct {
	ID        string           `json:"id"`
	Type      AnnouncementType `json:"type"`
	At        time.Time        `json:"at"`
	USCC      string           `json:"uscc"`
	AccountID string           `json:"accountId"`
	SessionID string           `json:"sessionId,omitempty"`
	Method    Method           `json:"method"`
	Status    Status           `json:"status,omitempty"`
	Aspect    AspectName       `json:"aspect,omitempty"` // with VerificationWithdrawn
}

// AuditEntry is one line of an enterprise's audit trail. The store numbers it
// and chains it to the one before.
type AuditEntry struct {
	ID        string      `json:"id"`
	Actor     string      `json:"actor,omitempty"` // the operator of the service who did it; "" for the account itself
	At        time.Time   `json:"at"`
	USCC      string      `json:"uscc"`
	AccountID string      `json:"accountId"`
	SessionID string      `json:"sessionId,omitempty"`
	Action    AuditAction `json:"action"`
	Method    Method      `json:"method,omitempty"`
	Status    Status      `json:"status,omitempty"`
	// Code, Bank, RequestID, Result and Reason are of a bank's callback.
	Code      Code       `json:"code,omitempty"`
	Bank      string     `json:"bank,omitempty"`
	RequestID string     `json:"requestId,omitempty"`
	Result    BankResult `json:"result,omitempty"`
	Reason    BankReason `json:"reason,omitempty"`
	Aspect    AspectName `json:"aspect,omitempty"` // with AuditWithdrawn
	// Subject is the account that was changed, where it is not the acting one.
	Subject string `json:"subject,omitempty"`
	// Fields are the fields that were touched. The chain keeps their names
	// (Touched); the values lie beside it (AuditValues).
	Fields  []AuditField `json:"-"`
	Touched []string     `json:"fields,omitempty"`
}

// Late is an answer to a step that was recorded and not applied.
type Late struct {
	SessionID string
	Attempt   Attempt
}
