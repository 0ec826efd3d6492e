package httpapi

import (
	"realname/shared/realname"
)

// EnglishTitle returns the English title of a problem code, for staff.
func EnglishTitle(code realname.Code) string { return english{}.Problem(code).Title }
