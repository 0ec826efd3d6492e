package stack

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A function may send through Amazon SNS if and only if its program links SNS
// as an SMS provider.
func TestFunctionsThatLinkACarrierMaySend(t *testing.T) {
	for name, f := range functions {
		links := linked(t, name)["sns"]
		if may := slices.Contains(f.May, sendMessages); may != links {
			t.Errorf("%s links a carrier: %v, may send: %v", name, links, may)
		}
	}
}

// Banks are a list in the settings.
func TestFunctionsThatKnowBanksMayListThem(t *testing.T) {
	known := 0
	for name, f := range functions {
		if !linked(t, name)["bank"] {
			continue
		}
		known++
		if !slices.Contains(f.May, queryTable) {
			t.Errorf("%s knows the banks and may not query the table", name)
		}
	}
	if known == 0 {
		t.Error("no function links the banks")
	}
}

// linked returns the packages of shared/wiring that a function's program
// imports.
func linked(t *testing.T, name string) map[string]bool {
	t.Helper()
	main, err := parser.ParseFile(token.NewFileSet(), filepath.Join("../../functions", name, "bootstrap/main.go"), nil,
		parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bool{}
	for _, i := range main.Imports {
		path, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if wiring, ok := strings.CutPrefix(path, "realname/shared/wiring/"); ok {
			all[wiring] = true
		}
	}
	return all
}

// Publish on * would also cover every topic of the account, so the policy
// denies topics. Only functions that send messages have the permission, and
// only if SNS is an SMS provider.
func TestMessagesGoToNumbersAlone(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		var senders []string
		for _, policy := range v.of("AWS::IAM::Policy") {
			everything, noTopic := false, false
			for _, s := range asList(policy.at("PolicyDocument", "Statement")) {
				if !slices.Contains(texts(at(s, "Action")), "sns:Publish") {
					continue
				}
				resources := texts(at(s, "Resource"))
				switch at(s, "Effect") {
				case "Allow":
					everything = everything || slices.Contains(resources, "*")
				case "Deny":
					noTopic = noTopic || slices.Contains(resources, "arn:"+v.settings.Region.partition()+":sns:*:*:*")
				}
			}
			if everything {
				senders = append(senders, policy.ID)
			}
			if everything != noTopic {
				t.Errorf("%s may publish to numbers: %v, is denied topics: %v", policy.ID, everything, noTopic)
			}
		}
		want := []string{}
		if v.settings.sendsBySNS() {
			want = []string{"core/credentialsRole", "core/resetmessagesRole", "core/smscodesRole"}
		}
		slices.Sort(senders)
		if len(senders) != len(want) || !slices.EqualFunc(senders, want, strings.HasPrefix) {
			t.Errorf("%v send messages, want %v", senders, want)
		}
	})
}
