// Package remote gives access to the table and the keys of a running service in one
// process over HTTP, so that the command line works as on DynamoDB. The routes have
// no access control: they exist only in the sandbox, and on the control socket of a
// state directory, which only its owner can open.
package remote

import (
	"errors"
	"fmt"

	"realname/shared/auth"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
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

// Items are sent as DynamoDB JSON, the form in which both tables store them.
type (
	getRequest      struct{ Keys []table.Key }
	transactRequest struct{ Writes []write }
	itemsAnswer     struct {
		Items  []map[string]any
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

type write struct {
	Action table.Action
	Key    table.Key
	Item   map[string]any
	If     table.Condition
}

func encodeWrite(w table.Write) (write, error) {
	out := write{Action: w.Action, Key: w.Item.Key, If: w.If}
	if w.Action != table.ActionPut {
		return out, nil
	}
	var err error
	out.Item, err = dynamojson.Encode(w.Item)
	return out, err
}

func (w write) decode() (table.Write, error) {
	out := table.Write{Action: w.Action, Item: table.Item{Key: w.Key}, If: w.If}
	if w.Action != table.ActionPut {
		return out, nil
	}
	var err error
	out.Item, err = dynamojson.Decode(w.Item)
	return out, err
}

func encodeItems(items []table.Item) ([]map[string]any, error) {
	out := make([]map[string]any, len(items))
	for i, it := range items {
		var err error
		if out[i], err = dynamojson.Encode(it); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func decodeItems(in []map[string]any) ([]table.Item, error) {
	var items []table.Item
	for _, m := range in {
		it, err := dynamojson.Decode(m)
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
