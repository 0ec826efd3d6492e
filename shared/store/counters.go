package store

import (
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

func putEnterpriseDay(uscc string, d realname.EnterpriseDay) (table.Write, error) {
	it, cond, err := put(enterpriseDayKey(uscc, d.Day), d.Version, d)
	expireAfterDay(&it, d.Day)
	return table.Put(it, cond), err
}

func readEnterpriseDay(items []table.Item, uscc, day string) (realname.EnterpriseDay, error) {
	d := realname.EnterpriseDay{Day: day}
	it, ok := table.Find(items, enterpriseDayKey(uscc, day))
	if !ok {
		return d, nil
	}
	err := read(it, &d)
	d.Version = it.Version
	return d, err
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
