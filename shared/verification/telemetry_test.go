package verification_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"realname/local/domaintest"
	"realname/shared/realname"
)

// counted returns the values that the log lines in out add to a metric: one string
// for each line, with the value and the dimensions.
func (b *bench) counted(out *bytes.Buffer, name string, by ...string) (all []string) {
	b.Helper()
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			b.Fatal(err)
		}
		if m[name] == nil {
			continue
		}
		values := []string{fmt.Sprint(m[name])}
		for _, d := range by {
			values = append(values, fmt.Sprint(m[d]))
		}
		all = append(all, strings.Join(values, " "))
	}
	return all
}

func loggedBench(t *testing.T) (*bench, *bytes.Buffer) {
	b, out := newBench(t), new(bytes.Buffer)
	b.Ports.Log = slog.New(slog.NewJSONHandler(out, nil))
	return b, out
}

func TestASessionsEndIsCountedOnceWhicheverWayItEnds(t *testing.T) {
	b, out := loggedBench(t)
	id := b.Begin(realname.LegalRepresentative)
	for range 2 { // the second time changes nothing, here and below
		if _, err := b.Cancel(t.Context(), b.Caller(), id); err != nil {
			t.Fatal(err)
		}
	}
	id = b.Begin(realname.BankUKey)
	ops, ports := *b.Verification, *b.Ports
	ops.Ports, ports.Actor = &ports, "ops"
	for range 2 {
		if _, err := ops.CancelByOperator(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.counted(out, "SessionsClosed")); n != 1 {
		t.Errorf("an operator's command line is counted: %d", n)
	}
	b.Advance(b.RepairAfter) // either the workflow's end or repair comes first
	for range 2 {
		if _, err := b.Repair(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Finish(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	id = b.Begin(realname.ICCard)
	b.Advance(b.Limits.SessionTimeout)
	for range 2 {
		if _, err := b.Finish(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	b.Pass(realname.LegalRepresentative)
	want := []string{
		"1 canceled legal_representative", "1 canceled bank_ukey", "1 expired ic_card",
		"1 verified legal_representative",
	}
	if got := b.counted(out, "SessionsClosed", "Status", "Method"); !slices.Equal(got, want) {
		t.Errorf("counted %q, want %q", got, want)
	}
}

func TestABanksDecisionIsCounted(t *testing.T) {
	b, out := loggedBench(t)
	session, request := b.handedOver()
	for i := range b.Limits.TriesPerStep {
		b.answers(fail(request, fmt.Sprint("n", i), realname.BankCertificateExpired), "")
		if b.SessionOf(session).Live() {
			var err error
			if request, err = b.choose(session, "CCB"); err != nil {
				t.Fatal(err)
			}
		}
	}
	_, request = b.handedOver()
	b.answers(pass(request, "n9"), "")
	b.answers(pass(request, "n9"), "") // a repetition decides nothing
	steps := b.counted(out, "StepsDecided", "Step", "Outcome")
	if len(steps) != b.Limits.TriesPerStep+1 || steps[0] == steps[len(steps)-1] || steps[len(steps)-1] != "1 bank passed" {
		t.Errorf("%q", steps)
	}
	if ends := b.counted(out, "SessionsClosed", "Status", "Method"); !slices.Equal(ends, []string{"1 failed bank_ukey"}) {
		t.Errorf("%q", ends)
	}
	if strings.Contains(out.String(), domaintest.EnterpriseAnswer.Name) ||
		strings.Contains(out.String(), domaintest.EnterpriseAnswer.LegalRepresentative.Name) {
		t.Error("a log line contains a name")
	}
}

func TestACodeThatWentOutIsCounted(t *testing.T) {
	b, out := loggedBench(t)
	session := b.Begin(realname.LegalRepresentative)
	if err := b.Submit(session); err != nil {
		t.Fatal(err)
	}
	if _, err := b.AskCode(session); err != nil {
		t.Fatal(err)
	}
	b.Advance(b.Limits.SMSInterval)
	b.SMSAnswers = func() error { return errors.New("carrier down") }
	if _, err := b.AskCode(session); realname.CodeOf(err) != realname.CodeUnavailable {
		t.Fatal(err)
	}
	if got := b.counted(out, "SMSSent", "Purpose"); !slices.Equal(got, []string{"1 bank_card"}) {
		t.Errorf("%q", got)
	}
	if strings.Contains(out.String(), "13900001001") || strings.Contains(out.String(), "123456") {
		t.Error("a line holds the number or the code")
	}
}
