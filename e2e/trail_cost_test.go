package e2e

import (
	"maps"
	"testing"
	"time"

	"realname/local/meter"
	"realname/local/remote"
	"realname/shared/realname"
	"realname/shared/store"
)

// longTrail is the number of entries of an enterprise that changes something every day
// for five years.
const longTrail = 2000

// lengthens gives the clerk's enterprise a long audit trail, past the meter.
func (c *clerk) lengthens() {
	c.Helper()
	const together = 80 // entries of a transaction
	trail := store.New(remote.New(c.at.URL).Table())
	for range longTrail / together {
		var change realname.Change
		for range together {
			change.Audit = append(change.Audit, realname.AuditEntry{
				ID: "long", At: time.Now(), USCC: c.who.USCC, Action: "region_changed",
			})
		}
		if err := trail.Commit(c.Context(), change); err != nil {
			c.Fatal(err)
		}
	}
}

// A verification makes the same calls and takes the same units whether its enterprise has
// a short trail or a long one. Only the head of the long one may be full, so that its
// entries get an item.
func TestAVerificationCostsTheSameAfterALongTrail(t *testing.T) {
	eachVisit(t, func(t *testing.T, v visit) {
		long := func(c *clerk) string {
			c.lengthens()
			return v.verify(c)
		}
		// A step that is not open yet is read again, so the least of some visits counts.
		first, last := map[string]meter.Use{}, map[string]meter.Use{}
		for range 5 {
			least(first, costOf(t, v.verify, false))
			least(last, costOf(t, long, false))
			if same(first, last) {
				return
			}
		}
		t.Errorf("%+v, and after %d entries %+v", first, longTrail, last)
	})
}

// same reports whether two visits take the same, except for an item of full entries.
func same(short, long map[string]meter.Use) bool {
	const item = 2 // write units of a kilobyte in a transaction
	extra := 0.0
	long = maps.Clone(long)
	for work, u := range long {
		extra += u.WriteUnits - short[work].WriteUnits
		u.WriteUnits = short[work].WriteUnits
		long[work] = u
	}
	return maps.Equal(short, long) && (extra == 0 || extra == item)
}

// least keeps the least that each function of a session takes.
func least(all map[string]meter.Use, c cost) {
	for work, u := range c.Functions {
		was, there := all[work]
		if !beside(work) && (!there || u.ReadUnits < was.ReadUnits) {
			all[work] = u
		}
	}
}
