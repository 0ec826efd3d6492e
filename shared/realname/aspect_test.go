package realname_test

import (
	"testing"

	"realname/shared/realname"
)

func TestAnAspectKeepsEachMethodThatPassedIt(t *testing.T) {
	a := realname.Aspect{}
	if a.Passed() || a.PassedBy(realname.ICCard) {
		t.Error("nothing is passed")
	}
	a = a.Pass(realname.ICCard, "s1", noon).Pass(realname.BankUKey, "s2", noon.Add(1))
	a = a.Pass(realname.ICCard, "s3", noon.Add(2))
	if !a.Passed() || a.Method != realname.ICCard || a.SessionID != "s3" || !a.At.Equal(noon.Add(2)) || len(a.By) != 2 {
		t.Errorf("%+v", a)
	}
	card, bank := a.By[realname.ICCard], a.By[realname.BankUKey]
	if !card.Equal(noon.Add(2)) || !bank.Equal(noon.Add(1)) || a.PassedBy(realname.AccountHolder) {
		t.Errorf("%+v", a.By)
	}
}
