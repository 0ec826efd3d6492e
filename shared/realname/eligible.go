package realname

// IneligibleReason is why an account cannot use a method now.
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
//   - Users who registered through the Single Window, or who sign in with an E-Port
//     card, count as verified while their enterprise is untouched (R1). Afterwards
//     they may start any method, so that every user keeps a method to use.
//   - The holder alone can be verified only after the enterprise (R7).
//   - A passed method cannot be repeated.
//   - An operator can verify only their own identity, never the enterprise.
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

// OtherMethods lists the methods that the account may use instead of the given one.
func OtherMethods(a Account, e Enterprise, not Method) []string {
	var names []string
	for _, m := range Methods() {
		if m != not && Eligible(a, e, m) == "" {
			names = append(names, string(m))
		}
	}
	return names
}
