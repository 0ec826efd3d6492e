package store

import (
	"context"
	"time"

	"realname/shared/realname"
	"realname/shared/table"
)

func accountDayKey(accountID, day string) table.Key {
	return table.Key{PK: accountPK(accountID), SK: "DAY#" + day}
}

func enterpriseDayKey(uscc, day string) table.Key {
	return table.Key{PK: enterprisePK(uscc), SK: "DAY#" + day}
}

func numberDayKey(index, day string) table.Key {
	return table.Key{PK: NumberPartition.key(index), SK: "DAY#" + day}
}

func expireAfterDay(it *table.Item, day string) {
	if start, err := time.Parse("20060102", day); err == nil {
		it.Expires = start.Add(realname.CounterLife)
	}
}

func putAccountDay(accountID string, d realname.AccountDay) (table.Write, error) {
	it, cond, err := put(accountDayKey(accountID, d.Day), d.Version, d)
	expireAfterDay(&it, d.Day)
	return table.Put(it, cond), err
}

func readAccountDay(items []table.Item, accountID, day string) (realname.AccountDay, error) {
	d := realname.AccountDay{Day: day}
	it, ok := table.Find(items, accountDayKey(accountID, day))
	if !ok {
		return d, nil
	}
	err := read(it, &d)
	d.Version = it.Version
	return d, err
}

// enterpriseDayRecord is the body of an enterprise's counters. Notes take few bytes, because
// each write costs a unit for a kilobyte. Up to version 1.0.0 it held Day and Checks only.
type enterpriseDayRecord struct {
	Day      string           `json:"day"`
	Checks   int              `json:"checks"`
	Accounts map[string]int   `json:"accounts,omitempty"`
	Begun    map[string]int64 `json:"begun,omitempty"` // in milliseconds since 1970
	By       string           `json:"by,omitempty"`
}

func putEnterpriseDay(uscc string, d realname.EnterpriseDay) (table.Write, error) {
	r := enterpriseDayRecord{Day: d.Day, Checks: d.Checks, Accounts: d.Accounts, Begun: map[string]int64{}, By: d.By}
	for question, at := range d.Begun {
		r.Begun[question] = at.UnixMilli()
	}
	it, cond, err := put(enterpriseDayKey(uscc, d.Day), d.Version, r)
	expireAfterDay(&it, d.Day)
	return table.Put(it, cond), err
}

func readEnterpriseDay(items []table.Item, uscc, day string) (realname.EnterpriseDay, error) {
	d := realname.EnterpriseDay{Day: day}
	it, ok := table.Find(items, enterpriseDayKey(uscc, day))
	if !ok {
		return d, nil
	}
	var r enterpriseDayRecord
	err := read(it, &r)
	d.Checks, d.Accounts, d.Begun, d.By, d.Version = r.Checks, r.Accounts, realname.Begun{}, r.By, it.Version
	for question, at := range r.Begun {
		d.Begun[question] = time.UnixMilli(at).UTC()
	}
	return d, err
}

// LoadEnterpriseDays implements accounts.Directory.
func (s *Store) LoadEnterpriseDays(ctx context.Context, day, a, b string) (
	ofA, ofB realname.EnterpriseDay, err error,
) {
	items, err := s.table.Get(ctx, enterpriseDayKey(a, day), enterpriseDayKey(b, day))
	if err != nil {
		return ofA, ofB, err
	}
	if ofA, err = readEnterpriseDay(items, a, day); err != nil {
		return ofA, ofB, err
	}
	ofB, err = readEnterpriseDay(items, b, day)
	return ofA, ofB, err
}

// moveDay deletes the counters under the former code and stores them under the new one.
func moveDay(m realname.MovedDay) ([]table.Write, error) {
	former := table.Delete(enterpriseDayKey(m.From, m.Day.Day), over(m.Day.Version))
	if m.Day.Version == 0 { // no question meanwhile
		return []table.Write{former}, nil
	}
	w, err := putEnterpriseDay(m.To, m.Day)
	w.Item.Version, w.If = m.Replaces+1, over(m.Replaces)
	return []table.Write{former, w}, err
}

func putNumberDay(index string, d realname.NumberDay) (table.Write, error) {
	it, cond, err := put(numberDayKey(index, d.Day), d.Version, d)
	expireAfterDay(&it, d.Day)
	return table.Put(it, cond), err
}

func readNumberDay(items []table.Item, index, day string) (realname.NumberDay, error) {
	d := realname.NumberDay{Day: day}
	it, ok := table.Find(items, numberDayKey(index, day))
	if !ok {
		return d, nil
	}
	err := read(it, &d)
	d.Version = it.Version
	return d, err
}
