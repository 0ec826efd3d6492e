package httpapi

import (
	"encoding/json"
	"net/http"

	"realname/shared/realname"
)

// WriteJSON writes a response with a JSON body.
func WriteJSON(w http.ResponseWriter, status int, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, err = w.Write(raw)
	return err
}

// WriteReply writes a stored reply, or one that is about to be stored.
func WriteReply(w http.ResponseWriter, reply realname.Reply) error {
	mediaType := "application/json; charset=utf-8"
	if reply.Status >= http.StatusBadRequest {
		mediaType = problemType
		var p struct {
			RetryAfter *int `json:"retryAfter"`
		}
		if json.Unmarshal(reply.Body, &p) == nil && p.RetryAfter != nil {
			setRetryAfter(w, *p.RetryAfter)
		}
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(reply.Status)
	_, err := w.Write(reply.Body)
	return err
}

// ReplyJSON returns a reply that can be stored.
func ReplyJSON(status int, body any) realname.Reply {
	raw, err := json.Marshal(body)
	if err != nil {
		return realname.Reply{Status: http.StatusInternalServerError, Body: []byte("{}")}
	}
	return realname.Reply{Status: status, Body: raw}
}

// ReplyProblem returns the problem of an error as a reply that can be stored.
func ReplyProblem(r *http.Request, err error) realname.Reply {
	p := newProblem(r, err)
	return ReplyJSON(p.Status, p)
}
