package httpapi

import (
	"realname/api"
	"realname/shared/realname"
)

// Aspects renders both aspects. An account or enterprise that is presumed
// authenticated (R1) shows them as passed, by no method unless one passed here.
func Aspects(enterprise, holder realname.Aspect, presumed bool) api.Aspects {
	return api.Aspects{Enterprise: aspect(enterprise, presumed), Holder: aspect(holder, presumed)}
}

func aspect(a realname.Aspect, presumed bool) api.AspectState {
	v := api.AspectState{State: "not_passed"}
	if a.Passed() || presumed {
		v.State = "passed"
	}
	if a.Passed() {
		m, at := api.Method(a.Method), a.At.UTC()
		v.Method, v.At = &m, &at
	}
	return v
}
