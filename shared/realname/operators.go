package realname

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
)

// rosterTries bounds how often a change of the roster is tried again while other
// accounts of the enterprise change it too.
const rosterTries = 64

// OperatorDetails are what an administrator says of an operator (我的操作员).
type OperatorDetails struct {
	LoginName string // of a new one; it never changes
	Holder    Identity
	Mobile    string // may be empty
	Email     string // may be empty
	Active    bool   // false closes the account
}

func (o OperatorDetails) normalized(isNew bool, now time.Time) (OperatorDetails, error) {
	var f fieldErrors
	if isNew {
		o.LoginName = f.loginName("/loginName", o.LoginName)
	}
	o.Holder = f.identity("", o.Holder, now)
	if o.Mobile != "" {
		o.Mobile = f.mobile("/mobile", o.Mobile)
	}
	if o.Email != "" {
		o.Email = f.email("/email", o.Email)
	}
	return o, f.err()
}

// loginName: 3 to 64 letters and digits with . _ - @ among them.
func (f *fieldErrors) loginName(pointer, value string) string {
	value = strings.TrimSpace(value)
	if n := len([]rune(value)); n < 3 || n > 64 {
		f.add(pointer, "login_name", "length")
	}
	for _, r := range value {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("._-@", r) {
			f.add(pointer, "login_name", "alphabet")
			break
		}
	}
	return value
}

// office is what every use case of operators begins with: the administrator with
// the enterprise's roster.
type office struct {
	view       AccountView
	enterprise Enterprise
	roster     Roster
}

func (a *Accounts) office(ctx context.Context, c Caller, idem *Idempotency) (office, error) {
	view, err := a.Store.LoadAccount(ctx, AccountQuery{AccountID: c.AccountID, USCC: c.USCC, Idempotency: idem})
	if err != nil {
		return office{}, err
	}
	if err := Admit(c, view.Account); err != nil {
		return office{}, err
	}
	if err := mayManage(view.Account); err != nil {
		return office{}, err
	}
	e, roster, err := a.Directory.LoadRoster(ctx, view.Account.USCC)
	return office{view, e, roster}, err
}

// Operators lists the enterprise's operators in the order in which they were
// added. next is the cursor of the following page, empty on the last.
// Errors: CodeTokenRevoked, CodeForbidden, CodeInvalidRequest for a cursor that is
// none.
func (a *Accounts) Operators(ctx context.Context, c Caller, limit int, after string) (page []Account, next string, err error) {
	o, err := a.office(ctx, c, nil)
	if err != nil {
		return nil, "", err
	}
	ids := o.roster.Operators()
	if after != "" {
		at := slices.Index(ids, after)
		if at < 0 {
			return nil, "", &Error{Code: CodeInvalidRequest, Fields: []FieldError{{Pointer: "/cursor", Kind: "query", Rule: "format"}}}
		}
		ids = ids[at+1:]
	}
	if len(ids) > limit {
		ids, next = ids[:limit], ids[limit-1]
	}
	if len(ids) > 0 {
		page, err = a.Directory.LoadAccounts(ctx, ids)
	}
	return page, next, err
}

// AddOperatorRequest adds an operator.
type AddOperatorRequest struct {
	Caller      Caller
	Details     OperatorDetails
	Idempotency *Idempotency
	// Render makes the answer that is kept for a repetition; it holds no secret.
	Render func(Account) Reply
}

// AddOperator adds an operator, who chooses a password with an activation code.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeForbidden,
// CodeLoginNameTaken, CodeHolderTaken, CodeKeyReused, CodeConflict.
func (a *Accounts) AddOperator(ctx context.Context, r AddOperatorRequest) (Reply, error) {
	details, err := r.Details.normalized(true, a.Now())
	if err != nil {
		return Reply{}, err
	}
	if err := a.Sealer.Ready(); err != nil {
		return Reply{}, err
	}
	for range rosterTries {
		o, err := a.office(ctx, r.Caller, r.Idempotency)
		if err != nil {
			return Reply{}, err
		}
		if o.view.Reply != nil {
			return replay(o.view.Reply, r.Idempotency)
		}
		taken, err := a.Directory.FindLogin(ctx, details.LoginName)
		if err != nil {
			return Reply{}, err
		}
		if taken.ID != "" {
			return Reply{}, &Error{Code: CodeLoginNameTaken, Fields: []FieldError{{Pointer: "/loginName", Kind: "login_name", Rule: "taken"}}}
		}
		c, err := a.newOperator(o, details)
		if err != nil {
			return Reply{}, err
		}
		added := *c.Account
		added.Version++ // as it is stored
		reply := r.Render(added)
		c.Reply = a.keep(reply, r.Idempotency)
		if err := a.Store.Commit(ctx, c); !errors.Is(err, ErrStale) {
			return reply, err
		}
	}
	return Reply{}, &Error{Code: CodeConflict}
}

func (a *Accounts) newOperator(o office, details OperatorDetails) (Change, error) {
	now := a.Now()
	account := Account{
		ID: a.NewID(), LoginName: details.LoginName, Role: RoleOperator, Origin: o.view.Account.Origin,
		USCC: o.view.Account.USCC, Region: o.view.Account.Region, CreatedAt: now,
	}
	account.Activation, _ = NewActivation(a.Sealer, a.SecretHash, account.ID, nil, now, OperatorCodeLife)
	entry := AuditEntry{ID: a.NewID(), At: now, USCC: account.USCC, AccountID: o.view.Account.ID, Action: AuditOperatorAdded, Subject: account.ID}
	note := func(field, before, after string) {
		entry.Fields = append(entry.Fields, AuditField{Field: field, Before: before, After: after})
	}
	if _, err := a.setHolder(&account, &o.roster, details.Holder, note); err != nil {
		return Change{}, err
	}
	if err := a.setContacts(&account, details, note); err != nil {
		return Change{}, err
	}
	return Change{Account: &account, NewLogin: &account, Roster: &o.roster, Audit: []AuditEntry{entry}, Trail: o.view.Trail}, nil
}
