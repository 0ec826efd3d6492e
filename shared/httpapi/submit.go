package httpapi

import (
	"encoding/json"
	"net/http"
	"unicode/utf8"

	"realname/shared/realname"
	"realname/shared/verification"
)

// Submission reads the common parts of a request on a session: the body, the
// caller, the session in the path, and the idempotency key.
func Submission(r *http.Request, view SessionView) (body []byte, req verification.SubmitRequest, err error) {
	body, caller, idem, err := keyed(r, view.Sealer)
	if err != nil {
		return nil, req, err
	}
	req = verification.SubmitRequest{
		Caller: caller, SessionID: SessionID(r), Idempotency: idem, Render: view.Render(r),
	}
	return body, req, nil
}

// Submitted serves the one route of a function that accepts submissions on a
// session.
func (a API) Submitted(
	route string, view SessionView,
	submit func(r *http.Request, body []byte, req verification.SubmitRequest) (realname.Reply, error),
) http.Handler {
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

// SessionID returns the session ID in the path, or "-", an unknown one, if the text
// cannot be an ID.
func SessionID(r *http.Request) string {
	id := r.PathValue("id")
	if len(id) > 64 || !utf8.ValidString(id) {
		return "-"
	}
	return id
}

// By returns the member `by` of a body, which decides the other members.
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
