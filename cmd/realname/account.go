package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"realname/shared/accounts"
	"realname/shared/auth"
	"realname/shared/mask"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
)

// accountCommands are the commands for one account. All but show are for administrators'
// accounts: an operator's administrator does the same on the page.
type accountCommands struct {
	Show    accountShow    `cmd:"" help:"Show an account: how its user signs in, and whether it is open."`
	Code    accountCode    `cmd:"" help:"Issue another activation code. The password becomes invalid."`
	Mobile  accountMobile  `cmd:"" help:"Bind another mobile number, read from the standard input."`
	Disable accountDisable `cmd:"" help:"Close an account and withdraw its verification."`
	Enable  accountEnable  `cmd:"" help:"Open a closed account. Its holder has to verify again."`
}

// accountChange names the account and the reason of a change.
type accountChange struct {
	connection
	output
	LoginName string `arg:"" help:"The account's login name."`
	Reason    string `required:"" placeholder:"TEXT" help:"Why, for the audit trail: the ticket or letter, for example."`
}

// Validate refuses a reason without content.
func (c *accountChange) Validate() error {
	if strings.TrimSpace(c.Reason) == "" || len([]rune(c.Reason)) > 200 {
		return errors.New("--reason: want 1 to 200 characters")
	}
	return nil
}

// support prepares a change by a member of staff.
func (c *accountChange) support(ctx context.Context) (*accounts.Support, error) {
	s, err := c.open(ctx)
	if err != nil {
		return nil, err
	}
	ports := s.ports()
	return &accounts.Support{Accounts: &accounts.Accounts{
		Ports: ports, Directory: s.Store, SecretHash: auth.SecretHash,
		Sessions: &verification.Verification{Ports: ports, Workflow: left{}},
	}}, nil
}

// explain says why a change was refused.
func (c *accountChange) explain(err error) error {
	switch realname.CodeOf(err) {
	case realname.CodeNotFound:
		return fmt.Errorf("there is no open account with the login name %q", c.LoginName)
	case realname.CodeForbidden:
		return fmt.Errorf("%q is an operator: an administrator of its enterprise does this on the page", c.LoginName)
	case realname.CodeHolderTaken:
		return fmt.Errorf("%q: another open account of the enterprise has the same ID document", c.LoginName)
	case realname.CodeInvalidRequest:
		return errors.New("mobile number: want 11 digits, such as 13800000000")
	}
	return err
}

// done reports a change.
func (c *accountChange) done(value map[string]any, sentence string, args ...any) error {
	value["loginName"] = c.LoginName
	return c.print(os.Stdout, value, func(w io.Writer) { say(w, sentence, args...) })
}

type accountCode struct{ accountChange }

// Run issues the code.
func (c *accountCode) Run(ctx context.Context) error {
	s, err := c.support(ctx)
	if err != nil {
		return err
	}
	code, expires, err := s.RenewCode(ctx, c.LoginName, c.Reason)
	if err != nil {
		return c.explain(err)
	}
	return c.done(map[string]any{"code": code, "expiresAt": expires},
		"Activation code of %s, until %s: %s. The password is invalid. Give the code to the user only.",
		c.LoginName, moment(expires), code)
}

type accountMobile struct{ accountChange }

// Run binds the number. It is not an argument, because the shell would store it.
func (c *accountMobile) Run(ctx context.Context) error {
	s, err := c.support(ctx)
	if err != nil {
		return err
	}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		fmt.Fprint(os.Stderr, "New mobile number: ")
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	number := strings.TrimSpace(line)
	if err := s.BindMobile(ctx, c.LoginName, c.Reason, number); err != nil {
		return c.explain(err)
	}
	return c.done(map[string]any{"mobile": mask.Mobile(number)}, "%s has the mobile number %s.", c.LoginName,
		mask.Mobile(number))
}

type accountDisable struct{ accountChange }

// Run closes the account.
func (c *accountDisable) Run(ctx context.Context) error {
	s, err := c.support(ctx)
	if err != nil {
		return err
	}
	if err := s.Disable(ctx, c.LoginName, c.Reason); err != nil {
		return c.explain(err)
	}
	return c.done(map[string]any{"active": false}, "%s is closed. realname account enable opens it again.", c.LoginName)
}

type accountEnable struct{ accountChange }

// Run opens the account.
func (c *accountEnable) Run(ctx context.Context) error {
	s, err := c.support(ctx)
	if err != nil {
		return err
	}
	if err := s.Enable(ctx, c.LoginName, c.Reason); err != nil {
		return c.explain(err)
	}
	return c.done(map[string]any{"active": true}, "%s is open. Its holder has to verify again.", c.LoginName)
}

type accountShow struct {
	connection
	output
	LoginName string `arg:"" help:"The account's login name."`
}

// shownAccount is what staff see of an account, with personal data masked.
type shownAccount struct {
	LoginName      string    `json:"loginName"`
	ID             string    `json:"id"`
	USCC           string    `json:"uscc"`
	Role           string    `json:"role"`
	Origin         string    `json:"origin"`
	Holder         string    `json:"holder"`
	Mobile         string    `json:"mobile"`
	Email          string    `json:"email"`
	Password       bool      `json:"password"`               // false until the user activates the account
	CodeExpiresAt  time.Time `json:"codeExpiresAt,omitzero"` // of the activation code
	WrongPasswords int       `json:"wrongPasswords"`
	LastWrong      time.Time `json:"lastWrongPassword,omitzero"`
	CreatedAt      time.Time `json:"createdAt"`
	ClosedAt       time.Time `json:"closedAt,omitzero"`
}

// Run shows the account.
func (c *accountShow) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	login, err := s.Store.LoadLogin(ctx, c.LoginName)
	if err != nil {
		return err
	}
	if login.Account.ID == "" {
		return fmt.Errorf("there is no account with the login name %q", c.LoginName)
	}
	shown, err := s.shown(login)
	if err != nil {
		return err
	}
	return c.print(os.Stdout, shown, func(w io.Writer) { shown.write(w, s.Now()) })
}

func (s service) shown(login store.LoginView) (shownAccount, error) {
	a := login.Account
	role := a.Role
	if role == "" {
		role = realname.RoleAdministrator
	}
	v := shownAccount{
		LoginName: a.LoginName, ID: a.ID, USCC: a.USCC, Role: string(role), Origin: string(a.Origin),
		Password: a.PasswordHash != "", WrongPasswords: login.Failures.Count, LastWrong: login.Failures.Last,
		CreatedAt: a.CreatedAt, ClosedAt: a.Disabled,
	}
	if a.Activation != nil {
		v.CodeExpiresAt = a.Activation.ExpiresAt
	}
	for _, f := range []struct {
		to     *string
		sealed realname.Sealed
		field  string
		mask   func(string) string
	}{
		{&v.Mobile, a.Mobile, realname.FieldMobile, mask.Mobile}, {&v.Email, a.Email, realname.FieldEmail, mask.Email},
	} {
		if f.sealed == "" {
			continue
		}
		plain, err := s.Sealer.Open(f.sealed, realname.AccountItem(a.ID), f.field)
		if err != nil {
			return v, err
		}
		*f.to = f.mask(string(plain))
	}
	var err error
	v.Holder, err = s.holderOf(a)
	return v, err
}

// holderOf returns the masked name of an account's holder, "" without one.
func (s service) holderOf(a realname.Account) (string, error) {
	if a.Administrator == "" {
		return "", nil
	}
	is, err := realname.OpenIdentity(s.Sealer, a.Administrator, realname.AccountItem(a.ID), realname.FieldAdministrator)
	return mask.Name(is.Name), err
}

func (v shownAccount) write(w io.Writer, now time.Time) {
	state := "open since " + moment(v.CreatedAt)
	if !v.ClosedAt.IsZero() {
		state = "closed since " + moment(v.ClosedAt)
	}
	say(w, "%s (%s of %s, %s), %s", v.LoginName, v.Role, v.USCC, v.ID, state)
	say(w, "  holder: %s, mobile %s, e-mail %s", orNothing(v.Holder), orNothing(v.Mobile), orNothing(v.Email))
	switch {
	case v.Password:
		say(w, "  signs in with a password")
	case v.CodeExpiresAt.IsZero():
		say(w, "  has neither password nor activation code")
	case now.Before(v.CodeExpiresAt):
		say(w, "  never activated: the activation code is valid until %s", moment(v.CodeExpiresAt))
	default:
		say(w, "  never activated: the activation code expired %s; realname account code issues another",
			moment(v.CodeExpiresAt))
	}
	if v.WrongPasswords > 0 {
		say(w, "  %d wrong passwords, the last one %s; realname unlock resets them", v.WrongPasswords, moment(v.LastWrong))
	}
}
