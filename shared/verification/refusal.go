package verification

import (
	"slices"
	"time"

	"realname/shared/realname"
)

// refuse returns the decision as a refusal with its alternatives.
func (d decision) refuse(code realname.Code, fields ...realname.FieldError) decision {
	d.event.Code = code
	d.refusal = &realname.Error{Code: code, Fields: fields, Alternatives: Alternatives(code)}
	return d
}

// Alternatives lists the options after a refusal: other methods, or the other check
// of the same step (R4).
func Alternatives(code realname.Code) []string {
	switch code {
	case realname.CodeEnterpriseMismatch:
		return []string{string(realname.BankUKey)}
	case realname.CodeBankRefused, realname.CodeBankMismatch, realname.CodeBankUnavailable:
		return []string{string(realname.ICCard), string(realname.LegalRepresentative)}
	case realname.CodeEnterpriseUncovered, realname.CodeEnterpriseClosed, realname.CodeChecksExhausted:
		return []string{string(realname.ICCard), string(realname.BankUKey)}
	case realname.CodeCardIssuerUnknown, realname.CodeCardUsageWrong, realname.CodeCardUnsuitable,
		realname.CodeCardNotYetValid, realname.CodeCardExpired, realname.CodeCardRevoked, realname.CodeCardUnnamed,
		realname.CodeCardWrongEnterprise, realname.CodeCardBoundElsewhere, realname.CodeCardSHA1:
		return []string{string(realname.LegalRepresentative), string(realname.BankUKey)}
	case realname.CodeIDCardMismatch, realname.CodeIDCardUncovered, realname.CodeIDCardValidity:
		return []string{string(realname.ByBankCard)}
	}
	return nil
}

// refusalOf returns the decision's refusal with the number of attempts left, in the
// session and on the account's day, or of the SMS code if that was wrong; nil if the
// step passed.
func (v *Verification) refusalOf(d decision, s realname.Session, day realname.AccountDay) error {
	if d.refusal == nil {
		return nil
	}
	st, _ := s.Step(d.event.Step)
	left := max(0, min(s.TriesLeft(st), v.Limits.FailedTriesPerDay-day.FailedTries))
	refusal := *d.refusal
	if refusal.AttemptsLeft == nil || left == 0 {
		refusal.AttemptsLeft = &left
	}
	if left == 0 {
		refusal.Code, refusal.RetryAfter = realname.CodeAttemptsExhausted, v.nextTry(s, day)
	}
	return &refusal
}

// nextTry returns when a user whose session has no attempts left can retry: in a new
// session at once, or tomorrow if the day has no session or no attempt left.
func (v *Verification) nextTry(s realname.Session, day realname.AccountDay) time.Duration {
	if day.FailedTries >= v.Limits.FailedTriesPerDay || day.Started(s.Method, s) >= v.Limits.SessionsPerDay {
		return realname.UntilTomorrow(v.Now())
	}
	return time.Second
}

// latestRefusal returns the refusal of the step's latest decision, nil if the step passed.
func (v *Verification) latestRefusal(view realname.SessionView, step realname.StepName) error {
	s := view.Session
	st, _ := s.Step(step)
	e := s.LastError
	if st.Outcome == realname.StepPassed || e == nil || e.Step != step {
		return nil
	}
	var fields []realname.FieldError
	latest := func(a realname.Attempt) bool { return a.At.Equal(e.At) && a.Evidence.Outcome == "" }
	if e.Code == realname.CodeEnterpriseMismatch && slices.ContainsFunc(s.Attempts, latest) {
		fields = append(fields, foreignCode()) // no registry was asked
	}
	d := decision{event: realname.StepDecided{Step: step}}.refuse(e.Code, fields...)
	d.event.Evidence.Differs, d.event.Evidence.CurrentFrom = e.Differs, e.CurrentFrom
	if step == realname.StepEnterprise {
		d = d.differing()
	}
	if e.Code == realname.CodeSMSCodeWrong && view.Code != nil {
		d.refusal.AttemptsLeft = new(max(0, v.Limits.SMSCodeTries-view.Code.WrongTries))
	}
	return v.refusalOf(d, s, view.Day)
}
