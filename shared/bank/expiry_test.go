package bank

import (
	"testing"
	"time"
)

func TestKeysEndWithTheLastOfAChainWithoutAGap(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	key := func(from, until int) Key { return Key{NotBefore: day(from), NotAfter: day(until)} }
	own := func(keys ...Key) (all []OwnKey) {
		for _, k := range keys {
			all = append(all, OwnKey{Key: k})
		}
		return all
	}
	for name, c := range map[string]struct {
		bank Bank
		want int
	}{
		"one key each, the bank's first": {Bank{Keys: []Key{key(-1, 10)}, OwnKeys: own(key(-1, 20))}, 10},
		"one key each, ours first":       {Bank{Keys: []Key{key(-1, 20)}, OwnKeys: own(key(-1, 10))}, 10},
		"a successor":                    {Bank{Keys: []Key{key(-1, 10), key(5, 30)}, OwnKeys: own(key(-1, 20))}, 20},
		"a successor from its end on":    {Bank{Keys: []Key{key(10, 30), key(-1, 10)}, OwnKeys: own(key(-1, 40))}, 30},
		"a successor that comes late":    {Bank{Keys: []Key{key(-1, 10), key(11, 30)}, OwnKeys: own(key(-1, 40))}, 10},
		"none":                           {Bank{OwnKeys: own(key(-1, 40))}, 0},
		"all ended":                      {Bank{Keys: []Key{key(-9, -1)}, OwnKeys: own(key(-1, 40))}, 0},
	} {
		if got := c.bank.KeysEnd(now); !got.Equal(day(c.want)) {
			t.Errorf("%s: %v, want day %d", name, got, c.want)
		}
	}
}
