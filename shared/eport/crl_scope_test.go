package eport

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/emmansun/gmsm/smx509"
)

func TestAListCountsFromFiveMinutesBeforeItsDayUntilTheNext(t *testing.T) {
	l := &CRL{ThisUpdate: noon, NextUpdate: noon.Add(time.Hour)}
	for at, want := range map[time.Duration]bool{
		-5*time.Minute - 1: false, -5 * time.Minute: true, 0: true, time.Hour - 1: true, time.Hour: false,
	} {
		if got := l.Fresh(noon.Add(at)); got != want {
			t.Errorf("%v: %v", at, got)
		}
	}
	for name, c := range map[string]struct {
		this time.Time
		than *CRL
		want bool
	}{
		"the first": {noon, nil, true}, "a later one": {noon.Add(1), l, true}, "the same": {noon, l, true},
		"an earlier one": {noon.Add(-1), l, false},
	} {
		if got := newer(&CRL{ThisUpdate: c.this}, c.than); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAListCoversTheCertificatesOfItsScope(t *testing.T) {
	card := &smx509.Certificate{CRLDistributionPoints: []string{"", "http://crl/1"}}
	ca := &smx509.Certificate{BasicConstraintsValid: true, IsCA: true}
	unread := &smx509.Certificate{IsCA: true}
	for name, c := range map[string]struct {
		scope            scope
		card, ca, unread bool
	}{
		"everything":       {scope{}, true, true, true},
		"users":            {scope{usersOnly: true}, true, false, true},
		"authorities":      {scope{casOnly: true}, false, true, false},
		"its point":        {scope{points: []string{"", "http://crl/1"}}, true, false, false},
		"another point":    {scope{points: []string{"", "http://crl/2"}}, false, false, false},
		"no address at it": {scope{points: []string{""}}, false, false, false},
	} {
		l := &CRL{scope: c.scope}
		if l.Covers(card) != c.card || l.Covers(ca) != c.ca || l.Covers(unread) != c.unread {
			t.Errorf("%s: %v, %v, %v", name, l.Covers(card), l.Covers(ca), l.Covers(unread))
		}
	}
}

func TestAScopeIsReadOrRefused(t *testing.T) {
	sequenceOf := func(fields ...[]byte) []byte {
		all := slices.Concat(fields...)
		return append([]byte{0x30, byte(len(all))}, all...)
	}
	address := []byte{0xa0, 5, 0xa0, 3, 0x86, 1, 'a'}
	for name, c := range map[string]struct {
		der  []byte
		want string // points, users only, authorities only, partial; "" for an error
	}{
		"nothing":             {sequenceOf(), "[] false false false"},
		"users":               {sequenceOf([]byte{0x81, 1, 0xff}), "[] true false false"},
		"users, not":          {sequenceOf([]byte{0x81, 1, 0}), "[] false false false"},
		"users, of two bytes": {sequenceOf([]byte{0x81, 2, 0xff, 0xff}), "[] false false false"},
		"authorities":         {sequenceOf([]byte{0x82, 1, 0xff}), "[] false true false"},
		"some reasons":        {sequenceOf([]byte{0x83, 2, 0, 0}), "[] false false true"},
		"indirect":            {sequenceOf([]byte{0x84, 1, 0xff}), "[] false false true"},
		"indirect, not":       {sequenceOf([]byte{0x84, 1, 0}), "[] false false false"},
		"reasons, then not":   {sequenceOf([]byte{0x83, 1, 0}, []byte{0x84, 1, 0}), "[] false false true"},
		"an address":          {sequenceOf(address), `["" "a"] false false false`},
		"another name":        {sequenceOf([]byte{0xa0, 5, 0xa0, 3, 0x82, 1, 'a'}), `[""] false false false`},
		"an address as text":  {sequenceOf([]byte{0xa0, 5, 0xa0, 3, 0x06, 1, 'a'}), `[""] false false false`},
		"a relative name":     {sequenceOf([]byte{0xa0, 5, 0xa1, 3, 0x86, 1, 'a'}), `[""] false false false`},
		"an address and more": {sequenceOf(address, []byte{0x81, 1, 0xff}), `["" "a"] true false false`},
		"not a sequence":      {[]byte{0x31, 0}, ""},
		"of another class":    {[]byte{0xb0, 0}, ""},
		"more behind it":      {append(sequenceOf(), 0), ""},
		"cut off":             {[]byte{0x30, 3, 0x81, 1}, ""},
		"a cut field":         {sequenceOf([]byte{0x81, 3, 0xff}), ""},
		"a universal field":   {sequenceOf([]byte{0x01, 1, 0xff}), ""},
		"a cut name":          {sequenceOf([]byte{0xa0, 2, 0xa0, 3}), ""},
		"a universal name":    {sequenceOf([]byte{0xa0, 2, 0x30, 0}), ""},
		"a cut address":       {sequenceOf([]byte{0xa0, 4, 0xa0, 2, 0x86, 3}), ""},
	} {
		got := ""
		s, err := parseScope(c.der)
		if err == nil {
			got = fmt.Sprintf("%q %v %v %v", s.points, s.usersOnly, s.casOnly, s.partial)
		}
		if got != c.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

func TestAnEntryIsSettledWhileItCountsOrJustFailed(t *testing.T) {
	list := &CRL{ThisUpdate: noon.AddDate(0, 0, -1), NextUpdate: noon.AddDate(0, 0, 1)}
	stale := &CRL{ThisUpdate: noon.AddDate(0, 0, -2), NextUpdate: noon.AddDate(0, 0, -1)}
	ago := func(d time.Duration) time.Time { return noon.Add(-d) }
	for name, c := range map[string]struct {
		entry crlEntry
		want  bool
	}{
		"nothing":              {crlEntry{}, false},
		"just fetched":         {crlEntry{list: list, fetchedAt: noon}, true},
		"almost an hour old":   {crlEntry{list: list, fetchedAt: ago(time.Hour - 1)}, true},
		"an hour old":          {crlEntry{list: list, fetchedAt: ago(time.Hour)}, false},
		"run out":              {crlEntry{list: stale, fetchedAt: noon}, false},
		"failed 29 s ago":      {crlEntry{triedAt: ago(30*time.Second - 1)}, true},
		"failed 30 s ago":      {crlEntry{triedAt: ago(30 * time.Second)}, false},
		"old, failed just now": {crlEntry{list: list, fetchedAt: ago(time.Hour), triedAt: noon}, true},
	} {
		if got := c.entry.settled(noon); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestNamedListsAreAskedFirst(t *testing.T) {
	for _, c := range []struct{ configured, named, want []string }{
		{[]string{"a", "b", "c"}, []string{"c", "x", "b"}, []string{"b", "c", "a"}},
		{[]string{"a", "b"}, nil, []string{"a", "b"}},
		{nil, []string{"a"}, nil},
	} {
		if got := inOrder(c.configured, c.named); !slices.Equal(got, c.want) {
			t.Errorf("%v: got %v", c.configured, got)
		}
	}
}
