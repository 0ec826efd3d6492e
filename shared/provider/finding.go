package provider

// Finding is what a harmless request to a provider showed.
type Finding struct {
	Provider, Check string
	Works           bool
	Code            string // the provider's own
	RequestID       string
	Advice          string // what to do when it does not work
}
