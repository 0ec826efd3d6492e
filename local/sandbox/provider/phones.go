package provider

import (
	"net/http"
	"sync"
	"time"

	"realname/local/sandbox/trouble"
)

// Message is an SMS that a provider would send.
type Message struct {
	Code   string    `json:"code"`
	Text   string    `json:"text"`
	SentAt time.Time `json:"sentAt"`
}

// Phones keep the latest message to each number. The zero value is ready to use.
type Phones struct {
	mu   sync.Mutex
	last map[string]Message
}

// Receive keeps a message that is sent now.
func (p *Phones) Receive(mobile, code, text string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == nil {
		p.last = map[string]Message{}
	}
	p.last[mobile] = Message{Code: code, Text: text, SentAt: now.UTC().Truncate(time.Second)}
}

// LastMessage returns the latest message to a number.
func (p *Phones) LastMessage(mobile string) (Message, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.last[mobile]
	return m, ok
}

// ShowLast is GET /sandbox/sms?mobile=…: the last message to a number.
func (p *Phones) ShowLast(w http.ResponseWriter, r *http.Request) {
	m, ok := p.LastMessage(r.URL.Query().Get("mobile"))
	if !ok {
		trouble.WriteJSON(w, http.StatusNotFound, map[string]string{"message": "no message was sent to this number"})
		return
	}
	trouble.WriteJSON(w, http.StatusOK, m)
}
