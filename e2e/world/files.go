package world

import (
	"encoding/csv"
	"os"
	"path/filepath"
)

// Write writes the data files of the whole world to the directory.
func Write(dir string) error { return WriteThese(dir, Enterprises()) }

// WriteThese writes the data files of the given enterprises to the directory.
func WriteThese(dir string, enterprises []Enterprise) error {
	accounts := [][]string{{
		"loginName", "password", "origin", "enterpriseName", "uscc", "orgCode", "address", "legalRepName", "legalRepIdType",
		"legalRepIdNumber", "adminName", "adminIdType", "adminIdNumber", "mobile", "email", "region",
	}}
	registry := [][]string{{
		"name", "uscc", "orgCode", "legalRepName", "legalRepIdType", "legalRepIdNumber", "operatingStatus", "covered",
	}}
	identities := [][]string{{"name", "idNumber", "validFrom", "validTo"}}
	cards := [][]string{{"name", "idType", "idNumber", "cardNumber", "mobile", "state"}}
	for _, e := range enterprises {
		l, a := e.LegalRepresentative, e.Administrator
		accounts = append(accounts, []string{
			e.LoginName, Password, e.Origin, e.Name, e.USCC, e.OrgCode, "石家庄市", l.Name, l.IDType, l.IDNumber, a.Name, a.IDType,
			a.IDNumber, a.Mobile, e.LoginName + "@example.com", "河北",
		})
		covered := "false"
		if e.Covered {
			covered = "true"
		}
		registry = append(registry,
			[]string{e.Name, e.USCC, e.OrgCode, l.Name, l.IDType, l.IDNumber, e.OperatingStatus, covered})
		for _, p := range []Person{l, a} {
			if p.IDType == "resident_id" && e.Kind != NoIDData {
				identities = append(identities, []string{p.Name, p.IDNumber, p.ValidFrom, p.ValidTo})
			}
			cards = append(cards, []string{p.Name, p.IDType, p.IDNumber, p.CardNumber, p.Mobile, e.CardState})
		}
	}
	for name, rows := range map[string][][]string{
		"accounts.csv": accounts, "registry.csv": registry, "identities.csv": identities, "bank-cards.csv": cards,
	} {
		if err := write(filepath.Join(dir, name), rows); err != nil {
			return err
		}
	}
	return nil
}

func write(name string, rows [][]string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		return err
	}
	return f.Close()
}
