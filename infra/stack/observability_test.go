package stack

import (
	"os"
	"strings"
	"testing"
)

func TestEveryAlarmRingsAndHasAPlaybook(t *testing.T) {
	guide, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, v *variant) {
		all := v.of("AWS::CloudWatch::Alarm")
		if len(all) < 8 {
			t.Fatalf("%d alarms", len(all))
		}
		for _, a := range all {
			if !strings.Contains(flat(a.at("AlarmActions")), "Alarms") || !strings.Contains(flat(a.at("OKActions")), "Alarms") {
				t.Errorf("%s rings nowhere", a.ID)
			}
			_, anchor, ok := strings.Cut(a.at("AlarmDescription").(string), "docs/operations.md#")
			if !ok || !strings.Contains(string(guide), "\n### "+anchor+"\n") {
				t.Errorf("%s: docs/operations.md has no heading %q", a.ID, anchor)
			}
			if a.at("MetricName") == nil {
				t.Errorf("%s computes: the emulator knows no metric math", a.ID)
			}
		}
	})
}

func TestAlarmsGoToTheAddress(t *testing.T) {
	if s := prod.synth(t).only(t, "AWS::SNS::Subscription"); s.at("Protocol") != "email" || s.at("Endpoint") != "ops@example.com" {
		t.Errorf("%+v", s.Properties)
	}
	if got := dev.synth(t).of("AWS::SNS::Subscription"); len(got) > 0 {
		t.Errorf("nobody was named: %v", got)
	}
}
