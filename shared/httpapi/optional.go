package httpapi

import "realname/shared/realname"

// Text is an optional text of a request, or "" when it is not given.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Given is whether an optional flag of a request is set.
func Given(flag *bool) bool { return flag != nil && *flag }

// Optional is an optional text of an answer: nil, and so left out, when it is
// empty.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Masked opens a sealed text of an item and masks it for an answer: nil when the
// item does not have it.
func Masked(sealer realname.Sealer, sealed realname.Sealed, item, field string, mask func(string) string) (*string, error) {
	if sealed == "" {
		return nil, nil
	}
	plain, err := sealer.Open(sealed, item, field)
	if err != nil {
		return nil, err
	}
	masked := mask(string(plain))
	return &masked, nil
}
