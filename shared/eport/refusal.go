package eport

import (
	"errors"
	"fmt"

	"realname/shared/realname"
)

// Refusal is the reason why a card is refused. Detail is for staff and holds no
// personal data.
type Refusal struct {
	Code   realname.Code
	Detail string
}

func (r *Refusal) Error() string { return string(r.Code) + ": " + r.Detail }

func refuse(code realname.Code, format string, args ...any) error {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}

// codeOf returns the code of a refusal, or "" for any other error.
func codeOf(err error) realname.Code {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Code
	}
	return ""
}
