package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"realname/shared/realname"
)

// IntQuery reads an integer from the query, or returns otherwise if it is missing.
// Errors: realname.CodeInvalidRequest if it is not an integer from least to most.
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

// IDOf returns the id in the body of a stored reply, or "".
func IDOf(reply realname.Reply) string {
	var body struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(reply.Body, &body) != nil {
		return ""
	}
	return body.ID
}
