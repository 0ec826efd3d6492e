package httpapi

import "realname/shared/realname"

// Text returns an optional text of a request, or "" if it is missing.
func Text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Strings returns an optional list of a request, or nil if it is missing.
func Strings[T ~string](list *[]T) []string {
	if list == nil {
		return nil
	}
	texts := make([]string, len(*list))
	for i, text := range *list {
		texts[i] = string(text)
	}
	return texts
}

// Given reports whether an optional flag of a request is set.
func Given(flag *bool) bool { return flag != nil && *flag }

// Optional returns an optional text of a response: nil, and so omitted, if it is
// empty.
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Masked opens a sealed text of an item and masks it for a response; nil if the
// item does not have it.
func Masked(
	sealer realname.Sealer, sealed realname.Sealed, item, field string, mask func(string) string,
) (*string, error) {
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
