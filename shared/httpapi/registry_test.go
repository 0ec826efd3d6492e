package httpapi

import (
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"realname/api"
	"realname/shared/realname"
)

func TestARegistrysMismatchIsExplainedOnceForEachElement(t *testing.T) {
	name := realname.FieldError{Pointer: "/name", Kind: "registry", Rule: "enterprise_name"}
	person := realname.FieldError{
		Pointer: "/legalRepresentative/name", Kind: "registry", Rule: "legal_representative_name",
	}
	for title, c := range map[string]struct {
		e      realname.Error
		fields []string // words of each field's message
		causes []string // words of each cause
	}{
		"name": {
			realname.Error{
				Code: realname.CodeEnterpriseMismatch, Fields: []realname.FieldError{name},
				Differs: []realname.Element{realname.ElementName}, CurrentFrom: "20261205",
			}, []string{"5 December 2026"}, nil,
		},
		"both names and the state, of unknown age": {
			realname.Error{
				Code: realname.CodeEnterpriseMismatch, Fields: []realname.FieldError{name, person},
				Differs: []realname.Element{realname.ElementName, realname.ElementPerson, realname.ElementStatus},
			}, []string{"business license", "legal representative"}, []string{"not in business"},
		},
		"state": {
			realname.Error{
				Code: realname.CodeEnterpriseClosed, Differs: []realname.Element{realname.ElementStatus}, CurrentFrom: "20261205",
			}, nil, []string{"deregistered", "5 December 2026"},
		},
		"nothing public": {
			realname.Error{Code: realname.CodeEnterpriseMismatch},
			nil,
			[]string{"business license", "15 working days", "representative"},
		},
	} {
		t.Run(title, func(t *testing.T) {
			r := httptest.NewRequest("POST", "/v1/sessions/1/enterprise", nil)
			r.Header.Set("Accept-Language", "en")
			p := newProblem(r, &c.e)
			var messages, causes []string
			if p.Errors != nil {
				for _, e := range *p.Errors {
					messages = append(messages, strings.Join(*e.Causes, " "))
				}
			}
			if p.Causes != nil {
				causes = *p.Causes
			}
			says := strings.Contains
			if !slices.EqualFunc(messages, c.fields, says) || !slices.EqualFunc(causes, c.causes, says) {
				t.Errorf("fields %q, causes %q", messages, causes)
			}
			var differs []api.Element
			if p.Differs != nil {
				differs = *p.Differs
			}
			if len(differs) != len(c.e.Differs) || (p.CurrentFrom != nil) != (c.e.CurrentFrom != "") {
				t.Errorf("%v from %v", differs, p.CurrentFrom)
			}
		})
	}
}

func TestEveryElementHasWordsInBothLanguages(t *testing.T) {
	for _, e := range []realname.Element{realname.ElementName, realname.ElementPerson, realname.ElementStatus} {
		for _, lang := range []Texts{chinese{}, english{}} {
			what, why := lang.Differs(e)
			if causes := registryCauses(lang, []realname.Element{e}, ""); what == "" || why == "" || len(causes) != 1 ||
				strings.Contains(causes[0], "。 ") {
				t.Errorf("%s: %q", e, causes)
			}
		}
	}
	if got := withCurrent(nil, chinese{}, "20261205"); len(got) != 1 ||
		got[0] != "近期办理过变更的，登记数据预计自2026年12月5日起为最新。" {
		t.Errorf("%q", got)
	}
	if got := withCurrent(nil, english{}, ""); got != nil {
		t.Errorf("an unknown day is told: %q", got)
	}
}
