package accountimport

import (
	"encoding/json"
	"fmt"
	"strings"

	"realname/shared/accountfile"
	"realname/shared/accounts"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
)

// row is a row of the file with the account ID and the fingerprint that identify derives.
type row struct {
	accountfile.Account
	id, fingerprint string
}

// identify derives each row's account ID from its login name, and its fingerprint from the
// whole row. Both use the vault's key, so that another run of the same file recognizes
// the rows that are already imported.
func (im *Importer) identify(batch []accountfile.Account) ([]row, error) {
	rows := make([]row, len(batch))
	for i, a := range batch {
		h, err := im.Sealer.Index("import-account", store.LoginKey(a.LoginName))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", a.Line, err)
		}
		// UUIDv8, RFC 9562, 5.8
		id := strings.Join([]string{h[:8], h[8:12], "8" + h[13:16], "a" + h[17:20], h[20:32]}, "-")
		fingerprint, err := im.fingerprint(a)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", a.Line, err)
		}
		rows[i] = row{a, id, fingerprint}
	}
	return rows, nil
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
	a row, hashes map[int]string,
) (account realname.Account, enterprise realname.Enterprise, err error) {
	now, id := im.Now(), a.id
	account = realname.Account{
		ID: id, LoginName: a.LoginName, Origin: a.Origin, USCC: a.USCC, Region: a.Region, CreatedAt: now,
		Import: a.fingerprint,
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
