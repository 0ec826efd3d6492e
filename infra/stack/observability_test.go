package stack

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"realname/api/contract"
	"realname/shared/notify"
)

func TestEveryAlarmRingsAndHasAPlaybook(t *testing.T) {
	guide, err := os.ReadFile("../../docs/playbooks.md")
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
			_, anchor, ok := strings.Cut(a.at("AlarmDescription").(string), "docs/playbooks.md#")
			if !ok || !strings.Contains(string(guide), "\n## "+anchor+"\n") {
				t.Errorf("%s: docs/playbooks.md has no heading %q", a.ID, anchor)
			}
			if a.at("MetricName") == nil {
				t.Errorf("%s computes: the emulator knows no metric math", a.ID)
			}
		}
	})
}

// The dimensions of DynamoDB's metrics (DynamoDB Developer Guide, "DynamoDB
// metrics and dimensions"). An alarm on any other set never rings.
var tableDimensions = map[string][]string{
	"ReadThrottleEvents":  {"TableName", "GlobalSecondaryIndexName TableName"},
	"WriteThrottleEvents": {"TableName", "GlobalSecondaryIndexName TableName"},
	"SystemErrors":        {"Operation TableName"},
}

func TestAlarmsOfTheTableWatchMetricsThatThereAre(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		watched := map[string]bool{}
		for _, a := range v.of("AWS::CloudWatch::Alarm") {
			if a.at("Namespace") != "AWS/DynamoDB" {
				continue
			}
			name := a.at("MetricName").(string)
			var dimensions []string
			for i := 0; a.at("Dimensions", i, "Name") != nil; i++ {
				dimensions = append(dimensions, a.at("Dimensions", i, "Name").(string))
			}
			slices.Sort(dimensions)
			if by := strings.Join(dimensions, " "); !slices.Contains(tableDimensions[name], by) {
				t.Errorf("%s: DynamoDB has no %s by %q", a.ID, name, by)
			}
			watched[name+" "+flat(a.at("Dimensions", 0, "Value"))] = true
			if board := flat(v.only(t, "AWS::CloudWatch::Dashboard").Properties); !strings.Contains(board, name) {
				t.Errorf("the dashboard does not show %s", name)
			}
		}
		if len(watched) < 5 {
			t.Errorf("only %v", watched)
		}
	})
}

// A topic with a policy accepts no alarm messages unless the policy allows
// them.
// The rules tell the topic by themselves, without an alarm.
func TestRulesOnKeysRingAndHaveAPlaybook(t *testing.T) {
	guide, err := os.ReadFile("../../docs/playbooks.md")
	if err != nil {
		t.Fatal(err)
	}
	everywhere(t, func(t *testing.T, v *variant) {
		found := 0
		for _, rule := range v.of("AWS::Events::Rule") {
			if !strings.HasPrefix(rule.ID, "observability/") {
				continue
			}
			found++
			pattern, target := flat(rule.at("EventPattern")), flat(rule.at("Targets", 0))
			_, anchor, _ := strings.Cut(rule.at("Description").(string), "docs/playbooks.md#")
			if !strings.Contains(target, "Alarms") || !strings.Contains(target, "docs/playbooks.md#"+anchor) ||
				anchor == "" || !strings.Contains(string(guide), "\n## "+anchor+"\n") ||
				!strings.Contains(pattern, "aws.kms") || !strings.Contains(pattern, "VaultKey") {
				t.Errorf("%s: %s %s", anchor, pattern, target)
			}
			if reads := strings.Contains(pattern, `"Decrypt"`); reads !=
				(rule.at("State") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS") {
				t.Errorf("%s: state %v", anchor, rule.at("State"))
			}
		}
		if found != 2 {
			t.Errorf("%d rules on keys", found)
		}
	})
}

// CloudWatch has the metrics of CloudFront and of its web ACL in us-east-1 only.
func TestAlarmsOfTheEdgeAreWhereItsMetricsAre(t *testing.T) {
	for v, where := range map[*variant]string{dev: "observability/", prod: "edge-alarms/", china: ""} {
		watched := map[string]bool{}
		for _, a := range v.synth(t).of("AWS::CloudWatch::Alarm") {
			switch space := a.at("Namespace").(string); space {
			case "AWS/CloudFront", "AWS/WAFV2", "AWS/CertificateManager":
				watched[space] = true
				if where == "" || !strings.HasPrefix(a.ID, where) {
					t.Errorf("%s: %s", v.Name, a.ID)
				}
			}
		}
		if want := map[*variant]int{dev: 2, prod: 3, china: 0}[v]; len(watched) != want {
			t.Errorf("%s watches %v", v.Name, watched)
		}
	}
}

func TestTheTopicTakesWhatAlarmsSay(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, policy := range v.of("AWS::SNS::TopicPolicy") {
			alarms := false
			for _, s := range asList(policy.at("PolicyDocument", "Statement")) {
				if at(s, "Effect") != "Allow" || at(s, "Principal", "Service") == "events.amazonaws.com" {
					continue
				}
				alarms = true
				if at(s, "Principal", "Service") != "cloudwatch.amazonaws.com" || at(s, "Action") != "sns:Publish" ||
					at(s, "Condition", "StringEquals", "aws:SourceAccount") == nil {
					t.Errorf("%s", flat(s))
				}
			}
			if !alarms {
				t.Errorf("%s: no statement lets CloudWatch publish", policy.ID)
			}
		}
	})
}

// One held reading among a hundred requests is normal.
func TestHeldReadingsDoNotRing(t *testing.T) {
	doc, err := contract.Load()
	if err != nil {
		t.Fatal(err)
	}
	held := *doc.Components.Parameters["Wait"].Value.Schema.Value.Max * 1000
	for _, a := range prod.synth(t).of("AWS::CloudWatch::Alarm") {
		if threshold, _ := a.at("Threshold").(float64); a.at("MetricName") == "Latency" && threshold < held+2000 {
			t.Errorf("rings at %v ms; a reading is held for %v", threshold, held)
		}
	}
}

// At night a single event may be waiting, and its delivery attempts become
// rare.
func TestOneEventThatIsNotTakenRingsUntilItIsGivenUp(t *testing.T) {
	for _, a := range prod.synth(t).of("AWS::CloudWatch::Alarm") {
		if a.at("AlarmName") != "realname-prod-notices-failing" {
			continue
		}
		period := time.Duration(a.at("Period").(float64)) * time.Second
		schedule, failed := notify.DefaultSchedule(), map[int]bool{}
		for n, at := 1, time.Duration(0); at < schedule.For; n++ {
			failed[int(at/period)] = true
			at += schedule.Delay(n)
		}
		for now := int(20 * time.Minute / period); now < int(schedule.For/period); now++ {
			points := 0
			for i := now; i > now-int(a.at("EvaluationPeriods").(float64)); i-- {
				if failed[i] {
					points++
				}
			}
			if points < int(a.at("DatapointsToAlarm").(float64)) {
				t.Fatalf("silent after %v", time.Duration(now)*period)
			}
		}
		return
	}
	t.Fatal("no such alarm")
}

func TestAlarmsGoToTheAddress(t *testing.T) {
	all := prod.synth(t).of("AWS::SNS::Subscription")
	if len(all) != 2 { // the topic of CloudFront's alarms is in us-east-1
		t.Errorf("%d subscriptions", len(all))
	}
	for _, s := range all {
		if s.at("Protocol") != "email" || s.at("Endpoint") != "ops@example.com" {
			t.Errorf("%+v", s.Properties)
		}
	}
	if got := dev.synth(t).of("AWS::SNS::Subscription"); len(got) > 0 {
		t.Errorf("nobody was named: %v", got)
	}
}
