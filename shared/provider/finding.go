package provider

import "realname/shared/realname"

// Finding is the result of a harmless request to a provider.
type Finding struct {
	Provider  string             `json:"provider"`
	Check     realname.CheckName `json:"check"`
	Works     bool               `json:"works"`
	Code      string             `json:"code"` // the provider's own
	RequestID string             `json:"requestId"`
	Advice    string             `json:"advice,omitempty"` // the action to take if it does not work
}
