package httpapi

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"realname/api"
	"realname/shared/realname"
	"realname/shared/table"
	"realname/shared/telemetry/requestid"
)

const problemType = "application/problem+json"

// WriteProblem writes the problem (RFC 9457) of an error. It reveals nothing about
// an internal error.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := newProblem(r, err)
	if p.RetryAfter != nil {
		setRetryAfter(w, *p.RetryAfter)
	}
	if werr := WriteJSON(problemWriter{w}, p.Status, p); werr != nil {
		w.WriteHeader(http.StatusInternalServerError)
	}
}

// problemWriter sets the media type of problems.
type problemWriter struct{ http.ResponseWriter }

func (w problemWriter) WriteHeader(status int) {
	w.Header().Set("Content-Type", problemType)
	w.ResponseWriter.WriteHeader(status)
}

func setRetryAfter(w http.ResponseWriter, seconds int) {
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
}

func newProblem(r *http.Request, err error) api.Problem {
	lang := Language(r)
	code := problemCode(err)
	text := lang.Problem(code)
	p := api.Problem{
		Type: "/problems/" + string(code), Title: text.Title, Detail: text.Detail, Status: status(code),
		Instance: r.URL.EscapedPath(), Code: api.ProblemCode(code), RequestId: requestid.Of(r.Context()),
	}
	if text.Causes != nil {
		p.Causes = &text.Causes
	}
	var e *realname.Error
	if !errors.As(err, &e) {
		if code == realname.CodeServiceFailing {
			p.RetryAfter = seconds(serviceRetry)
		}
		return p
	}
	if e.Fields != nil {
		list := make([]api.FieldError, len(e.Fields))
		for i, f := range e.Fields {
			list[i] = api.FieldError{Pointer: f.Pointer, Rule: f.Rule, Message: lang.Field(f)}
		}
		p.Errors = &list
	}
	if e.Alternatives != nil {
		list := make([]api.Alternative, len(e.Alternatives))
		for i, a := range e.Alternatives {
			list[i] = api.Alternative(a)
		}
		p.Alternatives = &list
	}
	if e.RetryAfter > 0 {
		p.RetryAfter = seconds(e.RetryAfter)
	}
	p.AttemptsLeft = e.AttemptsLeft
	p.SessionId = Optional(e.SessionID)
	if e.Aspects != nil {
		aspects := aspectNames(e.Aspects)
		p.Aspects = &aspects
	}
	if e.Reason != "" {
		reason := api.Reason(e.Reason)
		p.Reason = &reason
		p.Detail = lang.Reason(e.Reason)
	}
	return p
}

// serviceRetry is the time after which a caller should retry if the table is
// throttled or unavailable.
const serviceRetry = 2 * time.Second

func seconds(d time.Duration) *int {
	n := int(math.Ceil(d.Seconds()))
	return &n
}

const codeInternal realname.Code = "internal_error"

func problemCode(err error) realname.Code {
	if code := realname.CodeOf(err); code != "" {
		return code
	}
	if errors.Is(err, realname.ErrStale) { // other writers won every attempt of a use case
		return realname.CodeConflict
	}
	if errors.Is(err, table.ErrThrottled) || errors.Is(err, table.ErrUnavailable) {
		return realname.CodeServiceFailing
	}
	return codeInternal
}

// status maps every problem code to its HTTP status.
func status(code realname.Code) int {
	switch code {
	case realname.CodeInvalidRequest:
		return http.StatusBadRequest
	case realname.CodeInvalidCredentials, realname.CodeTokenRevoked:
		return http.StatusUnauthorized
	case realname.CodeForbidden, realname.CodeActivationRequired:
		return http.StatusForbidden
	case realname.CodePreconditionRequired:
		return http.StatusPreconditionRequired
	case realname.CodePreconditionFailed:
		return http.StatusPreconditionFailed
	case realname.CodeNotFound:
		return http.StatusNotFound
	case realname.CodeScope:
		return http.StatusForbidden
	case realname.CodeConflict, realname.CodeStepNotOpen, realname.CodeSessionLive, realname.CodeNotApplicable,
		realname.CodeAlreadyPassed, realname.CodeSessionClosed, realname.CodeKeyInProgress,
		realname.CodeConfirmWithdrawal, realname.CodeHolderTaken, realname.CodeLoginNameTaken,
		realname.CodeEnterpriseCodeTaken, realname.CodeEnterpriseTooLarge, realname.CodeMaintainedElsewhere:
		return http.StatusConflict
	case codeTooLarge:
		return http.StatusRequestEntityTooLarge
	case codeMediaType:
		return http.StatusUnsupportedMediaType
	case realname.CodeLoginLocked, realname.CodeAttemptsExhausted, realname.CodeSessionLimit,
		realname.CodeSMSLimit, realname.CodeRateLimited, realname.CodeChecksExhausted,
		realname.CodeCardChallengeLimit, realname.CodeErasureLimit:
		return http.StatusTooManyRequests
	case realname.CodeUnavailable, realname.CodeServiceFailing, realname.CodeCRLStale, realname.CodeCRLUnavailable:
		return http.StatusServiceUnavailable
	case codeInternal:
		return http.StatusInternalServerError
	}
	if s := bankStatus(code); s != 0 {
		return s
	}
	return http.StatusUnprocessableEntity
}
