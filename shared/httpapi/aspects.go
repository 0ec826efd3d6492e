package httpapi

import (
	"realname/api"
	"realname/shared/realname"
)

// Aspects renders both aspects. An aspect that counts as verified by registration
// (R1) has no method.
func Aspects(enterprise, holder realname.State) api.Aspects {
	return api.Aspects{Enterprise: Aspect(enterprise), Holder: Aspect(holder)}
}

// Aspect renders one aspect.
func Aspect(s realname.State) api.AspectState {
	v := api.AspectState{State: "not_passed"}
	if s.Passed {
		v.State = "passed"
	}
	if s.By.Passed() {
		m, at := api.Method(s.By.Method), s.By.At.UTC()
		v.Method, v.At = &m, &at
	}
	return v
}
