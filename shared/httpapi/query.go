package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"realname/shared/realname"
)

// IntQuery reads a whole number from the query.
// Errors: realname.CodeInvalidRequest when it is none or out of bounds.
func IntQuery(r *http.Request, name string, otherwise, least, most int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, invalid("/"+name, "query", "format")
	}
	return n, nil
}

// IDOf reads the id of a kept answer.
func IDOf(reply realname.Reply) string {
	var body struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(reply.Body, &body) != nil {
		return ""
	}
	return body.ID
}
