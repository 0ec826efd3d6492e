package remote

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"

	"realname/shared/auth"
	"realname/shared/table"
)

// maxRequest bounds a request: a transaction's 4 MB as DynamoDB JSON.
const maxRequest = 64 << 20

// Keyset gives access to the vault's unwrapped keys.
type Keyset interface {
	Clear() []byte
	// Replace replaces the keys, unless the old ones are no longer current.
	Replace(old, renewed []byte) bool
}

// Register adds the routes of a table, of the vault's unwrapped keyset and of the IDs of
// the token keys.
func Register(
	mux *http.ServeMux, t table.Table, keyset Keyset, tokenKeys func(context.Context, auth.Kind) ([]string, error),
) {
	mux.HandleFunc("POST "+routeGet, serve(func(r *http.Request, in getRequest) (any, error) {
		items, err := t.Get(r.Context(), in.Keys...)
		if err != nil {
			return nil, err
		}
		encoded, err := encodeItems(items)
		return itemsAnswer{Items: encoded}, err
	}))
	mux.HandleFunc("POST "+routeQuery, serve(func(r *http.Request, in table.Query) (any, error) {
		page, err := t.Query(r.Context(), in)
		if err != nil {
			return nil, err
		}
		encoded, err := encodeItems(page.Items)
		return itemsAnswer{Items: encoded, Next: page.Next}, err
	}))
	mux.HandleFunc("POST "+routeTransact, serve(func(r *http.Request, in transactRequest) (any, error) {
		writes := make([]table.Write, len(in.Writes))
		for i, w := range in.Writes {
			var err error
			if writes[i], err = w.decode(); err != nil {
				return nil, err
			}
		}
		return struct{}{}, t.Transact(r.Context(), writes...)
	}))
	mux.HandleFunc("POST "+routeKeyset, serve(func(*http.Request, struct{}) (any, error) {
		return keysetAnswer{keyset.Clear()}, nil
	}))
	mux.HandleFunc("POST "+routeReplace, serve(func(_ *http.Request, in replaceRequest) (any, error) {
		return replaceAnswer{keyset.Replace(in.Old, in.New)}, nil
	}))
	mux.HandleFunc("POST "+routeTokens, serve(func(r *http.Request, in tokensRequest) (any, error) {
		ids, err := tokenKeys(r.Context(), in.Kind)
		return tokensAnswer{ids}, err
	}))
}

func serve[T any](do func(*http.Request, T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil ||
			mediaType != "application/json" {
			http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
			return
		}
		var in T
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxRequest))
		d.DisallowUnknownFields()
		d.UseNumber()
		if err := d.Decode(&in); err != nil {
			answer(w, http.StatusBadRequest, failure{Kind: "invalid", Message: err.Error()})
			return
		}
		out, err := do(r, in)
		if err != nil {
			answer(w, http.StatusConflict, failureOf(err))
			return
		}
		answer(w, http.StatusOK, out)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if it fails
}
