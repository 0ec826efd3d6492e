package bank

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"realname/shared/realname"
)

// Bank is the setting of one bank. Adding a bank needs no change of the code.
type Bank struct {
	Code      string `json:"code"` // in paths and signed messages: 2 to 16 capital letters and digits
	Name      Words  `json:"name"`
	ShortName Words  `json:"shortName"` // for the result page: 认证方式：建设银行
	// EntryURL is the page of the bank to which the browser is handed over: an
	// https URL. The sandbox bank has a path of this site.
	EntryURL string `json:"entryUrl"`
	// Logo is the picture on the page of banks: a path of this site. Version 1.0.0 also
	// stored https URLs, which the pages do not show.
	Logo string `json:"logo,omitempty"`
	// RetiredAt ends new requests. Callbacks to open requests are still accepted.
	RetiredAt time.Time `json:"retiredAt,omitzero"`
	// Keys belong to the bank and sign its callbacks.
	Keys []Key `json:"keys,omitempty"`
	// OwnKeys belong to this service and sign hand-overs to this bank.
	OwnKeys []OwnKey `json:"ownKeys,omitempty"`
}

// Words is one text in both languages.
type Words struct {
	Chinese string `json:"zh-CN"`
	English string `json:"en"`
}

// Open reports whether the bank takes new requests.
func (b Bank) Open(now time.Time) bool {
	return b.RetiredAt.IsZero() || now.Before(b.RetiredAt)
}

// Named returns the bank's names for a session to store.
func (b Bank) Named() realname.BankName {
	return realname.BankName{
		Code: b.Code, Chinese: b.Name.Chinese, English: b.Name.English,
		ShortChinese: b.ShortName.Chinese, ShortEnglish: b.ShortName.English,
	}
}

// CodeValid reports whether the text can be a bank's code.
func CodeValid(code string) bool {
	if len(code) < 2 || len(code) > 16 || code[0] < 'A' || code[0] > 'Z' {
		return false
	}
	return strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

// Validate returns every error of the setting, joined.
func (b Bank) Validate() error {
	var failures []error
	fail := func(format string, args ...any) { failures = append(failures, fmt.Errorf(format, args...)) }
	if !CodeValid(b.Code) {
		fail("code: want 2 to 16 capital letters and digits, beginning with a letter")
	}
	for field, w := range map[string]Words{"name": b.Name, "shortName": b.ShortName} {
		if w.Chinese == "" || w.English == "" {
			fail("%s: want a text in Chinese and in English", field)
		}
	}
	if err := validEntry(b.EntryURL); err != nil {
		fail("entryUrl: %w", err)
	}
	if err := validLink(b.Logo); err != nil && b.Logo != "" {
		fail("logo: %w", err)
	}
	own := make([]Key, len(b.OwnKeys))
	for i, k := range b.OwnKeys {
		own[i] = k.Key
		if k.PrivateKey == "" {
			fail("ownKeys: %s: no private key", k.Serial)
		}
	}
	failures = append(failures, validKeys("keys", b.Keys), validKeys("ownKeys", own))
	return errors.Join(failures...)
}

// validLink accepts an https URL, a path of this site, and http to this machine,
// which local tests use.
func validLink(text string) error {
	u, err := url.Parse(text)
	switch {
	case SitePath(text) && err == nil:
		return nil
	case err != nil:
		return errors.New("not a URL")
	case u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("want a URL with a host and without user and fragment")
	case u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()):
		return nil
	}
	return errors.New("want an https URL")
}

// validEntry accepts a link that a policy of the pages can name.
func validEntry(text string) error {
	if err := validLink(text); err != nil || SitePath(text) {
		return err
	}
	if u, err := url.Parse(text); err != nil || !plainHost().MatchString(u.Host) {
		return errors.New("want a host of letters, digits, dots and hyphens; write other letters in Punycode")
	}
	return nil
}

// plainHost matches the hosts that a Content-Security-Policy can name. Other characters
// would end the name there. It is compiled at its first use, not at each start of a function.
var plainHost = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^([A-Za-z0-9.-]+|\[::1\])(:[0-9]+)?$`)
})

// SitePath reports whether the text is a path of this site.
func SitePath(text string) bool {
	return strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") && !strings.Contains(text, "\\")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
