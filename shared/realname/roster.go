package realname

import (
	"slices"

	"realname/shared/idcode"
)

// Member is one account of an enterprise's roster.
type Member struct {
	AccountID string `json:"accountId"`
	// Holder is the blind index of the account holder's ID number (HolderIndex). It is
	// empty for a disabled account, which releases the number.
	Holder string `json:"holder,omitempty"`
	Role   Role   `json:"role,omitempty"`
}

// Roster lists the accounts of an enterprise in the order in which they joined. It
// is one item, so that concurrent writes cannot give two accounts the same holder ID
// number (manual, 修改法定代表人信息, rule 2).
type Roster struct {
	USCC    string   `json:"-"`
	Members []Member `json:"members"`
	Version int64    `json:"-"`
}

// HolderIndex finds the holder of an ID number in rosters. The zero value finds nobody.
type HolderIndex struct {
	Current string // the blind index that rosters store
	// Former are the indexes of the same document that former versions or other keys of
	// the vault stored.
	Former []string
}

// IndexHolder returns the index of a person's ID number in its comparison form.
func IndexHolder(s Sealer, p Person) (h HolderIndex, err error) {
	indexes, err := s.Indexes(HolderPurpose, idcode.NumberKey(p.IDType, p.IDNumber))
	if err != nil {
		return HolderIndex{}, err
	}
	h = HolderIndex{Current: indexes[0], Former: indexes[1:]}
	for _, number := range idcode.FormerNumbers(p.IDType, p.IDNumber) {
		indexes, err := s.Indexes(HolderPurpose, number)
		if err != nil {
			return HolderIndex{}, err
		}
		h.Former = append(h.Former, indexes...)
	}
	return h, nil
}

// Has reports whether a roster's index is of the same document.
func (h HolderIndex) Has(stored string) bool {
	return stored != "" && (stored == h.Current || slices.Contains(h.Former, stored))
}

// Put returns the roster with the member added or replaced. It stores the holder's
// current index. A member who keeps the document is never refused, even if a former
// version let another account have it too.
// Errors: CodeHolderTaken.
func (r Roster) Put(m Member, holder HolderIndex) (Roster, error) {
	m.Holder = holder.Current
	is, _ := r.Member(m.AccountID)
	keeps := holder.Has(is.Holder)
	members := make([]Member, 0, len(r.Members)+1)
	found := false
	for _, o := range r.Members {
		if o.AccountID == m.AccountID {
			o, found = m, true
		} else if !keeps && holder.Has(o.Holder) {
			taken := FieldError{Pointer: "/idNumber", Kind: "holder", Rule: "taken"}
			return r, &Error{Code: CodeHolderTaken, Fields: []FieldError{taken}}
		}
		members = append(members, o)
	}
	if !found {
		members = append(members, m)
	}
	r.Members = members
	return r, nil
}

// Member returns the account's entry; ok is false if the roster has none.
func (r Roster) Member(accountID string) (m Member, ok bool) {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.AccountID == accountID })
	if i < 0 {
		return Member{}, false
	}
	return r.Members[i], true
}

// Operators returns the operators' account IDs, in order.
func (r Roster) Operators() []string {
	var ids []string
	for _, m := range r.Members {
		if m.Role == RoleOperator {
			ids = append(ids, m.AccountID)
		}
	}
	return ids
}
