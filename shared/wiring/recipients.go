package wiring

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"realname/shared/realname"
)

// recipients reads REALNAME_RECIPIENTS, which names the providers of every check for
// functions that ask none of them: registry=tencent,sms=sns. Without it, the recipients
// are the providers of this process.
func (r *reader) recipients(p Providers) realname.Recipients {
	v := r.getenv("REALNAME_RECIPIENTS")
	if v == "" {
		return p.Recipients()
	}
	checks := []realname.CheckName{
		realname.RegistryCheck, realname.IDCardCheck, realname.BankCardCheck, realname.SMSCheck,
	}
	all := realname.Recipients{}
	for _, pair := range strings.Split(v, ",") {
		check, name, ok := strings.Cut(pair, "=")
		if !ok || name == "" || !slices.Contains(checks, realname.CheckName(check)) {
			r.err = errors.Join(r.err, fmt.Errorf(
				"REALNAME_RECIPIENTS: want pairs such as registry=tencent,sms=sns, got %q", pair))
			continue
		}
		all[realname.CheckName(check)] = append(all[realname.CheckName(check)], name)
	}
	return all
}
