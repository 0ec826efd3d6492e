package realname_test

import (
	"slices"
	"testing"

	"realname/shared/realname"
)

func TestAnIDNumberBelongsToOneMemberOfTheEnterprise(t *testing.T) {
	var r realname.Roster
	put := func(m realname.Member, holder string, want realname.Code) {
		t.Helper()
		index := realname.HolderIndex{Current: holder}
		if holder != "" {
			index.Former = []string{holder + "-01", holder + "-02"}
		}
		n, err := r.Put(m, index)
		if realname.CodeOf(err) != want {
			t.Errorf("%+v: %v, want %q", m, err, want)
		}
		r = n
	}
	put(realname.Member{AccountID: "a"}, "h1", "")
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "", "")
	put(realname.Member{AccountID: "c", Role: realname.RoleOperator}, "", "") // two without a number
	put(realname.Member{AccountID: "c"}, "h1", realname.CodeHolderTaken)
	put(realname.Member{AccountID: "a", Role: realname.RoleAdministrator}, "h1", "")
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h2", "")
	r.Members[0].Holder = "h1-01" // as a former version stored it
	put(realname.Member{AccountID: "c"}, "h1", realname.CodeHolderTaken)
	r.Members[1].Holder = "h1-02" // two accounts that are the same now
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h1", "")
	if r.Members[1].Holder != "h1" {
		t.Errorf("the former index stays: %+v", r)
	}
	put(realname.Member{AccountID: "b", Role: realname.RoleOperator}, "h2", "")
	if len(r.Members) != 3 || !slices.Equal(r.Operators(), []string{"b", "c"}) {
		t.Errorf("%+v", r)
	}
	for id, want := range map[string]bool{"a": true, "b": true, "d": false} {
		if m, ok := r.Member(id); ok != want || ok && m.AccountID != id {
			t.Errorf("%s: %+v, %v", id, m, ok)
		}
	}
}
