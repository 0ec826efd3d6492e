package aliyun_test

import (
	"slices"
	"testing"

	"realname/local/sandbox/conformance"
	"realname/local/sandbox/trouble"
	"realname/shared/idcode"
	"realname/shared/realname"
)

func TestExistingDataMatch(t *testing.T) {
	h := start(t, nil)
	for check, ask := range conformance.ChecksOf(h.client) {
		r, err := ask(t.Context())
		if err != nil || r.Outcome != realname.Match || r.Provider != "aliyun" || r.RequestID == "" {
			t.Errorf("%s: %+v %v", check, r, err)
		}
	}
	if m, ok := h.LastMessage(message.Mobile); !ok || m.Code != message.Code {
		t.Errorf("%+v", m)
	}
}

func TestOtherDataDoNotMatch(t *testing.T) {
	h := start(t, nil)
	name, person, number, both := enterprise, enterprise, enterprise, enterprise
	name.Name, person.LegalRepresentative.Name = "河北安达贸易有限公司", "赵安全"
	number.LegalRepresentative.IDNumber = li.IDNumber
	both.Name, both.LegalRepresentative = name.Name, li
	unknown := enterprise
	unknown.USCC = "91130100MA0R02NN49"
	for what, c := range map[string]struct {
		q       realname.EnterpriseQuery
		outcome realname.Outcome
		differs []realname.Element
	}{
		"name":           {name, realname.Mismatch, []realname.Element{realname.ElementName}},
		"representative": {person, realname.Mismatch, []realname.Element{realname.ElementPerson}},
		"ID number":      {number, realname.Mismatch, nil},
		"everything": {
			both, realname.Mismatch, []realname.Element{realname.ElementName, realname.ElementPerson},
		},
		"unknown": {unknown, realname.NotCovered, nil},
	} {
		r, err := h.client.CheckEnterprise(t.Context(), c.q)
		if err != nil || r.Outcome != c.outcome || !slices.Equal(r.Differs, c.differs) {
			t.Errorf("%s: %+v %v", what, r, err)
		}
	}
	i, b := idCard, bankCard
	i.ValidTo, b.Mobile = idcode.LongTerm, "13900001002"
	r, err := h.client.CheckIDCard(t.Context(), i)
	if err != nil || r.Outcome != realname.Mismatch || r.Reason != realname.ReasonValidity {
		t.Errorf("ID card: %+v %v", r, err)
	}
	if r, err := h.client.CheckBankCard(t.Context(), b); err != nil || r.Outcome != realname.Mismatch {
		t.Errorf("bank card: %+v %v", r, err)
	}
}

// Alibaba Cloud writes long-term as a word. Its simulator refuses zeros.
func TestALongTermCardMatches(t *testing.T) {
	h := start(t, nil)
	if r, err := h.client.CheckIDCard(t.Context(), conformance.LongTerm); err != nil || r.Outcome != realname.Match {
		t.Errorf("%+v %v", r, err)
	}
}

// Four elements are not offered for an institution, so three are compared, and the
// evidence says so.
func TestAnInstitutionIsComparedByThreeElements(t *testing.T) {
	h := start(t, nil)
	q := institution
	q.LegalRepresentative.IDNumber = li.IDNumber
	r, err := h.client.CheckEnterprise(t.Context(), q)
	if err != nil || r.Outcome != realname.Match || r.Reason != realname.ReasonThreeElements {
		t.Errorf("%+v %v", r, err)
	}
	q.LegalRepresentative.Name = "赵安全"
	if r, err := h.client.CheckEnterprise(t.Context(), q); err != nil || r.Outcome != realname.Mismatch {
		t.Errorf("%+v %v", r, err)
	}
}

func TestEveryDocumentedResultCodeHasItsOutcome(t *testing.T) {
	h := start(t, nil)
	const (
		match, mismatch, notCovered   = realname.Match, realname.Mismatch, realname.NotCovered
		limited, unavailable, invalid = realname.Limited, realname.Unavailable, realname.InvalidInput
		validity, unusable            = realname.ReasonValidity, realname.ReasonUnusable
		closed                        = realname.ReasonNotInBusiness
	)
	type want struct {
		outcome realname.Outcome
		reason  realname.CheckReason
	}
	object := func(o map[string]any) map[string]any {
		return map[string]any{"Code": "200", "Message": "success", "ResultObject": o}
	}
	registry := func(biz, flags, status string) map[string]any {
		return map[string]any{"Code": "Success", "Result": map[string]any{
			"BizCode": biz, "ReasonDetail": flags, "Status": status,
		}}
	}
	type row struct {
		response map[string]any
		want     want
	}
	tables := map[trouble.Target]map[string]row{
		trouble.IDCard: {}, trouble.BankCard: {},
		trouble.Registry: {
			"different":           {registry("2", "EntNameFlag", "1"), want{mismatch, ""}},
			"no record":           {registry("3", "", ""), want{notCovered, ""}},
			"a contradiction":     {registry("1", "EntNameFlag", "1"), want{unavailable, ""}},
			"unknown":             {registry("4", "", "1"), want{unavailable, ""}},
			"a company no status": {registry("1", "", ""), want{unavailable, ""}},
			"status 7":            {registry("1", "", "7"), want{unavailable, ""}},
			"no result":           {map[string]any{"Code": "Success"}, want{unavailable, ""}},
			"code 200": {
				map[string]any{"Code": "200", "Result": map[string]any{"BizCode": "3"}}, want{notCovered, ""},
			},
		},
	}
	for status, w := range map[string]want{
		"0": {mismatch, closed}, "1": {match, ""}, "2": {mismatch, closed}, "3": {mismatch, closed},
		"4": {mismatch, closed}, "5": {mismatch, closed}, "6": {mismatch, closed},
	} {
		tables[trouble.Registry]["status "+status] = row{registry("1", "", status), w}
	}
	for biz, w := range map[string]want{
		"1": {match, ""}, "2": {mismatch, validity}, "3": {notCovered, ""}, "4": {unavailable, ""}, "": {unavailable, ""},
	} {
		tables[trouble.IDCard]["BizCode "+biz] = row{object(map[string]any{"BizCode": biz}), w}
	}
	subs := map[string]want{
		"101": {match, ""}, "201": {mismatch, ""}, "214": {mismatch, ""}, "215": {mismatch, ""},
		"212": {notCovered, unusable}, "301": {notCovered, unusable}, "303": {notCovered, unusable},
		"302": {unavailable, ""}, "304": {invalid, ""}, "305": {unavailable, ""}, "306": {limited, ""},
		"102": {unavailable, ""}, "217": {unavailable, ""}, "307": {unavailable, ""}, "": {unavailable, ""},
	}
	for _, sub := range []string{"202", "203", "204", "205", "206", "207", "208", "209", "210", "211", "213", "216"} {
		subs[sub] = want{mismatch, unusable}
	}
	for sub, w := range subs {
		o := map[string]any{"BizCode": "1", "SubCode": sub}
		if sub != "" {
			o["BizCode"] = sub[:1]
		}
		tables[trouble.BankCard]["SubCode "+sub] = row{object(o), w}
	}
	tables[trouble.BankCard]["a contradiction"] = row{
		object(map[string]any{"BizCode": "2", "SubCode": "101"}), want{unavailable, ""},
	}
	for target, rows := range tables {
		for code, c := range rows {
			t.Run(string(target)+" "+code, func(t *testing.T) {
				h.force(t, target, c.response)
				r, err := conformance.ChecksOf(h.client)[target](t.Context())
				if r.Outcome != c.want.outcome || r.Reason != c.want.reason || r.RequestID == "" || r.Provider != "aliyun" {
					t.Errorf("got %+v, want %+v", r, c.want)
				}
				if (err != nil) != (c.want.outcome == unavailable) {
					t.Errorf("error %v", err)
				}
				if c.want.outcome == limited && r.RetryAfter <= 0 {
					t.Error("a limit has no end")
				}
			})
		}
	}
}

func TestOnlyResidentIDsAreAskedAboutBankCards(t *testing.T) {
	h := start(t, nil)
	q := bankCard
	q.Person.IDType, q.Person.IDNumber = "passport", "E12345678"
	r, err := h.client.CheckBankCard(t.Context(), q)
	if err != nil || r.Outcome != realname.NotCovered || r.Reason != realname.ReasonIDTypeUnknown || !r.NotAsked {
		t.Errorf("%+v %v", r, err)
	}
	if n := h.Seen(trouble.BankCard, false).Requests; n != 0 {
		t.Errorf("%d requests", n)
	}
}
