// Package realnamestatus reports the verification status of enterprises to machine clients (R10).
package realnamestatus

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"realname/api"
	"realname/shared/auth/client"
	"realname/shared/httpapi"
	"realname/shared/idcode"
	"realname/shared/realname"
	"realname/shared/store"
)

// Ports is what the function needs from outside.
type Ports struct {
	API     httpapi.API
	Store   *store.Store
	Clients *store.Settings[client.Client]
	Limiter *client.Limiter
	Now     func() time.Time
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"GET /v1/enterprises/{uscc}/real-name-status": p.one,
		"POST /v1/enterprises/real-name-status":       p.many,
	})
}

// admit checks the machine client's scope and rate limit.
// Errors: realname.CodeScope, realname.CodeRateLimited.
func (p Ports) admit(ctx context.Context) error {
	m, err := httpapi.MachineOf(ctx, client.ScopeStatusRead)
	if err != nil {
		return err
	}
	client, known, err := p.Clients.Find(ctx, func(s store.Setting[client.Client]) bool { return s.Name == m.ClientID })
	if err != nil {
		return err
	}
	if !known || !client.Value.InUse(p.Now()) {
		return &realname.Error{Code: realname.CodeTokenRevoked}
	}
	wait, err := p.Limiter.Take(ctx, m.ClientID, client.Value.PerMinute)
	if err != nil {
		return err
	}
	if wait > 0 {
		return &realname.Error{Code: realname.CodeRateLimited, RetryAfter: wait}
	}
	return nil
}

func (p Ports) one(w http.ResponseWriter, r *http.Request) error {
	if err := p.admit(r.Context()); err != nil {
		return err
	}
	uscc := idcode.NormalizeCode(r.PathValue("uscc"))
	if idcode.ValidateUSCC(uscc) != nil {
		return &realname.Error{Code: realname.CodeNotFound}
	}
	e, err := p.Store.LoadEnterprise(r.Context(), uscc)
	if err != nil {
		return err
	}
	if e.USCC == "" {
		return &realname.Error{Code: realname.CodeNotFound}
	}
	tag := strconv.Quote(fmt.Sprintf("%s-%d", e.USCC, e.Version))
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	if httpapi.NoneMatch(r, tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return httpapi.WriteJSON(w, http.StatusOK, statusOf(e))
}

// mostAtOnce is the maximum number of enterprises in one request: one call to the
// table reads as many.
const mostAtOnce = 100

func (p Ports) many(w http.ResponseWriter, r *http.Request) error {
	if err := p.admit(r.Context()); err != nil {
		return err
	}
	body, err := httpapi.Body(r)
	if err != nil {
		return err
	}
	var in api.StatusQuery
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	codes, err := distinct(in.Usccs)
	if err != nil {
		return err
	}
	known, err := p.Store.LoadEnterprises(r.Context(), codes)
	if err != nil {
		return err
	}
	out := api.StatusList{Enterprises: []api.RealNameStatus{}, NotFound: []string{}}
	for _, uscc := range codes {
		if e, ok := known[uscc]; ok {
			out.Enterprises = append(out.Enterprises, statusOf(e))
		} else {
			out.NotFound = append(out.NotFound, uscc)
		}
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

// distinct normalizes the codes and removes duplicates, in order.
// Errors: realname.CodeInvalidRequest with every broken one.
func distinct(given []string) ([]string, error) {
	if len(given) < 1 || len(given) > mostAtOnce {
		return nil, &realname.Error{
			Code: realname.CodeInvalidRequest, Fields: []realname.FieldError{{Pointer: "/usccs", Kind: "list", Rule: "length"}},
		}
	}
	var broken []realname.FieldError
	var codes []string
	seen := map[string]bool{}
	for i, text := range given {
		code := idcode.NormalizeCode(text)
		if err := idcode.ValidateUSCC(code); err != nil {
			broken = append(broken, realname.FieldError{
				Pointer: fmt.Sprintf("/usccs/%d", i), Kind: "uscc", Rule: idcode.RuleOf(err),
			})
			continue
		}
		if !seen[code] {
			seen[code] = true
			codes = append(codes, code)
		}
	}
	if broken != nil {
		return nil, &realname.Error{Code: realname.CodeInvalidRequest, Fields: broken}
	}
	return codes, nil
}

func statusOf(e realname.Enterprise) api.RealNameStatus {
	aspects := httpapi.Aspects(e.State(realname.EnterpriseAspect), e.State(realname.HolderAspect))
	return api.RealNameStatus{Uscc: e.USCC, Enterprise: aspects.Enterprise, Holder: aspects.Holder}
}
