package accounts

import (
	"context"

	"realname/shared/mask"
	"realname/shared/realname"
)

// ChangePassword changes the login password (登录密码).
// Errors: those of change; CodeInvalidRequest with fields.
func (a *Accounts) ChangePassword(ctx context.Context, r ChangeRequest, to string) (Changed, error) {
	return a.change(ctx, r, realname.AuditPasswordChanged, func(ctx context.Context, d *draft) error {
		if to == *r.CurrentPassword {
			return invalid("/newPassword", "password", "unchanged")
		}
		hash, err := a.newPassword(ctx, d.account.LoginName, to)
		if err != nil {
			return err
		}
		d.account.PasswordHash, d.account.Devices = hash, nil
		d.note("password", "", "")
		return nil
	})
}

// newPassword checks the strength of a new password and returns its hash.
// Errors: CodeInvalidRequest with /newPassword; those of Strength.
func (a *Accounts) newPassword(ctx context.Context, loginName, password string) (string, error) {
	rule, err := a.Strength(ctx, password, []string{loginName})
	if err != nil {
		return "", err
	}
	if rule != "" {
		return "", invalid("/newPassword", "password", rule)
	}
	return a.Credentials.Hash(password)
}

// ChangeMobile binds another mobile number (绑定手机). The user proves it with a code
// sent to that number.
// Errors: those of change; CodeInvalidRequest with fields, CodeSMSCodeWrong,
// CodeSMSCodeExpired.
func (a *Accounts) ChangeMobile(ctx context.Context, r ChangeRequest, mobile, smsCode string) (Changed, error) {
	var f realname.Fields
	mobile = f.Mobile("/mobile", mobile)
	smsCode = f.SMSCode("/smsCode", smsCode)
	if err := f.Err(); err != nil {
		return Changed{}, err
	}
	return a.change(ctx, r, realname.AuditMobileChanged, func(ctx context.Context, d *draft) error {
		q, err := a.mobileCodeQuery(d.account.ID, mobile, d.now)
		if err != nil {
			return err
		}
		view, err := a.Directory.LoadCode(ctx, q)
		if err != nil {
			return err
		}
		if err := a.Sessions.Codes().Guess(ctx, view.Code, q.NumberIndex, mobile, smsCode); err != nil {
			return err
		}
		d.change.Add(realname.DropCode(*view.Code))
		return a.bindMobile(d, mobile)
	})
}

func (a *Accounts) bindMobile(d *draft, mobile string) error {
	is, err := a.openText(d.account, d.account.Mobile, realname.FieldMobile)
	if err != nil {
		return err
	}
	if is == mobile {
		return nil
	}
	d.note("mobile", mask.Mobile(is), mask.Mobile(mobile))
	d.account.Mobile, err = a.Sealer.Seal([]byte(mobile), realname.AccountItem(d.account.ID), realname.FieldMobile)
	return err
}
