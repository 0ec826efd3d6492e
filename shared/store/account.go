package store

import (
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

func accountPK(id string) string        { return "ACCOUNT#" + id }
func accountKey(id string) table.Key    { return table.Key{PK: accountPK(id), SK: "PROFILE"} }
func loginKey(name string) table.Key    { return table.Key{PK: "LOGIN#" + name, SK: "ACCOUNT"} }
func failuresKey(name string) table.Key { return table.Key{PK: "LOGIN#" + name, SK: "FAILURES"} }

type accountRecord struct {
	ID            string          `json:"id"`
	LoginName     string          `json:"loginName"`
	Origin        realname.Origin `json:"origin"`
	USCC          string          `json:"uscc"`
	Region        string          `json:"region,omitempty"`
	Administrator realname.Sealed `json:"administrator"`
	Mobile        realname.Sealed `json:"mobile,omitempty"`
	Email         realname.Sealed `json:"email,omitempty"`
	PasswordHash  string          `json:"passwordHash,omitempty"`
	TokensFrom    time.Time       `json:"tokensFrom,omitzero"`
	Holder        realname.Aspect `json:"holder"`
	CreatedAt     time.Time       `json:"createdAt"`
}

func putAccount(a realname.Account) (table.Write, error) {
	it, cond, err := put(accountKey(a.ID), a.Version, accountRecord{
		a.ID, a.LoginName, a.Origin, a.USCC, a.Region, a.Administrator, a.Mobile, a.Email, a.PasswordHash, a.TokensFrom, a.Holder, a.CreatedAt,
	})
	return table.Put(it, cond), err
}

func readAccount(items []table.Item, id string) (realname.Account, error) {
	it, ok := table.Find(items, accountKey(id))
	if !ok {
		return realname.Account{}, nil
	}
	var r accountRecord
	err := read(it, &r)
	return realname.Account{
		ID: r.ID, LoginName: r.LoginName, Origin: r.Origin, USCC: r.USCC, Region: r.Region,
		Administrator: r.Administrator, Mobile: r.Mobile, Email: r.Email, PasswordHash: r.PasswordHash,
		TokensFrom: r.TokensFrom, Holder: r.Holder, CreatedAt: r.CreatedAt, Version: it.Version,
	}, err
}
