// Package remote gives access to the table and the keys of a running service in one
// process over HTTP, so that the command line works as on DynamoDB. The routes have
// no access control: they exist only in the sandbox, and on the control socket of a
// state directory, which only its owner can open.
package remote

import (
	"errors"
	"fmt"
	"time"

	"realname/shared/auth"
	"realname/shared/table"
	"realname/shared/table/packed"
)

// Prefixes of the routes.
const (
	Sandbox = "/sandbox" // of the demonstration's own address
	Control = "/control" // of the control socket
)

// Routes, after their prefix. All are POST with a JSON body, which a page of another
// origin cannot send without a preflight request.
const (
	routeGet      = "/table/get"
	routeQuery    = "/table/query"
	routeTransact = "/table/transact"
	routeKeyset   = "/vault/keyset"
	routeReplace  = "/vault/replace"
	routeTokens   = "/tokens/keys"
	routeRenew    = "/tokens/renew"
	RouteBackup   = "/backup" // of the control socket only; answers with the backup
)

// form names the form of requests and answers. Version 1.0.0 named none. A change that a
// former command or service would misread needs a new name.
const (
	formHeader = "Realname-Form"
	form       = "packed"
)

// Items are sent with packed bodies, the form in which the table in memory keeps them.
type (
	getRequest      struct{ Keys []table.Key }
	transactRequest struct{ Writes []write }
	itemsAnswer     struct {
		Items  []item
		Listed []listed // instead of Items: what an index projects
		Next   string
	}
	listed struct {
		Key        table.Key
		GSI1, GSI2 table.IndexKey
	}
	keysetAnswer   struct{ Keyset []byte }
	tokensRequest  struct{ Kind auth.Kind }
	tokensAnswer   struct{ IDs []string }
	replaceRequest struct{ Old, New []byte }
	replaceAnswer  struct{ Replaced bool }
	renewRequest   struct {
		Kind    auth.Kind
		Signing string
	}
	renewAnswer struct{ KeyID string }
)

type item struct {
	Key     table.Key `json:",omitzero"` // but of a write, which has it
	Version int64
	GSI1    table.IndexKey `json:",omitzero"`
	GSI2    table.IndexKey `json:",omitzero"`
	Expires *int64         `json:",omitempty"` // in seconds
	Body    []byte         // packed
}

type write struct {
	Action table.Action
	Key    table.Key
	Item   *item // of a put
	If     table.Condition
}

func encodeWrite(w table.Write) (write, error) {
	out := write{Action: w.Action, Key: w.Item.Key, If: w.If}
	if w.Action != table.ActionPut {
		return out, nil
	}
	it, err := encodeItem(w.Item)
	it.Key, out.Item = table.Key{}, &it
	return out, err
}

func (w write) decode() (table.Write, error) {
	out := table.Write{Action: w.Action, Item: table.Item{Key: w.Key}, If: w.If}
	if w.Action != table.ActionPut {
		return out, nil
	}
	if w.Item == nil {
		return out, fmt.Errorf("%w: a put without an item", table.ErrInvalid)
	}
	var err error
	out.Item, err = w.Item.decode()
	out.Item.Key = w.Key
	return out, err
}

func encodeItem(it table.Item) (item, error) {
	body, err := packed.Pack(it.Body)
	out := item{Key: it.Key, Version: it.Version, GSI1: it.GSI1, GSI2: it.GSI2, Body: []byte(body)}
	if !it.Expires.IsZero() {
		seconds := it.Expires.Unix()
		out.Expires = &seconds
	}
	return out, err
}

func (i item) decode() (it table.Item, err error) {
	it = table.Item{Key: i.Key, Version: i.Version, GSI1: i.GSI1, GSI2: i.GSI2}
	if i.Expires != nil {
		it.Expires = time.Unix(*i.Expires, 0).UTC()
	}
	it.Body, err = packed.Unpack(string(i.Body))
	return it, err
}

func encodeItems(items []table.Item) ([]item, error) {
	out := make([]item, len(items))
	for i, it := range items {
		var err error
		if out[i], err = encodeItem(it); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func decodeItems(in []item) ([]table.Item, error) {
	var items []table.Item
	for _, i := range in {
		it, err := i.decode()
		if err != nil {
			return nil, err
		}
		items = append(items, it)
	}
	return items, nil
}

// failure is the JSON form of a table's error.
type failure struct {
	Kind    string
	Message string
	Refused []table.Refusal
}

// kinds maps the errors of the port to names.
var kinds = map[string]error{
	"throttled": table.ErrThrottled, "unavailable": table.ErrUnavailable, "too_large": table.ErrTooLarge,
	"invalid": table.ErrInvalid,
}

func failureOf(err error) failure {
	f := failure{Kind: "unavailable", Message: err.Error()}
	var conflict *table.ConflictError
	if errors.As(err, &conflict) {
		f.Kind, f.Refused = "conflict", conflict.Refused
		return f
	}
	for kind, known := range kinds {
		if errors.Is(err, known) {
			f.Kind = kind
		}
	}
	return f
}

func (f failure) err() error {
	if f.Kind == "conflict" {
		return &table.ConflictError{Refused: f.Refused}
	}
	known, ok := kinds[f.Kind]
	if !ok {
		known = table.ErrUnavailable
	}
	return fmt.Errorf("%w: message of the service: %s", known, f.Message)
}
