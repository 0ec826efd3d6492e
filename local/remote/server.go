package remote

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"

	"realname/shared/auth"
	"realname/shared/table"
)

// maxRequest bounds a request: a transaction's 4 MB, and much more.
const maxRequest = 64 << 20

// Keys gives access to the vault's unwrapped keys and the token keys.
type Keys interface {
	Clear() []byte
	// Replace replaces the vault's keys, unless the old ones are no longer current.
	Replace(old, renewed []byte) (replaced bool, err error)
	// TokenKeys returns the IDs of the token keys of a kind, in the order of their ring.
	TokenKeys(ctx context.Context, kind auth.Kind) ([]string, error)
	// RenewToken replaces the token key of a kind that does not sign.
	RenewToken(kind auth.Kind, signing string) (keyID string, err error)
}

// Mux takes the routes: a *http.ServeMux, for example.
type Mux interface {
	HandleFunc(pattern string, handler func(http.ResponseWriter, *http.Request))
}

// Register adds the routes of a table and of the keys under a prefix.
func Register(mux Mux, prefix string, t table.Table, keys Keys) {
	post := func(route string, h http.HandlerFunc) { mux.HandleFunc("POST "+prefix+route, h) }
	post(routeGet, serve(func(r *http.Request, in getRequest) (any, error) {
		items, err := t.Get(r.Context(), in.Keys...)
		if err != nil {
			return nil, err
		}
		encoded, err := encodeItems(items)
		return itemsAnswer{Items: encoded}, err
	}))
	post(routeQuery, serve(func(r *http.Request, in table.Query) (any, error) {
		page, err := t.Query(r.Context(), in)
		if err != nil {
			return nil, err
		}
		out := itemsAnswer{Next: page.Next}
		if in.Index != table.Primary {
			for _, it := range page.Items {
				out.Listed = append(out.Listed, listed{it.Key, it.GSI1, it.GSI2})
			}
			return out, nil
		}
		out.Items, err = encodeItems(page.Items)
		return out, err
	}))
	post(routeTransact, serve(func(r *http.Request, in transactRequest) (any, error) {
		writes := make([]table.Write, len(in.Writes))
		for i, w := range in.Writes {
			var err error
			if writes[i], err = w.decode(); err != nil {
				return nil, err
			}
		}
		return struct{}{}, t.Transact(r.Context(), writes...)
	}))
	post(routeKeyset, serve(func(*http.Request, struct{}) (any, error) {
		return keysetAnswer{keys.Clear()}, nil
	}))
	post(routeReplace, serve(func(_ *http.Request, in replaceRequest) (any, error) {
		replaced, err := keys.Replace(in.Old, in.New)
		return replaceAnswer{replaced}, err
	}))
	post(routeRenew, serve(func(_ *http.Request, in renewRequest) (any, error) {
		id, err := keys.RenewToken(in.Kind, in.Signing)
		return renewAnswer{id}, err
	}))
	post(routeTokens, serve(func(r *http.Request, in tokensRequest) (any, error) {
		ids, err := keys.TokenKeys(r.Context(), in.Kind)
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
		w.Header().Set(formHeader, form)
		if r.Header.Get(formHeader) != form {
			answer(w, http.StatusBadRequest, failure{Kind: "invalid", Message: ErrOtherVersion.Error()})
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
