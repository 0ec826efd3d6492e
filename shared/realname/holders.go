package realname

import "maps"

// Holder is the holder aspect of the enterprise's administrator, for those who
// ask about the enterprise and not about one account: the latest pass, when
// several administrators were moved in with their accounts.
func (e Enterprise) Holder() Aspect {
	var latest Aspect
	for _, a := range e.Holders {
		if a.At.After(latest.At) || a.At.Equal(latest.At) && a.SessionID > latest.SessionID {
			latest = a
		}
	}
	return latest
}

// Presumed reports whether the enterprise counts as authenticated, both aspects
// of it, though nobody verified it here: it has administrators, and each of them
// registered through the Single Window or logs in with an E-Port card (manual,
// 总体介绍). One who was moved in is to be verified, and so is the enterprise then.
func (e Enterprise) Presumed() bool {
	for _, o := range e.Origins {
		if o.Applicable() {
			return false
		}
	}
	return len(e.Origins) > 0
}

// WithAdministrator is the enterprise that knows the account's origin and holder
// aspect as they are now. Whoever makes or closes the account, or changes that
// aspect, writes the enterprise in the same transaction. Operators' are not the
// enterprise's.
func (e Enterprise) WithAdministrator(a Account) Enterprise {
	e.Origins, e.Holders = without(e.Origins, a.ID), without(e.Holders, a.ID)
	if a.Role == RoleOperator || !a.Disabled.IsZero() {
		return e
	}
	e.Origins[a.ID] = a.Origin
	if a.Holder.Passed() {
		e.Holders[a.ID] = Aspect{Method: a.Holder.Method, SessionID: a.Holder.SessionID, At: a.Holder.At}
	}
	return e
}

func without[T any](m map[string]T, id string) map[string]T {
	m = maps.Clone(m)
	if m == nil {
		return map[string]T{}
	}
	delete(m, id)
	return m
}
