package accountimport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"realname/shared/accountfile"
	"realname/shared/accounts"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// write brings a batch into the table: one read, one transaction. After a
// throttle, a lost answer or another writer it reads and judges again, so that
// nothing is written twice.
func (im *Importer) write(ctx context.Context, batch []accountfile.Account, total *tally) error {
	hashes := map[int]string{}
	for tries := 1; ; tries++ {
		// A batch under way is finished: the transaction is what an interruption
		// must not tear, and the next one is not begun.
		if err := ctx.Err(); err != nil {
			return err
		}
		plan, err := im.plan(ctx, batch, hashes)
		if err == nil && len(plan.change.And) > 0 && !im.DryRun {
			err = im.Store.Commit(context.WithoutCancel(ctx), plan.change)
		}
		switch {
		case err == nil:
			total.done(len(plan.change.And), plan.present, plan.codes, plan.faults)
			return nil
		case errors.Is(err, realname.ErrStale), errors.Is(err, table.ErrThrottled), errors.Is(err, table.ErrUnavailable):
			if err := im.Pause(ctx, tries, err); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// plan is what a batch comes to.
type plan struct {
	change  realname.Change
	present int
	codes   []Code
	faults  []accountfile.Fault
}

func (im *Importer) plan(ctx context.Context, batch []accountfile.Account, hashes map[int]string) (plan, error) {
	var p plan
	logins, ids, prints, codes := make([]string, len(batch)), make([]string, len(batch)), make([]string, len(batch)), []string(nil)
	seen := map[string]bool{}
	for i, a := range batch {
		logins[i] = a.LoginName
		var err error
		if ids[i], prints[i], err = im.identify(a); err != nil {
			return p, err
		}
		if !seen[a.USCC] {
			seen[a.USCC] = true
			codes = append(codes, a.USCC)
		}
	}
	view, err := im.Store.LoadImport(ctx, logins, ids, codes)
	if err != nil {
		return p, err
	}
	last := map[string]int{} // the change that holds an enterprise's roster
	for n, a := range batch {
		id, fingerprint := ids[n], prints[n]
		if is, taken := view.Logins[store.LoginKey(a.LoginName)]; taken {
			if is.AccountID != id || is.Import != fingerprint {
				p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "loginName", Rule: "taken"})
				continue
			}
			p.present++
			p.code(im.Sealer, a, id)
			continue
		}
		if view.Accounts[id] { // without a login name: its holder was erased, and does not come back by running the file again
			p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "loginName", Rule: "erased"})
			continue
		}
		member := realname.Member{AccountID: id, Holder: im.Sealer.Index(realname.HolderPurpose, a.Administrator.IDNumber)}
		roster, err := view.Rosters[a.USCC].Put(member)
		if err != nil {
			p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "adminIdNumber", Rule: "taken"})
			continue
		}
		c, err := im.change(a, id, fingerprint, hashes)
		if err != nil {
			return p, err
		}
		enterprise, known := view.Enterprises[a.USCC]
		if !known {
			enterprise = *c.Enterprise
		}
		enterprise = enterprise.WithAdministrator(*c.Account)
		if i, ok := last[a.USCC]; ok {
			p.change.And[i].Enterprise, p.change.And[i].Roster = nil, nil // one item once in a transaction
		}
		view.Enterprises[a.USCC], view.Rosters[a.USCC] = enterprise, roster
		c.Enterprise, c.Roster = &enterprise, &roster
		last[a.USCC] = len(p.change.And)
		p.change.And = append(p.change.And, c)
		p.code(im.Sealer, a, id)
	}
	return p, nil
}

// code notes the activation code of a row without a password.
func (p *plan) code(seal realname.Sealer, a accountfile.Account, id string) {
	if a.Password == "" {
		p.codes = append(p.codes, Code{a.Line, a.LoginName, accounts.ActivationCode(seal, id, 1)})
	}
}

// identify derives a row's account ID from its login name and its fingerprint
// from all that it says, both with the vault's key, so that another run of the
// same file knows what it has done.
func (im *Importer) identify(a accountfile.Account) (id, fingerprint string, err error) {
	h := im.Sealer.Index("import-account", store.LoginKey(a.LoginName))
	id = strings.Join([]string{h[:8], h[8:12], "8" + h[13:16], "a" + h[17:20], h[20:32]}, "-") // UUIDv8, RFC 9562, 5.8
	a.Line = 0                                                                                 // where the row stands says nothing of it
	said, err := json.Marshal(a)
	if err != nil {
		return "", "", fmt.Errorf("line %d: %w", a.Line, err)
	}
	return id, im.Sealer.Index("import-row", string(said)), nil
}

// change is what one row writes. A password is hashed once, however often the
// batch is tried.
func (im *Importer) change(a accountfile.Account, id, fingerprint string, hashes map[int]string) (realname.Change, error) {
	now := im.Now()
	account := realname.Account{
		ID: id, LoginName: a.LoginName, Origin: a.Origin, USCC: a.USCC, Region: a.Region, CreatedAt: now, Import: fingerprint,
	}
	enterprise := realname.Enterprise{USCC: a.USCC, Name: a.EnterpriseName, OrgCode: a.OrgCode, Address: a.Address}
	if im.DryRun {
		return realname.Change{Account: &account, Enterprise: &enterprise}, nil
	}
	var err error
	if a.Password == "" {
		account.Activation, _ = accounts.NewActivation(im.Sealer, im.CodeHash, id, nil, now, im.CodeLife)
	} else if account.PasswordHash = hashes[a.Line]; account.PasswordHash == "" {
		if account.PasswordHash, err = im.Hash(a.Password); err != nil {
			return realname.Change{}, err
		}
		hashes[a.Line] = account.PasswordHash
	}
	if account.Administrator, err = realname.SealPerson(im.Sealer, a.Administrator, realname.AccountItem(id), realname.FieldAdministrator); err != nil {
		return realname.Change{}, err
	}
	if account.Mobile, err = im.seal(a.Mobile, id, realname.FieldMobile); err != nil {
		return realname.Change{}, err
	}
	if account.Email, err = im.seal(a.Email, id, realname.FieldEmail); err != nil {
		return realname.Change{}, err
	}
	if a.LegalRepresentative.Name != "" {
		enterprise.LegalRepresentative, err = realname.SealPerson(im.Sealer, a.LegalRepresentative, realname.EnterpriseItem(a.USCC), realname.FieldLegalRepresentative)
	}
	return realname.Change{Account: &account, NewLogin: &account, Enterprise: &enterprise}, err
}

func (im *Importer) seal(text, id, field string) (realname.Sealed, error) {
	if text == "" {
		return "", nil
	}
	return im.Sealer.Seal([]byte(text), realname.AccountItem(id), field)
}
