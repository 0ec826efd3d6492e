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
	code := problemCode(err)
	said, other := saying(Language(r), code, err), otherLanguage(r)
	p := api.Problem{
		Type: "/problems/" + string(code), Title: said.Title, Detail: said.Detail, Causes: said.Causes, Errors: said.Errors,
		Status: status(code), Instance: r.URL.EscapedPath(), Code: api.ProblemCode(code),
		RequestId: requestid.Of(r.Context()),
	}
	translation := saying(other, code, err)
	translation.Language = api.ProblemTranslationLanguage(languageTag(other))
	p.Translation = &translation
	var e *realname.Error
	if !errors.As(err, &e) {
		if code == realname.CodeServiceFailing {
			p.RetryAfter = seconds(serviceRetry)
		}
		return p
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
	p.Differs, p.CurrentFrom = elements(e.Differs), Optional(e.CurrentFrom)
	p.AttemptsLeft = e.AttemptsLeft
	p.SessionId = Optional(e.SessionID)
	if e.Aspects != nil {
		aspects := aspectNames(e.Aspects)
		p.Aspects = &aspects
	}
	if e.Reason != "" {
		reason := api.Reason(e.Reason)
		p.Reason = &reason
	}
	return p
}

// saying returns the texts of a problem in one language.
func saying(lang Texts, code realname.Code, err error) api.ProblemTranslation {
	text := lang.Problem(code)
	said := api.ProblemTranslation{Title: text.Title, Detail: text.Detail}
	if text.Causes != nil {
		said.Causes = &text.Causes
	}
	var e *realname.Error
	if !errors.As(err, &e) {
		return said
	}
	if e.Fields != nil {
		list := make([]api.FieldError, len(e.Fields))
		for i, f := range e.Fields {
			list[i] = api.FieldError{Pointer: f.Pointer, Rule: f.Rule, Message: lang.Field(f)}
		}
		said.Errors = &list
	}
	if e.Reason != "" {
		said.Detail = lang.Reason(e.Reason)
	}
	if e.Differs != nil {
		sayDifferences(&said, lang, e)
	}
	return said
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
