// Package wiring makes the ports of a deployed function. It reads the function's
// configuration from its environment, checks it at the cold start, and connects the
// ports to AWS. The first use makes a client or loads a key.
package wiring

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/table"
)

// Config is the configuration of a function from its environment. docs/settings.md
// describes the source of each variable.
type Config struct {
	Stage           string        // REALNAME_STAGE, the tokens' audience
	Issuer          string        // REALNAME_ISSUER, the tokens' issuer
	Table           string        // REALNAME_TABLE
	TableIndexes    table.Indexes // REALNAME_TABLE_INDEXES
	StateMachineARN string        // REALNAME_STATE_MACHINE_ARN: those of the methods begin with it
	VaultSecretARN  string        // REALNAME_VAULT_SECRET_ARN: the wrapped keysets
	TokenKeyARN     string        // REALNAME_TOKEN_KEY_ARN: the KMS keys of persons' tokens, separated by commas
	// MachineTokenKeyARN is REALNAME_MACHINE_TOKEN_KEY_ARN: those of machine clients' tokens.
	MachineTokenKeyARN string
	// OriginSecretARN is REALNAME_ORIGIN_SECRET_ARN: what CloudFront sends with each request. If
	// it is empty, requests may come from anywhere.
	OriginSecretARN string
	PublicURL       string        // REALNAME_PUBLIC_URL: the address for browsers and banks, without a path
	BankResultPage  string        // REALNAME_BANK_RESULT_PAGE: the page that shows a session's result
	ControlDownload string        // REALNAME_CONTROL_DOWNLOAD: where users get the E-Port client control
	TokenTTL        time.Duration // of a machine's token, and of a person's sign-in
	IdleTimeout     time.Duration // after which a person's sign-in ends without a request
	RepairAfter     time.Duration
	SourcePerMinute int // requests of one address on one public route
	Limits          realname.Limits
	Lockout         auth.Lockout
	Mail            Mail
	Providers       Providers
	Recipients      realname.Recipients
	Outbox          Outbox
}

// Load reads and checks the configuration. Its error names every missing or invalid
// variable.
func Load(getenv func(string) string) (Config, error) {
	r := reader{getenv: getenv}
	limits, lockout := realname.DefaultLimits(), auth.DefaultLockout()
	c := Config{
		Stage:              r.text("REALNAME_STAGE"),
		Issuer:             r.text("REALNAME_ISSUER"),
		Table:              r.text("REALNAME_TABLE"),
		TableIndexes:       r.indexes("REALNAME_TABLE_INDEXES"),
		StateMachineARN:    getenv("REALNAME_STATE_MACHINE_ARN"),
		VaultSecretARN:     getenv("REALNAME_VAULT_SECRET_ARN"),
		TokenKeyARN:        getenv("REALNAME_TOKEN_KEY_ARN"),
		MachineTokenKeyARN: getenv("REALNAME_MACHINE_TOKEN_KEY_ARN"),
		OriginSecretARN:    getenv("REALNAME_ORIGIN_SECRET_ARN"),
		PublicURL:          r.site("REALNAME_PUBLIC_URL"),
		BankResultPage:     r.page("REALNAME_BANK_RESULT_PAGE", "/bank-result"),
		ControlDownload:    r.link("REALNAME_CONTROL_DOWNLOAD"),
		TokenTTL:           r.duration("REALNAME_TOKEN_TTL", 2*time.Hour),
		IdleTimeout:        r.duration("REALNAME_IDLE_TIMEOUT", 30*time.Minute),
		RepairAfter:        r.duration("REALNAME_REPAIR_AFTER", 30*time.Second),
		SourcePerMinute:    r.count("REALNAME_SOURCE_PER_MINUTE", 300),
		Lockout: auth.Lockout{
			Tries: r.count("REALNAME_LOGIN_TRIES", lockout.Tries),
			For:   r.duration("REALNAME_LOGIN_LOCK", lockout.For),
		},
		Limits: realname.Limits{
			TriesPerStep:           r.count("REALNAME_TRIES_PER_STEP", limits.TriesPerStep),
			FailedTriesPerDay:      r.count("REALNAME_FAILED_TRIES_PER_DAY", limits.FailedTriesPerDay),
			SessionsPerDay:         r.count("REALNAME_SESSIONS_PER_DAY", limits.SessionsPerDay),
			StepTimeout:            r.duration("REALNAME_STEP_TIMEOUT", limits.StepTimeout),
			SessionTimeout:         r.duration("REALNAME_SESSION_TIMEOUT", limits.SessionTimeout),
			ChecksPerDay:           r.count("REALNAME_CHECKS_PER_DAY", limits.ChecksPerDay),
			EnterpriseChecksPerDay: r.count("REALNAME_ENTERPRISE_CHECKS_PER_DAY", limits.EnterpriseChecksPerDay),
			CardChallengesPerDay:   r.count("REALNAME_CARD_CHALLENGES_PER_DAY", limits.CardChallengesPerDay),
			SMSInterval:            r.duration("REALNAME_SMS_INTERVAL", limits.SMSInterval),
			SMSPerNumberPerDay:     r.count("REALNAME_SMS_PER_NUMBER_PER_DAY", limits.SMSPerNumberPerDay),
			SMSPerAccountPerDay:    r.count("REALNAME_SMS_PER_ACCOUNT_PER_DAY", limits.SMSPerAccountPerDay),
			SMSCodeLife:            r.duration("REALNAME_SMS_CODE_LIFE", limits.SMSCodeLife),
			SMSCodeTries:           r.count("REALNAME_SMS_CODE_TRIES", limits.SMSCodeTries),
			CheckReuse:             r.duration("REALNAME_CHECK_REUSE", limits.CheckReuse),
			Retention:              r.duration("REALNAME_RETENTION", limits.Retention),
			ErasureAnswer:          r.duration("REALNAME_ERASURE_ANSWER", limits.ErasureAnswer),
			ErasureRequestsPerDay:  r.count("REALNAME_ERASURE_REQUESTS_PER_DAY", limits.ErasureRequestsPerDay),
		},
	}
	c.Providers, c.Mail, c.Outbox = r.providers(), r.mail(), r.outbox()
	c.Recipients = r.recipients(c.Providers)
	return c, r.err
}

// FromEnv is Load over the process's environment.
func FromEnv() (Config, error) { return Load(os.Getenv) }

type reader struct {
	getenv func(string) string
	err    error
}

func (r *reader) text(name string) string {
	v := r.getenv(name)
	if v == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s is not set", name))
	}
	return v
}

func (r *reader) indexes(name string) table.Indexes {
	indexes, err := table.ParseIndexes(r.getenv(name))
	if err != nil {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %w", name, err))
	}
	return indexes
}

func (r *reader) duration(name string, otherwise time.Duration) time.Duration {
	v := r.getenv(name)
	if v == "" {
		return otherwise
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want a positive duration such as 30s or 24h, got %q", name, v))
	}
	return d
}

func (r *reader) count(name string, otherwise int) int {
	v := r.getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want a positive integer, got %q", name, v))
	}
	return n
}
