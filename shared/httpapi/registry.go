package httpapi

import (
	"slices"
	"strings"
	"time"

	"realname/api"
	"realname/shared/realname"
)

// sayDifferences completes the texts of a registry's mismatch with the usual causes of
// each public element that differs, and the day from which the data should be current. An
// element with a field is explained there, and the others among the problem's causes.
// Nothing here depends on ID numbers.
func sayDifferences(said *api.ProblemTranslation, lang Texts, e *realname.Error) {
	if said.Errors == nil {
		causes := registryCauses(lang, e.Differs, e.CurrentFrom)
		said.Causes = &causes
		return
	}
	for i, f := range *said.Errors {
		_, why := lang.Differs(realname.Element(f.Rule))
		causes := withCurrent([]string{why}, lang, e.CurrentFrom)
		(*said.Errors)[i].Causes = &causes
	}
	said.Causes = nil
	if slices.Contains(e.Differs, realname.ElementStatus) { // it has no field
		causes := registryCauses(lang, []realname.Element{realname.ElementStatus}, "")
		said.Causes = &causes
	}
}

// registryCauses explains the elements that differ.
func registryCauses(lang Texts, differs []realname.Element, currentFrom string) []string {
	var causes []string
	for _, e := range differs {
		what, why := lang.Differs(e)
		if !strings.HasSuffix(what, "。") { // Chinese has no space between sentences
			what += " "
		}
		causes = append(causes, what+why)
	}
	return withCurrent(causes, lang, currentFrom)
}

// withCurrent adds the day from which the data should be current, if it is known.
func withCurrent(causes []string, lang Texts, day string) []string {
	if at, err := time.Parse("20060102", day); err == nil {
		causes = append(causes, lang.Current(at))
	}
	return causes
}

func elements(differs []realname.Element) *[]api.Element {
	if differs == nil {
		return nil
	}
	list := make([]api.Element, len(differs))
	for i, e := range differs {
		list[i] = api.Element(e)
	}
	return &list
}
