package accountimport

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"realname/shared/accountfile"
	"realname/shared/accounts"
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
			if plan.mostItems(change) > table.MaxWrites && len(batch) > 1 {
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

// plan decides about every row of the batch, by one read.
func (im *Importer) plan(ctx context.Context, batch []accountfile.Account, hashes map[int]string) (plan, error) {
	rows, err := im.identify(batch)
	if err != nil {
		return plan{}, err
	}
	view, err := im.load(ctx, rows)
	if err != nil {
		return plan{}, err
	}
	p := plan{enterprises: map[string]joined{}, trails: view.Trails}
	for _, r := range rows {
		is, taken := view.Logins[store.LoginKey(r.LoginName)]
		switch {
		case taken:
			err = im.again(&p, r, is)
		case view.Accounts[r.id]:
			// An account without its login name has been erased. Importing the file again
			// must not restore it.
			p.refuse(r, "loginName", "erased")
		default:
			err = im.add(&p, view, r, hashes)
		}
		if err != nil {
			return p, fmt.Errorf("line %d: %w", r.Line, err)
		}
	}
	return p, nil
}

// load reads what is stored under the login names, IDs and codes of the rows.
func (im *Importer) load(ctx context.Context, rows []row) (store.ImportView, error) {
	logins, ids, codes := make([]string, len(rows)), make([]string, len(rows)), []string(nil)
	for i, r := range rows {
		logins[i], ids[i] = r.LoginName, r.id
		if !slices.Contains(codes, r.USCC) {
			codes = append(codes, r.USCC)
		}
	}
	return im.Store.LoadImport(ctx, logins, ids, codes)
}

// refuse adds a fault of a row that is not imported.
func (p *plan) refuse(r row, column, rule string) {
	p.faults = append(p.faults, accountfile.Fault{Line: r.Line, Column: column, Rule: rule})
}

// again decides about a row whose login name is in use. The row of an earlier run of the
// same file is present.
func (im *Importer) again(p *plan, r row, is store.ImportedLogin) error {
	former, err := im.formerFingerprint(r.Account)
	if err != nil {
		return err
	}
	if is.AccountID != r.id || is.Import != r.fingerprint && is.Import != former {
		p.refuse(r, "loginName", "taken")
		return nil
	}
	p.present++
	return p.code(im.Sealer, r)
}

// add adds the account of a new row to its enterprise, which later rows may join, too.
func (im *Importer) add(p *plan, view store.ImportView, r row, hashes map[int]string) error {
	holder, err := realname.IndexHolder(im.Sealer, r.Administrator)
	if err != nil {
		return err
	}
	roster, err := view.Rosters[r.USCC].Put(realname.Member{AccountID: r.id}, holder)
	if err != nil {
		p.refuse(r, "adminIdNumber", "taken")
		return nil
	}
	account, enterprise, err := im.records(r, hashes)
	if err != nil {
		return err
	}
	was, known := view.Enterprises[r.USCC]
	if known {
		enterprise = was
	}
	enterprise = enterprise.WithAdministrator(account)
	view.Enterprises[r.USCC], view.Rosters[r.USCC] = enterprise, roster
	j, again := p.enterprises[r.USCC]
	if !again {
		j.was, j.accountID = was, r.id
	}
	j.enterprise, j.roster = enterprise, roster
	j.accounts++
	p.enterprises[r.USCC] = j
	p.accounts = append(p.accounts, account)
	return p.code(im.Sealer, r)
}

// code adds the activation code of a row without a password.
func (p *plan) code(seal realname.Sealer, r row) error {
	if r.Password != "" {
		return nil
	}
	code, err := accounts.ActivationCode(seal, r.id, 1)
	p.codes = append(p.codes, Code{r.Line, r.LoginName, code})
	return err
}
