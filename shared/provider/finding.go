package provider

import "realname/shared/realname"

// Finding is what a harmless request to a provider showed.
type Finding struct {
	Provider  string             `json:"provider"`
	Check     realname.CheckName `json:"check"`
	Works     bool               `json:"works"`
	Code      string             `json:"code"` // the provider's own
	RequestID string             `json:"requestId"`
	Advice    string             `json:"advice,omitempty"` // what to do when it does not work
}
