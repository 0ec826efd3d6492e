package realname

// IneligibleReason says why a method is not for an account now.
type IneligibleReason string

// Reasons why a method cannot be used.
const (
	ReasonSingleWindow        IneligibleReason = "registered_in_single_window"
	ReasonCardLogin           IneligibleReason = "logs_in_with_card"
	ReasonPassed              IneligibleReason = "already_passed"
	ReasonEnterpriseNotPassed IneligibleReason = "enterprise_not_passed"
	ReasonSessionLive         IneligibleReason = "session_live"
	ReasonOperator            IneligibleReason = "operators_may_not"
)

// Eligible returns why the account cannot start a session of the method, or "".
//
// Users who registered through the Single Window, or who sign in with an E-Port
// card, count as verified while their enterprise is untouched (R1); after that
// each of them may start any method, so that nobody is stranded. The holder alone
// is verified once the enterprise is (R7). A method that has passed is not done
// twice. An operator verifies himself, never the enterprise.
func Eligible(a Account, e Enterprise, m Method) IneligibleReason {
	switch {
	case e.Standing == Untouched && a.Origin == ICCardLogin:
		return ReasonCardLogin
	case e.Standing == Untouched:
		return ReasonSingleWindow
	case a.Role == RoleOperator && m != AccountHolder:
		return ReasonOperator
	case m == AccountHolder && a.Holder.Passed():
		return ReasonPassed
	case m == AccountHolder && !e.Aspect.Passed():
		return ReasonEnterpriseNotPassed
	case m != AccountHolder && e.Aspect.PassedBy(m):
		return ReasonPassed
	}
	return ""
}

// OtherMethods lists the methods that the account may use instead.
func OtherMethods(a Account, e Enterprise, not Method) []string {
	var names []string
	for _, m := range Methods() {
		if m != not && Eligible(a, e, m) == "" {
			names = append(names, string(m))
		}
	}
	return names
}
