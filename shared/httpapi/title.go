package httpapi

import (
	"realname/shared/realname"
)

// EnglishTitle is what a problem code means in a few words, for operators.
func EnglishTitle(code realname.Code) string { return english{}.Problem(code).Title }
