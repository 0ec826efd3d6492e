package realname_test

import (
	"errors"
	"fmt"
	"testing"

	"realname/shared/realname"
)

func TestAnErrorSaysWhatIsWrongAndWhatIsBeneath(t *testing.T) {
	beneath := errors.New("no network")
	err := fmt.Errorf("outer: %w", &realname.Error{
		Code: realname.CodeInvalidRequest, Err: beneath, Fields: []realname.FieldError{{Pointer: "/a", Rule: "length"}},
	})
	if err.Error() != "outer: invalid_request /a:length: no network" || !errors.Is(err, beneath) {
		t.Errorf("got %q", err)
	}
	if got := (&realname.Error{Code: realname.CodeNotFound}).Error(); got != "not_found" {
		t.Errorf("got %q", got)
	}
	for e, want := range map[error]realname.Code{err: realname.CodeInvalidRequest, beneath: "", nil: ""} {
		if got := realname.CodeOf(e); got != want {
			t.Errorf("%v: got %q, want %q", e, got, want)
		}
	}
}

func TestThreeFailuresAreToldAndTheRestCounted(t *testing.T) {
	var f realname.Failures
	for n, want := range []string{"", "e1", "e1\ne2", "e1\ne2\ne3", "4 failures, the first of them:\ne1\ne2\ne3"} {
		if n > 0 {
			f.Add(fmt.Errorf("e%d", n))
		}
		got := ""
		if err := f.Err(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("after %d: got %q, want %q", n, got, want)
		}
	}
}
