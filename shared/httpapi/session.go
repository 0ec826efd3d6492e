package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"realname/api"
	"realname/shared/mask"
	"realname/shared/realname"
	"realname/shared/verification"
)

// SessionView renders a session for its owner: masked, in the owner's language.
type SessionView struct {
	Sealer     realname.Sealer
	Now        func() time.Time
	Recipients realname.Recipients
}

// Of renders a session. If the subject cannot be opened, Of omits it, so that the
// owner can still see the session.
func (v SessionView) Of(lang Texts, s realname.Session) api.Session {
	now := v.Now()
	out := api.Session{
		Id: s.ID, Method: api.Method(s.Method), Status: api.SessionStatus(s.Status(now)),
		Steps: []api.SessionStep{}, Hints: []api.Hint{},
		Enterprise: api.SessionEnterprise{Name: s.Enterprise.Name, Uscc: s.Enterprise.USCC},
		ExpiresAt:  s.Deadline().UTC(), EndsAt: s.ExpiresAt.UTC(), CreatedAt: s.CreatedAt.UTC(),
	}
	if out.Status == api.SessionStatus(realname.RequiresInput) {
		out.ConsentRequired = v.outdated(s)
		current, _ := s.Current()
		name := api.StepName(current.Name)
		out.Step = &name
	}
	if !s.ClosedAt.IsZero() {
		at := s.ClosedAt.UTC()
		out.ClosedAt = &at
	}
	for _, st := range s.Steps {
		out.Steps = append(out.Steps, stepView(lang, s, st))
	}
	for _, h := range s.Hints {
		out.Hints = append(out.Hints, api.Hint{Code: api.HintCode(h), Detail: lang.Hint(h)})
	}
	if e := s.LastError; e != nil {
		out.LastError = &api.LastError{
			Code: api.ProblemCode(e.Code), Detail: detail(lang, *e), Step: api.StepName(e.Step), At: e.At.UTC(),
			Causes: []string{}, Alternatives: []api.Alternative{},
		}
		switch {
		case e.Reason != "":
			reason := string(e.Reason)
			out.LastError.Reason = &reason
		case e.Differs != nil:
			out.LastError.Causes = registryCauses(lang, e.Differs, e.CurrentFrom)
			out.LastError.Differs, out.LastError.CurrentFrom = elements(e.Differs), Optional(e.CurrentFrom)
		default:
			out.LastError.Causes = append(out.LastError.Causes, lang.Problem(e.Code).Causes...)
		}
		for _, a := range verification.Alternatives(e.Code) {
			out.LastError.Alternatives = append(out.LastError.Alternatives, api.Alternative(a))
		}
	}
	p, err := realname.OpenPerson(v.Sealer, s.Subject, realname.SessionItem(s.ID), realname.FieldSubject)
	if err == nil && p.IDNumber != "" {
		out.LegalRepresentative = &api.MaskedPerson{
			Name: mask.Name(p.Name), IdType: api.IdType(p.IDType), IdNumber: mask.ID(p.IDNumber),
		}
	}
	return out
}

func stepView(lang Texts, s realname.Session, st realname.Step) api.SessionStep {
	v := api.SessionStep{
		Name: api.StepName(st.Name), Outcome: api.SessionStepOutcome(st.Outcome), AttemptsLeft: s.TriesLeft(st),
	}
	if st.BankCardOnly {
		v.BankCardOnly = &st.BankCardOnly
	}
	if st.By != "" {
		by := api.By(st.By)
		v.By = &by
	}
	if !st.DecidedAt.IsZero() {
		at := st.DecidedAt.UTC()
		v.DecidedAt = &at
	}
	if bank, ok := s.Bank(); ok && st.Name == realname.StepBank {
		v.Bank = bankView(lang, bank)
	}
	return v
}

// detail returns the text of a refusal. A bank's refusal has its own reason.
func detail(lang Texts, e realname.LastError) string {
	if e.Reason != "" {
		return lang.BankReason(e.Reason)
	}
	return lang.Problem(e.Code).Detail
}

// outdated reports whether the consent text in force is not the one that the user accepted.
func (v SessionView) outdated(s realname.Session) bool {
	return !v.Recipients.Accepts(s.Method, s.Consent.Version)
}

// ETag returns the entity tag of a session's version (RFC 9110, 8.8.3). The tag
// includes the status, since a session expires without a write, the latest refusal,
// which can be stored apart from the session, and whether the consent is outdated.
func (v SessionView) ETag(s realname.Session) string {
	tag := strconv.FormatInt(s.Version, 10) + "-" + string(s.Status(v.Now()))
	if s.LastError != nil {
		tag += "-" + strconv.FormatInt(s.LastError.At.UnixMilli(), 36)
	}
	if v.outdated(s) {
		tag += "-consent"
	}
	return strconv.Quote(tag)
}

// Write writes a response with a session.
func (v SessionView) Write(w http.ResponseWriter, r *http.Request, status int, s realname.Session) error {
	w.Header().Set("ETag", v.ETag(s))
	return WriteJSON(w, status, v.Of(Language(r), s))
}

// Render returns a function that renders the reply to a submitted step: the
// session, or the refusal.
func (v SessionView) Render(r *http.Request) func(realname.Session, error) realname.Reply {
	return func(s realname.Session, err error) realname.Reply {
		if err != nil {
			return ReplyProblem(r, err)
		}
		return ReplyJSON(http.StatusOK, v.Of(Language(r), s))
	}
}
