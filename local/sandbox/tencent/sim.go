// Package tencent is a simulator of the Tencent Cloud APIs that realname uses. It
// verifies signatures as documented, answers from the data files of the embedded
// default, and fails on request. It implements the real protocol over HTTP, so that
// realname runs unchanged against it.
package tencent

import (
	"bytes"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"realname/local/sandbox/provider"
)

// Config configures a simulator.
type Config struct {
	SecretID, SecretKey string
	EncryptionKey       *rsa.PrivateKey // for encrypted fields; nil refuses them
	Data                provider.Data
	Rate                int // requests per second for each API, above it RequestLimitExceeded; 0 is no limit
	Now                 func() time.Time
	// Random returns a number in [0,1) that decides which requests fail by the error rate.
	Random func() float64
}

// Sim is a running simulator.
type Sim struct {
	config     Config
	enterprise map[string]provider.Enterprise // by USCC
	identity   map[string]provider.Identity   // by ID number
	card       map[string]provider.Card       // by card number
	handler    http.Handler

	mu       sync.Mutex
	keys     map[string]string // secret keys by ID
	messages map[string]Message
	apis     map[string]*apiState // by action
}

// New returns a simulator.
func New(c Config) *Sim {
	s := &Sim{
		config: c, enterprise: map[string]provider.Enterprise{}, identity: map[string]provider.Identity{},
		card: map[string]provider.Card{},
		keys: map[string]string{c.SecretID: c.SecretKey}, messages: map[string]Message{}, apis: map[string]*apiState{},
	}
	for _, e := range c.Data.Registry {
		s.enterprise[e.USCC] = e
	}
	for _, i := range c.Data.Identities {
		s.identity[i.IDNumber] = i
	}
	for _, b := range c.Data.Cards {
		s.card[b.CardNumber] = b
	}
	for _, a := range actions {
		s.apis[a.action] = &apiState{}
	}
	s.handler = s.routes()
	return s
}

// ServeHTTP implements http.Handler.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Rotate replaces the key pair, as staff do in the console.
func (s *Sim) Rotate(secretID, secretKey string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = map[string]string{secretID: secretKey}
}

func (s *Sim) secretKey(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ok := s.keys[id]
	return key, ok
}

// action is one API of Tencent Cloud.
type action struct {
	service, version, action string
	target                   Target
	answer                   func(s *Sim, params map[string]any) (map[string]any, string)
}

var actions = []action{
	{"ocr", "2018-11-19", "VerifyBizLicenseEnterprise4", Registry, (*Sim).verifyEnterprise},
	{"faceid", "2018-03-01", "CheckIdNameDate", IDCard, (*Sim).checkIDCard},
	{"faceid", "2018-03-01", "BankCard4EVerification", BankCard, (*Sim).verifyBankCard},
	{"sms", "2021-01-11", "SendSms", SMS, (*Sim).sendSMS},
}

// maxBody bounds a request.
const maxBody = 64 << 10

// api answers one request: it checks signature and action, applies the trouble, and reads the data.
func (s *Sim) api(w http.ResponseWriter, r *http.Request) {
	id := uuid.NewString()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		answer(w, id, refusal("InvalidParameter"))
		return
	}
	service, code := s.authenticate(r, body)
	if code != "" {
		answer(w, id, refusal(code))
		return
	}
	a, ok := find(r.Header.Get("X-TC-Action"))
	switch {
	case !ok:
		answer(w, id, refusal("InvalidAction"))
		return
	case a.service != service || a.version != r.Header.Get("X-TC-Version"):
		answer(w, id, refusal("NoSuchVersion"))
		return
	}
	state := s.apis[a.action]
	trouble := s.begin(state)
	defer s.end(state)
	if !trouble.before(w, r, id) {
		return
	}
	var params map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(&params); err != nil {
		answer(w, id, refusal("InvalidParameter"))
		return
	}
	if code := s.decrypt(params); code != "" {
		answer(w, id, refusal(code))
		return
	}
	result, code := a.answer(s, params)
	if code != "" {
		result = refusal(code)
	}
	trouble.after(w, id, result)
}

func find(name string) (action, bool) {
	for _, a := range actions {
		if a.action == name {
			return a, true
		}
	}
	return action{}, false
}

// refusal is the Error of a response. Its message is as vague as the real ones.
func refusal(code string) map[string]any {
	return map[string]any{"Error": map[string]any{"Code": code, "Message": "simulated"}}
}

// answer writes a response. Tencent Cloud uses status 200 for errors, too.
func answer(w http.ResponseWriter, requestID string, result map[string]any) {
	result["RequestId"] = requestID
	writeJSON(w, http.StatusOK, map[string]any{"Response": result})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller is gone if it fails
}
