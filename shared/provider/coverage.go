package provider

import "realname/shared/idcode"

// Coverage is how much of an enterprise a registry knows.
type Coverage int

// A registry has no data about a kind of enterprise, confirms three elements without
// the legal representative's ID number, or confirms all four.
const (
	CoversNothing Coverage = iota
	CoversThree
	CoversFour
)

// Covering is a registry that knows which kinds of enterprises it covers. One without
// this method covers every kind.
type Covering interface {
	Covers(idcode.Holder) Coverage
}
