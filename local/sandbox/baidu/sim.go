// Package baidu is a simulator of the Baidu AI Cloud APIs that realname uses. It issues
// and verifies access tokens as documented, answers from the data files of the embedded
// default, and fails on request. It compares names character by character.
package baidu

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"realname/local/sandbox/provider"
	"realname/local/sandbox/trouble"
	"realname/shared/idcode"
)

// Config configures a simulator.
type Config struct {
	APIKey, SecretKey string
	TokenLife         time.Duration // of an access token; 0 means the documented 30 days
	Data              provider.Data
	Rate              int // requests per second for each API, above it error 18; 0 is no limit
	Now               func() time.Time
	// Random returns a number in [0,1) that decides which requests fail by the error rate.
	Random func() float64
}

// Sim is a running simulator.
type Sim struct {
	config  Config
	records provider.Records
	handler http.Handler

	*trouble.Switches

	serial atomic.Int64 // numbers requests and tokens

	mu     sync.Mutex
	key    Config
	tokens map[string]time.Time // ends of the issued tokens
	issued int
}

var dialect = trouble.Dialect{
	Error:    func(w http.ResponseWriter, id string) { fail(w, id, 282000) },
	Throttle: func(w http.ResponseWriter, id string) { fail(w, id, 18) },
	Answer:   answer,
}

// New returns a simulator.
func New(c Config) *Sim {
	s := &Sim{
		config: c, key: c, records: c.Data.Records(),
		tokens:   map[string]time.Time{},
		Switches: trouble.New(dialect, c.Rate, c.Now, c.Random, trouble.Registry, trouble.IDCard),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/2.0/token", s.issue)
	mux.HandleFunc("POST /rest/2.0/ocr/v1/four_factors_verification", s.api(trouble.Registry, s.verifyEnterprise))
	mux.HandleFunc("POST /rest/2.0/face/v4/idmatch_date", s.api(trouble.IDCard, s.checkIDCard))
	s.Routes(mux)
	s.handler = http.NewCrossOriginProtection().Handler(mux) // no other site acts through a visitor's browser
	return s
}

// ServeHTTP implements http.Handler.
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Rotate replaces the keys, as staff do in the console. It ends every token.
func (s *Sim) Rotate(apiKey, secretKey string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key.APIKey, s.key.SecretKey = apiKey, secretKey
	clear(s.tokens)
}

// Revoke ends every token.
func (s *Sim) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// Issued returns the number of issued tokens.
func (s *Sim) Issued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}

// tokenLife is the documented life of a token.
const tokenLife = 30 * 24 * time.Hour

// issue is POST /oauth/2.0/token.
func (s *Sim) issue(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case r.FormValue("grant_type") != "client_credentials":
		refuse(w, "unsupported_grant_type", "The authorization grant type is not supported")
		return
	case r.FormValue("client_id") != s.key.APIKey:
		refuse(w, "invalid_client", "unknown client id")
		return
	case subtle.ConstantTimeCompare([]byte(r.FormValue("client_secret")), []byte(s.key.SecretKey)) != 1:
		refuse(w, "invalid_client", "Client authentication failed")
		return
	}
	life := s.config.TokenLife
	if life == 0 {
		life = tokenLife
	}
	token := "24.simulated." + strconv.FormatInt(s.serial.Add(1), 10)
	s.tokens[token] = s.config.Now().Add(life)
	s.issued++
	trouble.WriteJSON(w, http.StatusOK, map[string]any{
		"access_token": token, "expires_in": int64(life / time.Second), "scope": "public",
	})
}

func refuse(w http.ResponseWriter, code, text string) {
	trouble.WriteJSON(w, http.StatusUnauthorized, map[string]any{"error": code, "error_description": text})
}

// tokenError returns the error_code for the request's token; 0 if it is valid.
func (s *Sim) tokenError(r *http.Request) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, known := s.tokens[r.URL.Query().Get("access_token")]
	switch {
	case !known:
		return 110
	case !s.config.Now().Before(until):
		return 111
	}
	return 0
}

// maxBody bounds a request.
const maxBody = 64 << 10

// api returns the handler of one API. answer returns the result or an error_code.
func (s *Sim) api(t trouble.Target, answer func(url.Values) (map[string]any, int)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id := strconv.FormatInt(1556870623987097000+s.serial.Add(1), 10)
		if code := s.tokenError(r); code != 0 {
			fail(w, id, code)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		params, perr := parse(r.Header.Get("Content-Type"), body)
		if err != nil || perr != nil {
			fail(w, id, 216100)
			return
		}
		request := s.Begin(t)
		defer request.End()
		if !request.Before(w, r, id) {
			return
		}
		result, code := answer(params)
		if code != 0 {
			result = map[string]any{"error_code": code, "error_msg": "simulated"}
		}
		request.After(w, id, result)
	}
}

// parse reads a form or a JSON object of texts.
func parse(contentType string, body []byte) (url.Values, error) {
	if !strings.HasPrefix(contentType, "application/json") {
		return url.ParseQuery(string(body))
	}
	var fields map[string]string
	err := json.Unmarshal(body, &fields)
	params := url.Values{}
	for name, v := range fields {
		params.Set(name, v)
	}
	return params, err
}

// answer writes an answer. Its log_id is a number.
func answer(w http.ResponseWriter, id string, result map[string]any) {
	result["log_id"] = json.Number(id)
	trouble.WriteJSON(w, http.StatusOK, result)
}

// fail writes an error. Baidu uses status 200 for errors, too.
func fail(w http.ResponseWriter, id string, code int) {
	answer(w, id, map[string]any{"error_code": code, "error_msg": "simulated"})
}

// verifyEnterprise is four_factors_verification.
func (s *Sim) verifyEnterprise(p url.Values) (map[string]any, int) {
	for _, n := range []string{"name", "idcard", "company", "regnum"} {
		if p.Get(n) == "" {
			return nil, 216101
		}
	}
	fields := map[string]any{"namematch": "2", "idnummatch": "2", "companymatch": "2", "regnummatch": "0"}
	e, known := s.records.Enterprises[p.Get("regnum")]
	verified := known && e.Covered
	if verified {
		fields["regnummatch"] = "1"
		l := e.LegalRepresentative
		for name, same := range map[string]bool{
			"namematch":    l.Name == p.Get("name"),
			"idnummatch":   idcode.SameNumber(l.IDType, l.IDNumber, l.IDType, p.Get("idcard")),
			"companymatch": e.Name == p.Get("company"),
		} {
			fields[name] = map[bool]string{true: "1", false: "0"}[same]
			verified = verified && same
		}
	}
	fields["verifyresult"] = map[bool]string{true: "1", false: "0"}[verified]
	return map[string]any{"words_result_num": len(fields), "words_result": fields}, 0
}

// checkIDCard is idmatch_date.
func (s *Sim) checkIDCard(p url.Values) (map[string]any, int) {
	for _, n := range []string{"name", "id_card_number", "start_date", "end_date"} {
		if p.Get(n) == "" {
			return nil, 216101
		}
	}
	from, to := p.Get("start_date"), p.Get("end_date")
	if idcode.ValidateResidentID(p.Get("id_card_number"), s.config.Now()) != nil {
		return nil, 216600
	}
	start, err := time.Parse("20060102", from)
	if err != nil || from < "19840101" {
		return nil, 216100
	}
	if to != idcode.LongTerm {
		if end, err := time.Parse("20060102", to); err != nil || end.Before(start.AddDate(5, 0, 0)) {
			return nil, 216100
		}
	}
	i, known := s.records.Identities[p.Get("id_card_number")]
	status := 1
	if known && i.Name == p.Get("name") && i.ValidFrom == from && i.ValidTo == to {
		status = 0
	}
	return map[string]any{
		"error_code": 0, "error_msg": "SUCCESS", "result": map[string]any{"verify_status": status},
	}, 0
}
