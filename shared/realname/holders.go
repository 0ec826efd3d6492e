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

// withHolder is the enterprise that knows the account's holder aspect as it is
// now. Whoever changes that aspect, or closes the account, writes the enterprise
// in the same transaction. Operators' are not the enterprise's.
func (e Enterprise) withHolder(a Account) Enterprise {
	e.Holders = maps.Clone(e.Holders)
	delete(e.Holders, a.ID)
	if a.Role == RoleOperator || !a.Disabled.IsZero() || !a.Holder.Passed() {
		return e
	}
	if e.Holders == nil {
		e.Holders = map[string]Aspect{}
	}
	e.Holders[a.ID] = Aspect{Method: a.Holder.Method, SessionID: a.Holder.SessionID, At: a.Holder.At}
	return e
}
