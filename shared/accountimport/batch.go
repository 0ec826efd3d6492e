package accountimport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"realname/shared/accountfile"
	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

// write stores a batch in the table with one read and one transaction. After a
// throttled request, a lost answer or a concurrent write, it reads and decides again,
// so that no row is written twice.
func (im *Importer) write(ctx context.Context, batch []accountfile.Account, total *tally) error {
	hashes := map[int]string{}
	for tries := 1; ; tries++ {
		// An interruption does not stop a running transaction, but it prevents the next
		// one.
		if err := ctx.Err(); err != nil {
			return err
		}
		plan, err := im.plan(ctx, batch, hashes)
		if err == nil && len(plan.accounts) > 0 && !im.DryRun {
			change := im.change(plan)
			if plan.mostItems(change) > transactionItems && len(batch) > 1 {
				return im.halves(ctx, batch, total)
			}
			err = im.Store.Commit(context.WithoutCancel(ctx), change)
		}
		switch {
		case errors.Is(err, table.ErrInvalid) && len(batch) > 1: // more items than expected
			return im.halves(ctx, batch, total)
		case err == nil:
			total.done(len(plan.accounts), plan.present, plan.codes, plan.faults)
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

func (im *Importer) halves(ctx context.Context, batch []accountfile.Account, total *tally) error {
	half := len(batch) / 2
	return errors.Join(im.write(ctx, batch[:half], total), im.write(ctx, batch[half:], total))
}

// transactionItems is the maximum number of items in one transaction
// (table.Table.Transact).
const transactionItems = 100

// mostItems returns an upper limit of the items that the plan's change writes: also the
// head of each trail, and up to one item for each event and for each entry of an existing
// enterprise. The head of a new enterprise has room for its entry.
func (p plan) mostItems(c realname.Change) int {
	items := len(c.Writes) + len(p.enterprises) + len(c.Announcements)
	for _, a := range c.Audit {
		if p.enterprises[a.USCC].was.USCC != "" {
			items++
		}
	}
	return items
}

// plan is the result of checking a batch against the table.
type plan struct {
	accounts    []realname.Account
	enterprises map[string]joined // by code
	trails      map[string]realname.TrailHead
	present     int
	codes       []Code
	faults      []accountfile.Fault
}

// joined is an enterprise before and after the accounts of the batch join it.
type joined struct {
	was, enterprise realname.Enterprise
	roster          realname.Roster
	accountID       string // the first account of the batch
	accounts        int    // of the batch
}

// change returns the batch's transaction, which writes each enterprise once. A migrated
// administrator withdraws the verification by registration of its enterprise, and the
// platform gets an event.
func (im *Importer) change(p plan) realname.Change {
	var c realname.Change
	for _, a := range p.accounts {
		c.Add(a, realname.NewLogin{Account: a})
	}
	for _, uscc := range slices.Sorted(maps.Keys(p.enterprises)) {
		j := p.enterprises[uscc]
		c.Add(j.enterprise, j.roster)
		c.Trails = append(c.Trails, p.trails[uscc])
		file := im.File
		file.Accounts = j.accounts
		c.Audit = append(c.Audit, realname.AuditEntry{
			ID: im.NewID(), At: im.Now(), USCC: uscc, Action: realname.AuditAccountsImported, Actor: im.Actor, Import: &file,
		})
		c.Withdraw(j.was, j.enterprise, j.accountID, im.Actor, im.Now(), im.NewID)
	}
	return c
}

func (im *Importer) plan(ctx context.Context, batch []accountfile.Account, hashes map[int]string) (plan, error) {
	p := plan{enterprises: map[string]joined{}}
	logins, ids, prints := make([]string, len(batch)), make([]string, len(batch)), make([]string, len(batch))
	var codes []string
	seen := map[string]bool{}
	for i, a := range batch {
		logins[i] = a.LoginName
		var err error
		if ids[i], prints[i], err = im.identify(a); err != nil {
			return p, fmt.Errorf("line %d: %w", a.Line, err)
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
	p.trails = view.Trails
	for n, a := range batch {
		id, fingerprint := ids[n], prints[n]
		if is, taken := view.Logins[store.LoginKey(a.LoginName)]; taken {
			former, err := im.formerFingerprint(a)
			if err != nil {
				return p, fmt.Errorf("line %d: %w", a.Line, err)
			}
			if is.AccountID != id || is.Import != fingerprint && is.Import != former {
				p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "loginName", Rule: "taken"})
				continue
			}
			p.present++
			if err := p.code(im.Sealer, a, id); err != nil {
				return p, err
			}
			continue
		}
		if view.Accounts[id] {
			// An account without its login name has been erased. Importing the file again
			// must not restore it.
			p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "loginName", Rule: "erased"})
			continue
		}
		holder, err := realname.IndexHolder(im.Sealer, a.Administrator)
		if err != nil {
			return p, err
		}
		roster, err := view.Rosters[a.USCC].Put(realname.Member{AccountID: id}, holder)
		if err != nil {
			p.faults = append(p.faults, accountfile.Fault{Line: a.Line, Column: "adminIdNumber", Rule: "taken"})
			continue
		}
		account, enterprise, err := im.records(a, id, fingerprint, hashes)
		if err != nil {
			return p, fmt.Errorf("line %d: %w", a.Line, err)
		}
		if known, ok := view.Enterprises[a.USCC]; ok {
			enterprise = known
		}
		enterprise = enterprise.WithAdministrator(account)
		was := view.Enterprises[a.USCC]
		view.Enterprises[a.USCC], view.Rosters[a.USCC] = enterprise, roster
		j, again := p.enterprises[a.USCC]
		if !again {
			j.was, j.accountID = was, id
		}
		j.enterprise, j.roster = enterprise, roster
		j.accounts++
		p.enterprises[a.USCC] = j
		p.accounts = append(p.accounts, account)
		if err := p.code(im.Sealer, a, id); err != nil {
			return p, err
		}
	}
	return p, nil
}

// code adds the activation code of a row without a password.
func (p *plan) code(seal realname.Sealer, a accountfile.Account, id string) error {
	if a.Password != "" {
		return nil
	}
	code, err := accounts.ActivationCode(seal, id, 1)
	p.codes = append(p.codes, Code{a.Line, a.LoginName, code})
	return err
}

// identify derives a row's account ID from its login name, and its fingerprint from the
// whole row. Both use the vault's key, so that another run of the same file recognizes
// the rows that are already imported.
func (im *Importer) identify(a accountfile.Account) (id, fingerprint string, err error) {
	h, err := im.Sealer.Index("import-account", store.LoginKey(a.LoginName))
	if err != nil {
		return "", "", err
	}
	// UUIDv8, RFC 9562, 5.8
	id = strings.Join([]string{h[:8], h[8:12], "8" + h[13:16], "a" + h[17:20], h[20:32]}, "-")
	fingerprint, err = im.fingerprint(a)
	return id, fingerprint, err
}

func (im *Importer) fingerprint(a accountfile.Account) (string, error) {
	a.Line = 0 // a row that moved within the file is the same row
	said, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	return im.Sealer.Index("import-row", string(said))
}

// formerFingerprint returns the fingerprint that version 1.0.0 stored for a row. It
// read names in compatibility form.
func (im *Importer) formerFingerprint(a accountfile.Account) (string, error) {
	for _, name := range []*string{&a.EnterpriseName, &a.LegalRepresentative.Name, &a.Administrator.Name} {
		*name = idcode.NormalizeText(*name)
	}
	return im.fingerprint(a)
}

// records returns a row's account and enterprise. It hashes each password only once,
// even if the batch is tried several times.
func (im *Importer) records(
	a accountfile.Account, id, fingerprint string, hashes map[int]string,
) (account realname.Account, enterprise realname.Enterprise, err error) {
	now := im.Now()
	account = realname.Account{
		ID: id, LoginName: a.LoginName, Origin: a.Origin, USCC: a.USCC, Region: a.Region, CreatedAt: now, Import: fingerprint,
	}
	enterprise = realname.Enterprise{USCC: a.USCC, Name: a.EnterpriseName, OrgCode: a.OrgCode, Address: a.Address}
	if im.DryRun {
		return account, enterprise, nil
	}
	if a.Password == "" {
		account.Activation, err = accounts.NewActivation(im.Sealer, im.CodeHash, id, nil, now, im.CodeLife)
		if err != nil {
			return account, enterprise, err
		}
	} else if account.PasswordHash = hashes[a.Line]; account.PasswordHash == "" {
		if account.PasswordHash, err = im.Hash(a.Password); err != nil {
			return account, enterprise, err
		}
		hashes[a.Line] = account.PasswordHash
	}
	account.Administrator, err = realname.SealPerson(
		im.Sealer, a.Administrator, realname.AccountItem(id), realname.FieldAdministrator,
	)
	if err != nil {
		return account, enterprise, err
	}
	if account.Mobile, err = im.seal(a.Mobile, id, realname.FieldMobile); err != nil {
		return account, enterprise, err
	}
	if account.Email, err = im.seal(a.Email, id, realname.FieldEmail); err != nil {
		return account, enterprise, err
	}
	if a.LegalRepresentative.Name != "" {
		enterprise.LegalRepresentative, err = realname.SealPerson(
			im.Sealer, a.LegalRepresentative, realname.EnterpriseItem(a.USCC), realname.FieldLegalRepresentative,
		)
	}
	return account, enterprise, err
}

func (im *Importer) seal(text, id, field string) (realname.Sealed, error) {
	if text == "" {
		return "", nil
	}
	return im.Sealer.Seal([]byte(text), realname.AccountItem(id), field)
}
