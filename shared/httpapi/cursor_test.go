package httpapi_test

import (
	"encoding/base64"
	"errors"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/vault"
)

func TestACursorServesItsListAndAccountOnly(t *testing.T) {
	seal := vault.Ephemeral()
	list := httpapi.Cursors{Sealer: seal, AccountID: "a1", List: "sessions"}
	if none, err := list.Next(""); none != nil || err != nil {
		t.Errorf("after the last page: %v %v", none, err)
	}
	next, err := list.Next("SESSION#20260302#s1")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawURLEncoding.DecodeString(*next)
	if err != nil || strings.Contains(string(raw), "SESSION") || url.QueryEscape(*next) != *next {
		t.Errorf("%q: %v", *next, err)
	}
	after := func(c httpapi.Cursors, cursor string) (string, error) {
		return c.After(httptest.NewRequest("GET", "/?cursor="+url.QueryEscape(cursor), nil))
	}
	if got, err := after(list, *next); got != "SESSION#20260302#s1" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	if got, err := after(list, ""); got != "" || err != nil {
		t.Errorf("%q %v", got, err)
	}
	last := (*next)[len(*next)-1]
	for what, c := range map[string]struct {
		list   httpapi.Cursors
		cursor string
	}{
		"another account":  {httpapi.Cursors{Sealer: seal, AccountID: "a2", List: "sessions"}, *next},
		"another list":     {httpapi.Cursors{Sealer: seal, AccountID: "a1", List: "operators"}, *next},
		"a changed cursor": {list, (*next)[:20] + string((*next)[20]^1) + (*next)[21:]},
		"a cut cursor":     {list, (*next)[:len(*next)-4]},
		"stray bits":       {list, (*next)[:len(*next)-1] + string(last+1)},
		"a table's key":    {list, "WyJHU0kxIl0"},
		"no base64":        {list, "non sense"},
	} {
		got, err := after(c.list, c.cursor)
		var e *realname.Error
		if got != "" || !errors.As(err, &e) || e.Code != realname.CodeInvalidRequest || len(e.Fields) != 1 ||
			e.Fields[0].Pointer != "/cursor" {
			t.Errorf("%s: %q %v", what, got, err)
		}
	}
}

func TestACursorWithoutKeysIsNotAnInvalidCursor(t *testing.T) {
	broken := errors.New("no network")
	load := func() (vault.Keys, error) { return vault.Keys{}, broken }
	list := httpapi.Cursors{Sealer: vault.New(load, time.Now), AccountID: "a1", List: "sessions"}
	if _, err := list.Next("x"); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := list.After(httptest.NewRequest("GET", "/?cursor=AAAA", nil)); !errors.Is(err, broken) {
		t.Error(err)
	}
}
