package bank

import (
	"sync"
	"time"
)

// stage is the current page of a visit.
type stage string

const (
	stageCertificate stage = "certificate" // 选择证书
	stageConfirm     stage = "confirm"     // the content of the handover
	stagePassword    stage = "password"    // UKey 密码
	stageDone        stage = "done"
)

// trouble is a fault in the callback to the service.
type trouble string

const (
	troubleNone      trouble = ""
	troubleSignature trouble = "wrong_signature"
	troubleSlow      trouble = "slow"
	troubleDuplicate trouble = "duplicate"
	troubleOther     trouble = "other_enterprise"
	troubleSilent    trouble = "never"
)

func troubles() []trouble {
	return []trouble{troubleNone, troubleSignature, troubleSlow, troubleDuplicate, troubleOther, troubleSilent}
}

// certificate is a choice of the certificate in the UKey. Only the first one passes.
type certificate string

const (
	certificateOwn      certificate = "own"
	certificateExpired  certificate = "expired"
	certificateOther    certificate = "other"
	certificatePersonal certificate = "personal"
)

func certificates() []certificate {
	return []certificate{certificateOwn, certificateExpired, certificateOther, certificatePersonal}
}

// visit is one browser's visit to the bank.
type visit struct {
	ID, Code    string
	Handed      handed
	Stage       stage
	OpenedAt    time.Time
	Certificate certificate
	Trouble     trouble
	WrongTries  int
	Result      string // PASS or FAIL at the end
	Reason      string
	// Sent holds the service's answers to the callback: statuses or errors.
	Sent []string
	Over bool // no more callbacks follow
}

// maxVisits bounds the stored visits. The bank drops the oldest first.
const maxVisits = 1000

type visits struct {
	mu    sync.Mutex
	byID  map[string]*visit
	order []string
}

func (s *visits) open(v *visit) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]*visit{}
	}
	if len(s.order) >= maxVisits {
		delete(s.byID, s.order[0])
		s.order = s.order[1:]
	}
	s.byID[v.ID] = v
	s.order = append(s.order, v.ID)
	return v.ID
}

// get returns a copy. ok is false if the bank has no such visit.
func (s *visits) get(code, id string) (v visit, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[id]
	if !ok || p.Code != code {
		return visit{}, false
	}
	v = *p
	v.Sent = append([]string(nil), p.Sent...)
	return v, true
}

func (s *visits) change(id string, f func(*visit)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok := s.byID[id]; ok {
		f(v)
	}
}
