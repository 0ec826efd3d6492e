package store

import (
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

func accountPK(id string) string { return AccountPartition.key(id) }

func accountKey(id string) table.Key { return table.Key{PK: accountPK(id), SK: "PROFILE"} }

func loginKey(name string) table.Key { return table.Key{PK: LoginPartition.key(name), SK: "ACCOUNT"} }

func failuresKey(name string) table.Key {
	return table.Key{PK: LoginPartition.key(name), SK: "FAILURES"}
}

type accountRecord struct {
	ID            string               `json:"id"`
	LoginName     string               `json:"loginName,omitempty"`
	Role          realname.Role        `json:"role,omitempty"`
	Origin        realname.Origin      `json:"origin"`
	USCC          string               `json:"uscc"`
	Region        string               `json:"region,omitempty"`
	Reminders     realname.Reminders   `json:"reminders,omitzero"`
	Administrator realname.Sealed      `json:"administrator,omitempty"`
	Mobile        realname.Sealed      `json:"mobile,omitempty"`
	Email         realname.Sealed      `json:"email,omitempty"`
	PendingEmail  realname.Sealed      `json:"pendingEmail,omitempty"`
	PasswordHash  string               `json:"passwordHash,omitempty"`
	Activation    *realname.Activation `json:"activation,omitempty"`
	Disabled      time.Time            `json:"disabled,omitzero"`
	Erased        time.Time            `json:"erased,omitzero"`
	Import        string               `json:"import,omitempty"`
	TokensFrom    time.Time            `json:"tokensFrom,omitzero"`
	Devices       []deviceRecord       `json:"devices,omitempty"`
	SignInWrites  int64                `json:"signInWrites,omitempty"`
	Holder        realname.Aspect      `json:"holder"`
	HolderChanges int64                `json:"holderChanges,omitempty"`
	HolderSince   time.Time            `json:"holderSince,omitzero"`
	CreatedAt     time.Time            `json:"createdAt"`

	ConsentWithdrawn time.Time       `json:"consentWithdrawn,omitzero"`
	ErasureAsked     time.Time       `json:"erasureAsked,omitzero"`
	ErasureDue       time.Time       `json:"erasureDue,omitzero"`
	ErasureRefused   time.Time       `json:"erasureRefused,omitzero"`
	ErasureReason    realname.Sealed `json:"erasureReason,omitempty"`
}

func putAccount(a realname.Account) (table.Write, error) {
	it, cond, err := put(accountKey(a.ID), a.Version, accountRecord{
		a.ID, a.LoginName, a.Role, a.Origin, a.USCC, a.Region, a.Reminders,
		a.Administrator, a.Mobile, a.Email, a.PendingEmail, a.PasswordHash, a.Activation,
		a.Disabled, a.Erased, a.Import, a.TokensFrom, deviceRecords(a.Devices), a.SignInWrites,
		a.Holder, a.HolderChanges, a.HolderSince, a.CreatedAt,
		a.ConsentWithdrawn, a.Erasure.AskedAt, a.Erasure.DueAt, a.Erasure.RefusedAt, a.Erasure.Reason,
	})
	if a.Erasure.Open() {
		it.GSI2 = table.IndexKey{PK: string(ErasurePartition), SK: instant(a.Erasure.DueAt) + "#" + a.ID}
	}
	return table.Put(it, cond), err
}

func readAccount(items []table.Item, id string) (realname.Account, error) {
	it, ok := table.Find(items, accountKey(id))
	if !ok {
		return realname.Account{}, nil
	}
	return accountOf(it)
}

func accountOf(it table.Item) (realname.Account, error) {
	var r accountRecord
	err := read(it, &r)
	return realname.Account{
		ID: r.ID, LoginName: r.LoginName, Role: r.Role, Origin: r.Origin, USCC: r.USCC, Region: r.Region,
		Reminders: r.Reminders, Administrator: r.Administrator, Mobile: r.Mobile, Email: r.Email,
		PendingEmail: r.PendingEmail, PasswordHash: r.PasswordHash, Activation: r.Activation,
		Disabled: r.Disabled, Erased: r.Erased, Import: r.Import, TokensFrom: r.TokensFrom,
		Devices: devices(r.Devices), SignInWrites: r.SignInWrites, Holder: r.Holder,
		HolderChanges: r.HolderChanges, HolderSince: r.HolderSince, CreatedAt: r.CreatedAt,
		ConsentWithdrawn: r.ConsentWithdrawn, Erasure: realname.ErasureRequest{
			AskedAt: r.ErasureAsked, DueAt: r.ErasureDue, RefusedAt: r.ErasureRefused, Reason: r.ErasureReason,
		},
		Version: it.Version,
	}, err
}

// deviceRecord has short names, because every change of the account writes it.
type deviceRecord struct {
	SecretHash string   `json:"h"`
	SignInID   string   `json:"id,omitempty"`
	Browser    string   `json:"b,omitempty"`
	System     string   `json:"s,omitempty"`
	FirstAt    unixNano `json:"f"`
	LastAt     unixNano `json:"l"`
	UsedAt     unixNano `json:"u"`
	Wrong      int      `json:"w,omitempty"`
}

func deviceRecords(all []realname.Device) []deviceRecord {
	var records []deviceRecord
	for _, d := range all {
		records = append(records, deviceRecord{
			d.SecretHash, d.SignInID, d.Browser, d.System, unixNano(d.FirstAt), unixNano(d.LastAt), unixNano(d.UsedAt), d.Wrong,
		})
	}
	return records
}

func devices(records []deviceRecord) []realname.Device {
	var all []realname.Device
	for _, r := range records {
		all = append(all, realname.Device{
			SecretHash: r.SecretHash, SignInID: r.SignInID, Browser: r.Browser, System: r.System,
			FirstAt: time.Time(r.FirstAt), LastAt: time.Time(r.LastAt), UsedAt: time.Time(r.UsedAt), Wrong: r.Wrong,
		})
	}
	return all
}
