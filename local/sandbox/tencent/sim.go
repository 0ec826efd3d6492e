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
	"realname/local/sandbox/trouble"
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
	config  Config
	records provider.Records
	handler http.Handler

	*trouble.Switches
	provider.Phones

	mu   sync.Mutex
	keys map[string]string // secret keys by ID
}

// New returns a simulator.
func New(c Config) *Sim {
	s := &Sim{
		config: c, records: c.Data.Records(),
		keys:     map[string]string{c.SecretID: c.SecretKey},
		Switches: trouble.New(dialect, c.Rate, c.Now, c.Random, Registry, IDCard, BankCard, SMS),
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

// Names of the switches, so that a test of Tencent Cloud needs one import.
type (
	// Target is trouble.Target.
	Target = trouble.Target
	// Mode is trouble.Mode.
	Mode = trouble.Mode
	// Behavior is trouble.Behavior.
	Behavior = trouble.Behavior
)

// Targets and modes.
const (
	Registry = trouble.Registry
	IDCard   = trouble.IDCard
	BankCard = trouble.BankCard
	SMS      = trouble.SMS

	Timeout    = trouble.Timeout
	Error      = trouble.Error
	Throttle   = trouble.Throttle
	DropAnswer = trouble.DropAnswer
	Malformed  = trouble.Malformed
	ServerDown = trouble.ServerDown
)

var dialect = trouble.Dialect{
	Error:    func(w http.ResponseWriter, id string) { answer(w, id, refusal("InternalError")) },
	Throttle: func(w http.ResponseWriter, id string) { answer(w, id, refusal("RequestLimitExceeded")) },
	Answer:   answer,
}

// routes are the API and the sandbox controls.
func (s *Sim) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", s.api)
	mux.HandleFunc("GET /sandbox/sms", s.ShowLast)
	s.Routes(mux)
	return http.NewCrossOriginProtection().Handler(mux) // no other site acts through a visitor's browser
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
	request := s.Begin(a.target)
	defer request.End()
	if !request.Before(w, r, id) {
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
	request.After(w, id, result)
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
	trouble.WriteJSON(w, http.StatusOK, map[string]any{"Response": result})
}
