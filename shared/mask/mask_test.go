package mask_test

import (
	"testing"

	"realname/shared/mask"
)

func TestMasks(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{mask.ID("130105198001011813"), "1301*******1813"},
		{mask.ID("E12345678"), "E1*******78"},
		{mask.ID("AB"), "*******"},
		{mask.ID(""), ""},
		{mask.Name("季鹏"), "季*"},
		{mask.Name("李玲芳"), "李**"},
		{mask.Name(""), ""},
		{mask.Name("李"), "*"},
		{mask.Mobile("13800138000"), "138****8000"},
		{mask.Email("clerk@example.com"), "c***@example.com"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
