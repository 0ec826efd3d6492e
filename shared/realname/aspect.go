package realname

import "time"

// AspectName names one of the two aspects that real-name verification proves.
type AspectName string

// The two aspects (manual, 总体介绍): 企业信息认证 and 账号所有人身份信息认证.
const (
	EnterpriseAspect AspectName = "enterprise"
	HolderAspect     AspectName = "holder"
)

// Aspect is the state of one aspect. The zero value is not passed.
type Aspect struct {
	Method    Method    `json:"method,omitempty"`    // the method of the latest pass
	SessionID string    `json:"sessionId,omitempty"` // the session that is its evidence
	At        time.Time `json:"at,omitzero"`
	// By holds the time of the pass for each method that passed the aspect: the
	// methods page ticks every passed method, not only the latest.
	By map[Method]time.Time `json:"by,omitempty"`
}

// Passed reports whether the aspect is verified now.
func (a Aspect) Passed() bool { return a.Method != "" }

// PassedBy reports whether this method verified the aspect and the pass has not
// been withdrawn since.
func (a Aspect) PassedBy(m Method) bool {
	_, ok := a.By[m]
	return ok
}

// Pass returns the aspect as the session verifies it at the given time.
func (a Aspect) Pass(m Method, sessionID string, at time.Time) Aspect {
	by := map[Method]time.Time{m: at}
	for k, v := range a.By {
		if k != m {
			by[k] = v
		}
	}
	return Aspect{Method: m, SessionID: sessionID, At: at, By: by}
}
