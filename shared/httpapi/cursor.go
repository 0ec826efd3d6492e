package httpapi

import (
	"encoding/base64"
	"errors"
	"net/http"

	"realname/shared/realname"
)

// Cursors seals the cursors of one list of one account. A client can neither read a
// cursor nor use it in another list or for another account.
type Cursors struct {
	Sealer    realname.Sealer
	AccountID string
	List      string
}

// Next returns the cursor that continues after a position; nil after the last page.
func (c Cursors) Next(after string) (*string, error) {
	if after == "" {
		return nil, nil
	}
	sealed, err := c.Sealer.Seal([]byte(after), realname.AccountItem(c.AccountID), c.field())
	if err != nil {
		return nil, err
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(sealed))
	if err != nil {
		return nil, err
	}
	cursor := base64.RawURLEncoding.EncodeToString(raw) // a query holds it as it is
	return &cursor, nil
}

// After returns the position in the query's cursor; "" without a cursor.
// Errors: realname.CodeInvalidRequest for a cursor that Next did not return for this
// list and account.
func (c Cursors) After(r *http.Request) (string, error) {
	cursor := r.URL.Query().Get("cursor")
	if cursor == "" {
		return "", nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || base64.RawURLEncoding.EncodeToString(raw) != cursor {
		return "", invalid("/cursor", "query", "format")
	}
	sealed := realname.Sealed(base64.RawStdEncoding.EncodeToString(raw))
	after, err := c.Sealer.Open(sealed, realname.AccountItem(c.AccountID), c.field())
	if errors.Is(err, realname.ErrSealed) {
		return "", invalid("/cursor", "query", "format")
	}
	return string(after), err
}

func (c Cursors) field() string { return "cursor/" + c.List }

// Page is a caller's request for one page of a list.
type Page struct {
	Cursors
	Caller realname.Caller
	Limit  int
	From   string // the position after which the page starts
}

// PageOf reads the caller and the page that the query asks for.
// Errors: those of Caller; realname.CodeInvalidRequest.
func PageOf(r *http.Request, seal realname.Sealer, list string) (p Page, err error) {
	if p.Caller, err = Caller(r.Context()); err != nil {
		return p, err
	}
	if p.Limit, err = IntQuery(r, "limit", 20, 1, 100); err != nil {
		return p, err
	}
	p.Cursors = Cursors{Sealer: seal, AccountID: p.Caller.AccountID, List: list}
	p.From, err = p.After(r)
	return p, err
}
