package verification_test

import (
	"testing"

	"realname/shared/realname"
)

// If any verified fact changes between the last step and the end, the session verifies
// nothing.
func TestAVerdictWithoutItsGroundVerifiesNothing(t *testing.T) {
	for name, try := range map[string]struct {
		change func(*realname.Account, *realname.Enterprise)
		want   realname.Status
	}{
		"nothing": {func(*realname.Account, *realname.Enterprise) {}, realname.Verified},
		"address": {func(_ *realname.Account, e *realname.Enterprise) { e.Address = "新址" }, realname.Verified},
		"facts":   {func(_ *realname.Account, e *realname.Enterprise) { e.Changes++ }, realname.Canceled},
		"holder":  {func(a *realname.Account, _ *realname.Enterprise) { a.HolderChanges++ }, realname.Canceled},
		"code": {func(a *realname.Account, _ *realname.Enterprise) {
			a.USCC = "9113000034801880XB"
		}, realname.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			s := b.Begin(realname.LegalRepresentative)
			b.PassAll(s)
			view, e, err := b.Store.LoadForFinish(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			try.change(&view.Account, &e)
			if err := b.Store.Commit(t.Context(), realname.Writing(view.Account, e)); err != nil {
				t.Fatal(err)
			}
			status, err := b.Finish(t.Context(), s)
			if err != nil || status != try.want {
				t.Fatalf("%s %v, want %s", status, err, try.want)
			}
			after, e, err := b.Store.LoadForFinish(t.Context(), s)
			if err != nil || e.Aspect.Passed() != (try.want == realname.Verified) ||
				after.Account.Holder.Passed() != e.Aspect.Passed() {
				t.Errorf("enterprise %v, holder %v, %v", e.Aspect, after.Account.Holder, err)
			}
			if try.want == realname.Canceled &&
				(after.Session.LastError == nil || after.Session.LastError.Code != realname.CodeInformationChanged) {
				t.Errorf("%+v", after.Session.LastError)
			}
		})
	}
}
