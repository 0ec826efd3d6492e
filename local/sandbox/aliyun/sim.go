// Package aliyun is a simulator of the Alibaba Cloud APIs that realname uses. It
// verifies signatures as documented, answers from the data files of the embedded
// default, and fails on request. It compares names character by character.
package aliyun

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/google/uuid"

	"realname/local/sandbox/provider"
	"realname/local/sandbox/trouble"
)

// Config configures a simulator.
type Config struct {
	AccessKeyID, AccessKeySecret string
	Data                         provider.Data
	Rate                         int // requests per second for each API, above it Throttling; 0 is no limit
	Now                          func() time.Time
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

	mu       sync.Mutex
	keys     map[string]string    // secrets by access key ID
	nonces   map[string]time.Time // used nonces
	business map[string]bool      // used MerchantBizIds
}

var dialect = trouble.Dialect{
	Error: func(w http.ResponseWriter, id string) {
		fail(w, id, http.StatusInternalServerError, "InternalError")
	},
	Throttle: func(w http.ResponseWriter, id string) { fail(w, id, http.StatusBadRequest, "Throttling.Api") },
	Answer:   answer,
}

// New returns a simulator.
func New(c Config) *Sim {
	s := &Sim{
		config: c, records: c.Data.Records(), keys: map[string]string{c.AccessKeyID: c.AccessKeySecret},
		nonces: map[string]time.Time{}, business: map[string]bool{},
		Switches: trouble.New(dialect, c.Rate, c.Now, c.Random,
			trouble.Registry, trouble.IDCard, trouble.BankCard, trouble.SMS),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", s.api)
	mux.HandleFunc("GET /sandbox/sms", s.ShowLast)
	s.Routes(mux)
	s.handler = http.NewCrossOriginProtection().Handler(mux) // no other site acts through a visitor's browser
	return s
}

// ServeHTTP implements http.Handler.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Rotate replaces the access key, as staff do in the console.
func (s *Sim) Rotate(id, secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys = map[string]string{id: secret}
}

// action is one API of Alibaba Cloud.
type action struct {
	version, action string
	target          trouble.Target
	answer          func(s *Sim, p url.Values) map[string]any
}

var actions = []action{
	{"2022-11-25", "EntElementVerifyV2", trouble.Registry, (*Sim).verifyEnterprise},
	{"2019-03-07", "Id2MetaPeriodVerify", trouble.IDCard, (*Sim).checkIDCard},
	{"2019-03-07", "BankMetaVerify", trouble.BankCard, (*Sim).verifyBankCard},
	{"2017-05-25", "SendSms", trouble.SMS, (*Sim).sendSMS},
}

// maxBody bounds a request.
const maxBody = 64 << 10

// api answers one request: it checks the signature and the action, applies the trouble,
// and reads the data.
func (s *Sim) api(w http.ResponseWriter, r *http.Request) {
	id := uuid.NewString()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, id, http.StatusBadRequest, "InvalidParameter")
		return
	}
	if status, code := s.authenticate(r, body); code != "" {
		fail(w, id, status, code)
		return
	}
	params, err := url.ParseQuery(string(body))
	if err != nil {
		fail(w, id, http.StatusBadRequest, "InvalidParameter")
		return
	}
	for name, values := range r.URL.Query() {
		params[name] = values
	}
	for _, a := range actions {
		if a.action != r.Header.Get("x-acs-action") {
			continue
		}
		if a.version != r.Header.Get("x-acs-version") {
			fail(w, id, http.StatusBadRequest, "NoSuchVersion")
			return
		}
		request := s.Begin(a.target)
		defer request.End()
		if request.Before(w, r, id) {
			request.After(w, id, a.answer(s, params))
		}
		return
	}
	fail(w, id, http.StatusNotFound, "InvalidAction.NotFound")
}

// answer writes an answer with the request's ID.
func answer(w http.ResponseWriter, requestID string, result map[string]any) {
	result["RequestId"] = requestID
	trouble.WriteJSON(w, http.StatusOK, result)
}

// fail writes an error of the gateway. Its message is as vague as the real ones.
func fail(w http.ResponseWriter, requestID string, status int, code string) {
	trouble.WriteJSON(w, status, map[string]any{
		"RequestId": requestID, "Code": code, "Message": "simulated", "HostId": "simulated", "Recommend": "",
	})
}
