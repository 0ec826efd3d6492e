// Package sessions starts, lists, reads, extends and cancels verification sessions.
package sessions

import (
	"net/http"
	"time"

	"realname/api"
	"realname/shared/httpapi"
	"realname/shared/realname"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	API          httpapi.API
	Verification *verification.Verification
	View         httpapi.SessionView
}

// New returns the function's handler.
func New(p Ports) http.Handler {
	return p.API.Routes(map[string]httpapi.Handler{
		"POST /v1/sessions":                 p.start,
		"GET /v1/sessions":                  p.list,
		"GET /v1/sessions/{id}":             p.get,
		"DELETE /v1/sessions/{id}":          p.cancel,
		"POST /v1/sessions/{id}/extensions": p.extend,
		"POST /v1/sessions/{id}/consents":   p.agree,
	})
}

func (p Ports) start(w http.ResponseWriter, r *http.Request) error {
	body, req, err := httpapi.Submission(r, p.View)
	if err != nil {
		return err
	}
	var in api.StartSession
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	method, known := realname.ParseMethod(string(in.Method))
	if !known {
		return &realname.Error{
			Code:   realname.CodeInvalidRequest,
			Fields: []realname.FieldError{{Pointer: "/method", Kind: "method", Rule: "unknown"}},
		}
	}
	reply, err := p.Verification.Start(r.Context(), verification.StartRequest{
		Caller: req.Caller, Method: method, ConsentVersion: in.ConsentVersion, Idempotency: req.Idempotency,
		Render: func(s realname.Session) realname.Reply {
			return httpapi.ReplyJSON(http.StatusCreated, p.View.Of(httpapi.Language(r), s))
		},
	})
	if err != nil {
		return err
	}
	if id := httpapi.IDOf(reply); id != "" {
		w.Header().Set("Location", "/v1/sessions/"+id)
	}
	return httpapi.WriteReply(w, reply)
}

func (p Ports) get(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	wait, err := httpapi.IntQuery(r, "wait", 0, 0, 5)
	if err != nil {
		return err
	}
	s, err := p.changed(r, caller, time.Duration(wait)*time.Second)
	if err != nil {
		return err
	}
	if tag := p.View.ETag(s); httpapi.NoneMatch(r, tag) {
		w.Header().Set("ETag", tag)
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return p.View.Write(w, r, http.StatusOK, s)
}

// lookEvery is how often a waiting request reads the session, at least.
const lookEvery = 200 * time.Millisecond

// changed reads the session. With a wait, it returns when the session differs from
// the version in If-None-Match or, without one, from the current version. A closed
// session does not change.
func (p Ports) changed(r *http.Request, caller realname.Caller, wait time.Duration) (realname.Session, error) {
	v := p.Verification
	first := ""
	end := v.Now().Add(wait)
	pause, stop := v.Watching(httpapi.SessionID(r))
	defer stop()
	for {
		view, err := v.Session(r.Context(), caller, httpapi.SessionID(r))
		if err != nil {
			return realname.Session{}, err
		}
		s := view.Session
		tag := p.View.ETag(s)
		if first == "" {
			first = tag
		}
		changed := tag != first || len(r.Header.Values("If-None-Match")) > 0 && !httpapi.NoneMatch(r, tag)
		if changed || !s.Live() || !v.Now().Add(lookEvery).Before(end) {
			return s, nil
		}
		if err := pause(r.Context(), lookEvery); err != nil {
			return realname.Session{}, err
		}
	}
}

func (p Ports) list(w http.ResponseWriter, r *http.Request) error {
	page, err := httpapi.PageOf(r, p.Verification.Sealer, "sessions")
	if err != nil {
		return err
	}
	found, next, err := p.Verification.List(r.Context(), page.Caller, page.Limit, page.From)
	if err != nil {
		return err
	}
	out := api.SessionList{Sessions: []api.Session{}}
	for _, s := range found {
		out.Sessions = append(out.Sessions, p.View.Of(httpapi.Language(r), s))
	}
	if out.Next, err = page.Next(next); err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, out)
}

func (p Ports) cancel(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	s, err := p.Verification.Cancel(r.Context(), caller, httpapi.SessionID(r))
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, p.View.Of(httpapi.Language(r), s))
}

func (p Ports) extend(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	s, err := p.Verification.Extend(r.Context(), caller, httpapi.SessionID(r))
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, p.View.Of(httpapi.Language(r), s))
}

func (p Ports) agree(w http.ResponseWriter, r *http.Request) error {
	caller, err := httpapi.Caller(r.Context())
	if err != nil {
		return err
	}
	body, err := httpapi.Body(r)
	if err != nil {
		return err
	}
	var in api.ConsentAnswer
	if err := httpapi.Decode(body, &in); err != nil {
		return err
	}
	s, err := p.Verification.Agree(r.Context(), caller, httpapi.SessionID(r), in.ConsentVersion)
	if err != nil {
		return err
	}
	return httpapi.WriteJSON(w, http.StatusOK, p.View.Of(httpapi.Language(r), s))
}
