package eport

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"realname/shared/eport"
)

// Sandbox is the sandbox's E-Port.
type Sandbox struct {
	now         func() time.Time
	dir         string // of the kept keys and certificates; "" for none
	base        string // base URL of the revocation lists
	authorities []*authority
	enterprises []Enterprise

	mu     sync.Mutex
	chips  map[string]*chip
	reader Reader
	addr   string // of the control, "" when it does not run
}

// Reader is the card reader on the clerk's desk.
type Reader struct {
	Missing bool          `json:"missing"` // not plugged in
	Delay   time.Duration `json:"-"`       // before each answer
	USCC    string        `json:"uscc"`    // of the card in it; "" if it is empty
	Kind    Kind          `json:"kind"`
}

// PublishedAt sets the address of the server that publishes the revocation lists.
// Call it before the first card is issued, because cards contain the address.
func (s *Sandbox) PublishedAt(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = strings.TrimSuffix(url, "/")
}

// New creates the authorities. Cards are issued on first use. The enterprises'
// revoked cards are on the list from the start. Authorities and cards are kept in the
// directory; if it is "", they end with the process.
func New(enterprises []Enterprise, dir string, now func() time.Time) (*Sandbox, error) {
	s := &Sandbox{now: now, dir: dir, enterprises: enterprises, chips: map[string]*chip{}}
	var root *authority
	for _, a := range []struct {
		slug, name string
		published  published
	}{
		{"root", "示范电子口岸根CA", current},
		{"sm2", "示范电子口岸SM2 CA", current},
		{"stale", "示范电子口岸过期列表CA", runOut},
		{"silent", "示范电子口岸无列表CA", outOfReach},
		{"stranger", "来历不明CA", notAnchored},
	} {
		parent := root
		if a.published == notAnchored {
			parent = nil
		}
		made, err := s.newAuthority(a.slug, a.name, parent, a.published)
		if err != nil {
			return nil, err
		}
		if root == nil {
			root = made
		}
		s.authorities = append(s.authorities, made)
	}
	for _, e := range enterprises {
		s.authority("sm2").revoke(serialOf("card", e.USCC, string(Revoked)))
	}
	if len(enterprises) > 0 {
		s.reader = Reader{USCC: enterprises[0].USCC, Kind: Good}
	}
	return s, nil
}

func (s *Sandbox) authority(slug string) *authority {
	i := slices.IndexFunc(s.authorities, func(a *authority) bool { return a.slug == slug })
	return s.authorities[i]
}

func (s *Sandbox) listAddress(slug string) string {
	return s.base + "/sandbox/card/crl/" + slug + ".crl"
}

// Settings returns the trust material for the sandbox's cards.
func (s *Sandbox) Settings() map[string]eport.Setting {
	policy := eport.DefaultPolicy()
	all := map[string]eport.Setting{eport.PolicySetting: {Policy: &policy}}
	for _, a := range s.authorities {
		if a.published != notAnchored {
			all[eport.SettingName(a.certificate)] = a.setting(s.listAddress(a.slug), s.now())
		}
	}
	return all
}

var errNoCard = errors.New("unknown card")

// insert puts a card into the reader. Its PIN is unlocked.
func (s *Sandbox) insert(r Reader) error {
	if r.USCC != "" {
		c, err := s.chip(r.USCC, r.Kind)
		if err != nil {
			return err
		}
		s.mu.Lock()
		c.pinTries = 0
		s.mu.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reader = r
	return nil
}

// onDesk returns the shared desk, for connections that do not ask for a card.
func (s *Sandbox) onDesk() Reader {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reader
}

// chip returns a card of an enterprise by its kind. of is the enterprise's USCC or
// a login name.
func (s *Sandbox) chip(of string, k Kind) (*chip, error) {
	i := slices.IndexFunc(s.enterprises, func(e Enterprise) bool { return e.USCC == of || e.LoginName == of })
	if i < 0 {
		return nil, fmt.Errorf("%w: no enterprise %q", errNoCard, of)
	}
	if !slices.Contains(Kinds(), k) {
		return nil, fmt.Errorf("%w: no kind %q", errNoCard, k)
	}
	e := s.enterprises[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	key := e.USCC + " " + string(k)
	if c := s.chips[key]; c != nil {
		return c, nil
	}
	by := s.issuerOf(k)
	made, err := s.kept("card-"+e.USCC+"-"+string(k), func() (pair, error) {
		return issueCard(e, k, by, s.listAddress(by.slug), s.now())
	})
	if err != nil {
		return nil, fmt.Errorf("card of %s: %w", e.USCC, err)
	}
	c := &chip{owner: e, kind: k, certificate: made.certificate, key: made.key}
	s.chips[key] = c
	return c, nil
}

func (s *Sandbox) issuerOf(k Kind) *authority {
	switch k {
	case Unknown:
		return s.authority("stranger")
	case StaleList:
		return s.authority("stale")
	case NoList:
		return s.authority("silent")
	}
	return s.authority("sm2")
}
