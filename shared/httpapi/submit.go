package httpapi

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Submission reads what every request on a session carries: its body, its
// caller, the session of its path, and its idempotency key.
func Submission(r *http.Request, view SessionView) (body []byte, req verification.SubmitRequest, err error) {
	if body, err = Body(r); err != nil {
		return nil, req, err
	}
	caller, err := Caller(r.Context())
	if err != nil {
		return nil, req, err
	}
	idem, err := IdempotencyKey(r, view.Sealer, caller.AccountID, body)
	if err != nil {
		return nil, req, err
	}
	return body, verification.SubmitRequest{Caller: caller, SessionID: SessionID(r), Idempotency: idem, Render: view.Render(r)}, nil
}

// Submitted serves the one route of a function that takes submissions on a
// session.
func (a API) Submitted(route string, view SessionView, submit func(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error)) http.Handler {
	return a.Routes(map[string]Handler{route: func(w http.ResponseWriter, r *http.Request) error {
		body, req, err := Submission(r, view)
		if err != nil {
			return err
		}
		reply, err := submit(r, body, req)
		if err != nil {
			return err
		}
		return WriteReply(w, reply)
	}})
}

// SessionID is the session of the path. Text that no session has been given as
// an ID is as good as an unknown one.
func SessionID(r *http.Request) string {
	id := r.PathValue("id")
	if len(id) > 64 || !utf8.ValidString(id) {
		return "-"
	}
	return id
}

// By looks at a body's `by`, which decides what else it holds.
// Errors: realname.CodeInvalidRequest.
func By(body []byte) (realname.By, error) {
	fields, err := objectFields(body, "")
	if err != nil {
		return "", err
	}
	raw, given := fields["by"]
	if !given {
		return "", invalid("/by", "field", "missing")
	}
	var by realname.By
	if json.Unmarshal(raw, &by) != nil {
		return "", invalid("/by", "value", "type")
	}
	if by != realname.ByIDCard && by != realname.ByBankCard {
		return "", invalid("/by", "by", "unknown")
	}
	return by, nil
}
