package tencent_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/local/sandbox/conformance"
	"realname/local/sandbox/tencent"
	"realname/shared/realname"
)

func TestExistingDataMatch(t *testing.T) {
	key := newKey(t)
	for name, change := range map[string]func(h harness) harness{
		"in clear under TLS only": func(h harness) harness { return h },
		"with encrypted fields":   func(harness) harness { return startEncrypted(t, key) },
	} {
		t.Run(name, func(t *testing.T) {
			h := change(start(t, nil))
			for check, ask := range conformance.ChecksOf(h.client) {
				r, err := ask(t.Context())
				if err != nil || r.Outcome != realname.Match || r.Provider != "tencent" || r.RequestID == "" {
					t.Errorf("%s: %+v %v", check, r, err)
				}
			}
		})
	}
}

func TestOtherDataDoNotMatch(t *testing.T) {
	h := start(t, nil)
	e, i, b := enterprise, idCard, bankCard
	e.Name = "河北安达贸易有限公司"
	i.ValidTo = "00000000"
	b.Mobile = "13900001002"
	unknown := enterprise
	unknown.USCC = "91130100MA0R02NN49"
	if r, err := h.client.CheckEnterprise(t.Context(), e); err != nil || r.Outcome != realname.Mismatch || r.Reason != "" {
		t.Errorf("enterprise: %+v %v", r, err)
	}
	if r, err := h.client.CheckEnterprise(t.Context(), unknown); err != nil || r.Outcome != realname.NotCovered {
		t.Errorf("unknown enterprise: %+v %v", r, err)
	}
	r, err := h.client.CheckIDCard(t.Context(), i)
	if err != nil || r.Outcome != realname.Mismatch || r.Reason != realname.ReasonValidity {
		t.Errorf("ID card: %+v %v", r, err)
	}
	if r, err := h.client.CheckBankCard(t.Context(), b); err != nil || r.Outcome != realname.Mismatch {
		t.Errorf("bank card: %+v %v", r, err)
	}
}

func TestEveryDocumentedResultCodeHasItsOutcome(t *testing.T) {
	h := start(t, nil)
	type want struct {
		outcome realname.Outcome
		reason  realname.CheckReason
	}
	const (
		match, mismatch, notCovered   = realname.Match, realname.Mismatch, realname.NotCovered
		limited, unavailable, invalid = realname.Limited, realname.Unavailable, realname.InvalidInput
		validity, unusable            = realname.ReasonValidity, realname.ReasonUnusable
		idType, closed                = realname.ReasonIDTypeUnknown, realname.ReasonNotInBusiness
	)
	tables := map[tencent.Target]map[string]want{
		tencent.IDCard: {
			"0": {match, ""}, "-1": {mismatch, validity}, "-2": {invalid, ""}, "-3": {invalid, ""}, "-4": {invalid, validity},
			"-5": {mismatch, ""}, "-6": {unavailable, ""}, "-7": {notCovered, ""}, "-8": {limited, ""},
			"-9": {unavailable, ""}, "7": {unavailable, ""}, "": {unavailable, ""},
		},
		tencent.BankCard: {
			"0": {match, ""}, "-1": {mismatch, ""},
			"-2": {invalid, ""}, "-3": {invalid, ""}, "-4": {invalid, ""}, "-5": {invalid, ""},
			"-6": {mismatch, ""}, "-7": {mismatch, unusable}, "-8": {mismatch, unusable},
			"-9": {mismatch, unusable}, "-10": {mismatch, unusable}, "-11": {mismatch, unusable},
			"-12": {mismatch, unusable}, "-13": {mismatch, unusable}, "-14": {mismatch, unusable},
			"-15": {mismatch, unusable}, "-16": {mismatch, unusable}, "-17": {notCovered, unusable},
			"-18": {unavailable, ""}, "-19": {limited, ""}, "-20": {notCovered, idType},
			"-21": {mismatch, unusable}, "-22": {unavailable, ""},
		},
		tencent.Registry: {
			"1": {match, ""}, "0": {mismatch, closed}, "2": {mismatch, closed}, "3": {mismatch, closed},
			"4": {mismatch, closed}, "5": {mismatch, closed}, "6": {mismatch, closed}, "7": {mismatch, closed},
			"-10002": {notCovered, ""}, "/": {notCovered, ""}, "8": {unavailable, ""},
		},
	}
	for target, codes := range tables {
		for code, want := range codes {
			t.Run(string(target)+" "+code, func(t *testing.T) {
				response := map[string]any{"Result": code, "Description": "d"}
				if target == tencent.Registry {
					response = registryAnswer(1, code)
				}
				h.force(t, target, response)
				r, err := conformance.ChecksOf(h.client)[target](t.Context())
				if r.Outcome != want.outcome || r.Reason != want.reason {
					t.Errorf("got %s %s, want %s %s", r.Outcome, r.Reason, want.outcome, want.reason)
				}
				if (err != nil) != (want.outcome == unavailable) {
					t.Errorf("error %v", err)
				}
				if r.RequestID == "" || r.Provider != "tencent" || (code != "" && r.Code != code) {
					t.Errorf("no evidence: %+v", r)
				}
				if want.outcome == limited && r.RetryAfter <= 0 {
					t.Error("a limit has no end")
				}
			})
		}
	}
}

func registryAnswer(verified int, status any) map[string]any {
	all := verified == 1
	return map[string]any{
		"StatusCode": 0, "VerifyResult": verified, "IsCreditCodeConsistent": true, "IsEntNameConsistent": all,
		"IsLrNameConsistent": all, "IsIdNumConsistent": all, "OperatingStatus": status,
	}
}

func TestRegistryAnswers(t *testing.T) {
	h := start(t, nil)
	contradictory := registryAnswer(1, "1")
	contradictory["IsLrNameConsistent"] = false
	without := registryAnswer(1, "1")
	delete(without, "VerifyResult")
	for name, c := range map[string]struct {
		response map[string]any
		want     realname.Outcome
	}{
		"system error":                       {map[string]any{"StatusCode": 1}, realname.Unavailable},
		"no status code":                     {map[string]any{"VerifyResult": 1}, realname.Unavailable},
		"no verdict":                         {without, realname.Unavailable},
		"a verdict that its parts deny":      {contradictory, realname.Unavailable},
		"mismatch of a closed enterprise":    {registryAnswer(0, "3"), realname.Mismatch},
		"mismatch of one that was not found": {registryAnswer(0, "-10002"), realname.NotCovered},
		"status as a number":                 {registryAnswer(1, 1), realname.Match},
		"status as an object":                {registryAnswer(1, map[string]any{}), realname.Unavailable},
		"unknown verdict":                    {registryAnswer(2, "1"), realname.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			h.force(t, tencent.Registry, c.response)
			r, err := h.client.CheckEnterprise(t.Context(), enterprise)
			if r.Outcome != c.want || (err != nil) != (c.want == realname.Unavailable) {
				t.Errorf("%+v %v", r, err)
			}
		})
	}
}

// The public elements that differ are the answer's, and the reason depends on them alone:
// whether the ID number also differs changes neither.
func TestAMismatchNamesThePublicElementsAndNeverTheIDNumber(t *testing.T) {
	h := start(t, nil)
	name, person, closed := realname.ElementName, realname.ElementPerson, realname.ElementStatus
	for title, c := range map[string]struct {
		name, person bool
		status       string
		want         []realname.Element
		reason       realname.CheckReason
	}{
		"name":           {false, true, "1", []realname.Element{name}, ""},
		"person":         {true, false, "1", []realname.Element{person}, ""},
		"both":           {false, false, "1", []realname.Element{name, person}, ""},
		"name and state": {false, true, "3", []realname.Element{name, closed}, ""},
		"state":          {true, true, "3", []realname.Element{closed}, realname.ReasonNotInBusiness},
	} {
		for _, number := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, number %t", title, number), func(t *testing.T) {
				answer := registryAnswer(0, c.status)
				if c.name && c.person && number {
					answer["VerifyResult"] = 1
				}
				answer["IsEntNameConsistent"], answer["IsLrNameConsistent"] = c.name, c.person
				answer["IsIdNumConsistent"] = number
				h.force(t, tencent.Registry, answer)
				r, err := h.client.CheckEnterprise(t.Context(), enterprise)
				if err != nil || r.Outcome != realname.Mismatch || r.Reason != c.reason || !slices.Equal(r.Differs, c.want) ||
					r.Age != 7*24*time.Hour {
					t.Errorf("%+v %v", r, err)
				}
			})
		}
	}
	onlyTheNumber := registryAnswer(0, "1")
	onlyTheNumber["IsEntNameConsistent"], onlyTheNumber["IsLrNameConsistent"] = true, true
	silent := registryAnswer(0, "1")
	delete(silent, "IsEntNameConsistent")
	delete(silent, "IsLrNameConsistent")
	for title, answer := range map[string]map[string]any{"only the number": onlyTheNumber, "no flags": silent} {
		h.force(t, tencent.Registry, answer)
		r, err := h.client.CheckEnterprise(t.Context(), enterprise)
		if err != nil || r.Outcome != realname.Mismatch || r.Reason != "" || r.Differs != nil {
			t.Errorf("%s: %+v %v", title, r, err)
		}
	}
}

func TestOnlyResidentIDsAreAskedAboutBankCards(t *testing.T) {
	h := start(t, nil)
	q := bankCard
	q.Person.IDType, q.Person.IDNumber = "passport", "E12345678"
	r, err := h.client.CheckBankCard(t.Context(), q)
	if err != nil || r.Outcome != realname.NotCovered || r.Reason != realname.ReasonIDTypeUnknown {
		t.Errorf("%+v %v", r, err)
	}
	if n := h.Seen(tencent.BankCard, false).Requests; n != 0 {
		t.Errorf("%d requests", n)
	}
}

func TestSMSIsSentWithTheTemplatesVariables(t *testing.T) {
	h := start(t, nil)
	r, err := h.client.SendCode(t.Context(), message)
	if err != nil || r.Outcome != realname.Match || r.RequestID == "" {
		t.Fatalf("%+v %v", r, err)
	}
	m, ok := h.LastMessage(message.Mobile)
	if !ok || m.Code != message.Code || !strings.Contains(m.Text, "5") {
		t.Errorf("%+v", m)
	}
}
