package accounts

import (
	"context"
	"errors"
	"slices"
	"time"

	"realname/shared/realname"
)

// rosterTries limits how often a change of the roster is tried again if other changes of
// the enterprise's accounts come first.
const rosterTries = 64

// OperatorDetails are the fields that an administrator enters for an operator
// (我的操作员).
type OperatorDetails struct {
	LoginName string // only of a new operator; it never changes
	Holder    realname.Identity
	Mobile    string // may be empty
	Email     string // may be empty
	Active    bool   // false closes the account
}

func (o OperatorDetails) normalized(isNew bool, now time.Time) (OperatorDetails, error) {
	var f realname.Fields
	if isNew {
		o.LoginName = f.LoginName("/loginName", o.LoginName)
	}
	o.Holder = f.Identity("", o.Holder, now)
	if o.Mobile != "" {
		o.Mobile = f.Mobile("/mobile", o.Mobile)
	}
	if o.Email != "" {
		o.Email = f.Email("/email", o.Email)
	}
	return o, f.Err()
}

// office holds the records that every use case of operators reads first: the
// administrator, the enterprise and its roster.
type office struct {
	view       realname.AccountView
	enterprise realname.Enterprise
	roster     realname.Roster
}

func (a *Accounts) office(ctx context.Context, c realname.Caller, idem *realname.Idempotency) (office, error) {
	view, err := a.Store.LoadAccount(ctx, realname.AccountQuery{
		AccountID: c.AccountID, Day: realname.Day(a.Now()), USCC: c.USCC, Idempotency: idem,
	})
	if err != nil {
		return office{}, err
	}
	if err := realname.Admit(c, view.Account); err != nil {
		return office{}, err
	}
	if err := mayManage(view.Account); err != nil {
		return office{}, err
	}
	e, roster, err := a.Directory.LoadRoster(ctx, view.Account.USCC)
	if err != nil {
		return office{}, err
	}
	return office{view, e, roster}, realname.AdmitTo(e, view.Account)
}

// Operator is an operator's account and the state of its holder aspect.
type Operator struct {
	Account realname.Account
	Holder  realname.State
}

func operatorOf(a realname.Account, e realname.Enterprise) Operator {
	return Operator{Account: a, Holder: e.HolderState(a)}
}

// Operators lists the enterprise's operators in the order in which they were added.
// next is the cursor of the next page, empty on the last page.
// Errors: CodeTokenRevoked, CodeForbidden, CodeInvalidRequest for an invalid cursor.
func (a *Accounts) Operators(
	ctx context.Context, c realname.Caller, limit int, after string,
) (page []Operator, next string, err error) {
	o, err := a.office(ctx, c, nil)
	if err != nil {
		return nil, "", err
	}
	ids := o.roster.Operators()
	if after != "" {
		at := slices.Index(ids, after)
		if at < 0 {
			return nil, "", invalid("/cursor", "query", "format")
		}
		ids = ids[at+1:]
	}
	if len(ids) > limit {
		ids, next = ids[:limit], ids[limit-1]
	}
	if len(ids) == 0 {
		return nil, "", nil
	}
	all, err := a.Directory.LoadAccounts(ctx, ids)
	for _, account := range all {
		page = append(page, operatorOf(account, o.enterprise))
	}
	return page, next, err
}

// AddOperatorRequest asks for a new operator.
type AddOperatorRequest struct {
	Caller      realname.Caller
	Details     OperatorDetails
	Idempotency *realname.Idempotency
	// Render returns the answer, which is stored for repeated requests. It must not
	// contain a secret.
	Render func(Operator) realname.Reply
}

// AddOperator adds an operator, who sets a password with an activation code.
//
// A taken login name tells that an account exists, so each such refusal counts among
// the account's failed attempts of the day. It comes after the check of the holder:
// otherwise a request with one's own ID number, which never adds anything, would
// tell which names exist.
// Errors: CodeInvalidRequest with fields, CodeTokenRevoked, CodeForbidden,
// CodeLoginNameTaken, CodeHolderTaken, CodeAttemptsExhausted, CodeKeyReused,
// CodeConflict.
func (a *Accounts) AddOperator(ctx context.Context, r AddOperatorRequest) (realname.Reply, error) {
	details, err := r.Details.normalized(true, a.Now())
	if err != nil {
		return realname.Reply{}, err
	}
	for range rosterTries {
		o, err := a.office(ctx, r.Caller, r.Idempotency)
		if err != nil {
			return realname.Reply{}, err
		}
		if o.view.Reply != nil {
			return a.Replay(o.view.Reply, r.Idempotency)
		}
		if o.view.Day.FailedTries >= a.Limits.FailedTriesPerDay {
			return realname.Reply{}, &realname.Error{
				Code: realname.CodeAttemptsExhausted, RetryAfter: realname.UntilTomorrow(a.Now()),
			}
		}
		added, c, err := a.newOperator(o, details)
		if err != nil {
			return realname.Reply{}, err
		}
		taken, err := a.Directory.FindLogin(ctx, details.LoginName)
		if err != nil {
			return realname.Reply{}, err
		}
		if taken.ID != "" {
			err := a.refuseLogin(ctx, o)
			if errors.Is(err, realname.ErrStale) { // count it on the day as it is now
				continue
			}
			return realname.Reply{}, err
		}
		added.Version++ // the version that the commit stores
		reply := r.Render(operatorOf(added, o.enterprise))
		kept, err := a.Keep(reply, r.Idempotency)
		if err != nil {
			return realname.Reply{}, err
		}
		c.Add(realname.Optional(kept))
		if err := a.Store.Commit(ctx, c); !errors.Is(err, realname.ErrStale) {
			return reply, err
		}
	}
	return realname.Reply{}, &realname.Error{Code: realname.CodeConflict}
}

// refuseLogin counts the attempt and returns that the login name is taken.
// Errors: CodeLoginNameTaken, ErrStale.
func (a *Accounts) refuseLogin(ctx context.Context, o office) error {
	day := o.view.Day
	day.FailedTries++
	if err := a.Store.Commit(ctx, realname.Writing(day.Counted(o.view.Account.ID, a.NewID()))); err != nil {
		return err
	}
	name := realname.FieldError{Pointer: "/loginName", Kind: "login_name", Rule: "taken"}
	return &realname.Error{Code: realname.CodeLoginNameTaken, Fields: []realname.FieldError{name}}
}

func (a *Accounts) newOperator(
	o office, details OperatorDetails,
) (account realname.Account, c realname.Change, err error) {
	now := a.Now()
	account = realname.Account{
		ID: a.NewID(), LoginName: details.LoginName, Role: realname.RoleOperator, Origin: o.view.Account.Origin,
		USCC: o.view.Account.USCC, Region: o.view.Account.Region, CreatedAt: now,
	}
	account.Activation, err = NewActivation(a.Sealer, a.SecretHash, account.ID, nil, now, OperatorCodeLife)
	if err != nil {
		return account, c, err
	}
	entry := realname.AuditEntry{
		ID: a.NewID(), At: now, USCC: account.USCC, AccountID: o.view.Account.ID,
		Action: realname.AuditOperatorAdded, Subject: account.ID,
	}
	note := func(field, before, after string) {
		entry.Fields = append(entry.Fields, realname.AuditField{Field: field, Before: before, After: after})
	}
	if _, err := a.setHolder(&account, &o.roster, details.Holder, note); err != nil {
		return account, c, err
	}
	if err := a.setContacts(&account, details, note); err != nil {
		return account, c, err
	}
	c = realname.Writing(account, realname.NewLogin{Account: account}, o.roster)
	c.Audit, c.Trail = []realname.AuditEntry{entry}, o.view.Trail
	return account, c, nil
}
