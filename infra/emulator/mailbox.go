package main

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
)

// sender is the sender's address of e-mails.
const sender = "realname@example.com"

// link matches the link in an e-mail.
var link = regexp.MustCompile(`https?://\S+#\S+`)

// mailbox answers GET /sandbox/email?to=… like the embedded default, with the link
// of the last e-mail that SES received for the address.
func (w *workshop) mailbox() http.Handler {
	return http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		response, err := w.client().Get(w.endpoint + "/_ministack/ses/messages?account=" + account)
		if err != nil {
			http.Error(out, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = response.Body.Close() }() // read to its end
		var sent struct {
			Messages map[string][]struct {
				To       []string
				BodyText string
			}
		}
		if err := json.NewDecoder(response.Body).Decode(&sent); err != nil {
			http.Error(out, err.Error(), http.StatusBadGateway)
			return
		}
		for _, m := range slices.Backward(sent.Messages[account]) {
			if slices.Contains(m.To, r.URL.Query().Get("to")) {
				_ = json.NewEncoder(out).Encode(map[string]string{
					"link": link.FindString(m.BodyText),
				}) // the caller is gone if it fails
				return
			}
		}
		http.Error(out, "no e-mail was sent to this address", http.StatusNotFound)
	})
}
