package realname

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

// Ports holds the dependencies of every use case, including time, IDs and waiting.
// Use cases that work together share one Ports.
type Ports struct {
	Store  Store
	Sealer Sealer
	Limits Limits
	Now    func() time.Time
	NewID  func() string
	Wait   func(ctx context.Context, d time.Duration) error
	Log    *slog.Logger
	// Recipients names the providers that receive personal data.
	Recipients Recipients
	// Actor is the member of staff who runs the command; "" in a function. Log lines
	// with an actor are excluded from the metrics.
	Actor string
}

// ErrSealed means that a sealed value cannot be opened: it was changed, belongs to
// another item or field, or its key is gone. The error does not distinguish these causes.
var ErrSealed = errors.New("the sealed value cannot be opened")

// Sealer encrypts personal data before it is stored. Sealed data opens only for the
// same item and field.
type Sealer interface {
	Seal(plain []byte, item, field string) (Sealed, error)
	// Open fails with ErrSealed, or with the error of loading the keys.
	Open(sealed Sealed, item, field string) ([]byte, error)
	// Index returns a keyed one-way index of a value. Equal values of one purpose have
	// equal indexes, which reveal nothing else. It fails if the keys cannot be loaded.
	Index(purpose, value string) (string, error)
	// Indexes returns the index and then those that other keys of the purpose make:
	// stored indexes can be of any of them while a key is rotated.
	Indexes(purpose, value string) ([]string, error)
}

// Purposes whose keyed indexes have keys of their own (Sealer.Index).
const (
	// HolderPurpose is of the blind index of a holder's ID number. The index excludes the
	// ID type because the rule is about the number.
	HolderPurpose     = "holder"
	CheckPurpose      = "check"           // of a query to a provider
	CodePurpose       = "sms-code"        // of a code with its owner, step and number
	ActivationPurpose = "activation-code" // of an account and an issue
)

// Execution is the input of a session's execution in the workflow. It holds
// identifiers only, never personal data.
type Execution struct {
	SessionID string `json:"sessionId"`
	Method    Method `json:"method"`
	RequestID string `json:"requestId,omitempty"` // of the request that started the session
}

// ErrNotWaiting means that no execution waits with the token: it has moved on, or it is
// about to open the step again with another token.
var ErrNotWaiting = errors.New("no execution waits with the token")

// Workflow runs the steps of sessions in order. Each call is idempotent.
type Workflow interface {
	// Start begins the execution; its name is the session's ID.
	Start(ctx context.Context, e Execution) error
	// Passed lets the execution continue from the step that holds the token.
	// Errors: ErrNotWaiting.
	Passed(ctx context.Context, taskToken string) error
	// Ended ends an execution whose session closed while the step was open.
	// Errors: ErrNotWaiting.
	Ended(ctx context.Context, taskToken string, closed Status) error
}

// Store reads and writes every record. Each method is one call to the table unless
// its comment says otherwise.
type Store interface {
	// LoadAccount reads the account with the further records that the query names. An
	// unknown account has an empty ID.
	LoadAccount(ctx context.Context, q AccountQuery) (AccountView, error)
	// LatestSessions reads an account's latest sessions. It makes no call if there are
	// none.
	LatestSessions(ctx context.Context, latest map[Method]LatestSession) (map[Method]Session, error)
	// LoadEnterprise reads an enterprise; an unknown one has an empty USCC.
	LoadEnterprise(ctx context.Context, uscc string) (Enterprise, error)
	// LoadSession reads the account, the session, the open step and the further
	// records that the query names. A record that does not exist is zero.
	LoadSession(ctx context.Context, q SessionQuery) (SessionView, error)
	// LoadForFinish reads the session, the account and the account's enterprise in two
	// calls, or in three if the enterprise's code has changed.
	LoadForFinish(ctx context.Context, sessionID string) (SessionView, Enterprise, error)
	// ListSessions returns an account's sessions, the newest first. The next page
	// starts after the returned ID; "" after the last page.
	ListSessions(ctx context.Context, accountID string, limit int, after string) (
		sessions []Session, next string, err error,
	)
	// DueSessions returns the IDs of the sessions that are listed for Repair before the
	// instant (Session.LookAt), in one call per shard.
	DueSessions(ctx context.Context, before time.Time) ([]string, error)
	// LoadCardOwner reads which enterprise a card's certificate belongs to.
	LoadCardOwner(ctx context.Context, cardID string) (CardOwner, error)
	// Commit writes the change in one transaction. If another request changed an item
	// since it was read, Commit writes nothing and returns ErrStale.
	Commit(ctx context.Context, c Change) error
}

// AccountQuery names the records that LoadAccount reads.
type AccountQuery struct {
	AccountID   string
	Methods     []Method // the methods whose latest sessions are read too
	Day         string
	USCC        string    // the enterprise whose trail's head is read too
	Card        *CardKeys // the card records to read too
	Idempotency *Idempotency
}

// AccountView is an account and the records that limit its next session.
type AccountView struct {
	Account Account
	Latest  map[Method]LatestSession // without methods that have none
	Day     AccountDay
	Card    CardView
	Trail   *TrailHead
	Reply   *Reply
}

// SessionQuery names the records that LoadSession reads. A record whose key is empty
// is not read.
type SessionQuery struct {
	AccountID   string
	SessionID   string
	Day         string
	CodeStep    StepName // the step whose SMS code is read
	NumberIndex string   // the blind index of a mobile number
	USCC        string   // the enterprise whose trail's head is read
	Nonce       *Nonce   // the nonce whose earlier use is read
	Remark      bool     // whether to read the remark
	Checks      bool     // whether to read the checks that the enterprise USCC asked for on Day
	Card        *CardKeys
	Idempotency *Idempotency
}

// OpenStep is the record that the workflow writes when it opens a step.
type OpenStep struct {
	Step      StepName `json:"step"`
	TaskToken string   `json:"taskToken"`
}

// SessionView is a session and the further records that a request on it needs.
type SessionView struct {
	Account Account
	Session Session
	Open    *OpenStep
	Day     AccountDay
	// EnterpriseDay is of the enterprise that the query names.
	EnterpriseDay EnterpriseDay
	Number        NumberDay
	// Requests counts the requests of a password reset under one login name and number.
	Requests NumberDay
	Code     *SMSCode
	Card     CardView
	Trail    *TrailHead
	Nonce    *Nonce // the earlier use
	Remark   *Remark
	Reply    *Reply
}

// Nonce is a number that one sender may use once.
type Nonce struct {
	Sender    string    `json:"-"`
	Value     string    `json:"-"`
	Digest    string    `json:"digest"` // of the message that carried it
	ExpiresAt time.Time `json:"-"`
}

// Remark is a refusal that the user should see although it did not change the
// session.
type Remark struct {
	SessionID string    `json:"-"`
	ExpiresAt time.Time `json:"-"` // the session's
	LastError
}

// Idempotency identifies one request of one caller, so that a repeated request gets
// the first answer.
type Idempotency struct {
	Key         string // caller, route and key, hashed
	Fingerprint string // keyed hash of the body
}

// Reply is the answer to a request, stored for repeated requests.
type Reply struct {
	Key         string    `json:"-"`
	Fingerprint string    `json:"fingerprint"`
	Running     bool      `json:"running,omitempty"` // the request has no answer yet
	Status      int       `json:"status"`
	Body        []byte    `json:"body,omitempty"`
	Sealed      Sealed    `json:"sealed,omitempty"` // the body as it is stored
	Packed      bool      `json:"packed,omitempty"` // the sealed body is compressed
	ExpiresAt   time.Time `json:"-"`
	Version     int64     `json:"-"`
}

// Announcement is one event for the platform. It is delivered through the outbox.
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

// AuditEntry is one line of an enterprise's audit trail. The store numbers it and
// chains it to the previous entry.
type AuditEntry struct {
	ID        string      `json:"id"`
	Actor     string      `json:"actor,omitempty"` // the member of staff who acted; "" for the account itself
	At        time.Time   `json:"at"`
	USCC      string      `json:"uscc"`
	AccountID string      `json:"accountId"`
	SessionID string      `json:"sessionId,omitempty"`
	Action    AuditAction `json:"action"`
	Method    Method      `json:"method,omitempty"`
	Status    Status      `json:"status,omitempty"`
	// Code, Bank, RequestID, Result and Reason come from a bank's callback.
	Code      Code       `json:"code,omitempty"`
	Bank      string     `json:"bank,omitempty"`
	RequestID string     `json:"requestId,omitempty"`
	Result    BankResult `json:"result,omitempty"`
	Reason    BankReason `json:"reason,omitempty"`
	Aspect    AspectName `json:"aspect,omitempty"` // with AuditWithdrawn
	// Import describes the file with AuditAccountsImported.
	Import *ImportedFile `json:"import,omitempty"`
	// Subject is the changed account if it is not the acting one.
	Subject string `json:"subject,omitempty"`
	// Fields are the changed fields. The chain holds their names (Touched); their
	// values are stored outside it (AuditValues).
	Fields  []AuditField `json:"-"`
	Touched []string     `json:"fields,omitempty"`
}

// Late is an answer to a step that came too late: it is recorded but not applied.
type Late struct {
	SessionID string
	Attempt   Attempt
}
