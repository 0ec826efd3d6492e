package stack

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	deployed "realname/functions"
	"realname/shared/store"
)

// statement is a statement of an IAM policy with its location in the template.
type statement struct {
	where              string
	actions, resources []string
	principal          any
	condition          map[string]any
}

func statements(r resource, path ...any) []statement {
	var all []statement
	for _, s := range asList(r.at(append(path, "Statement")...)) {
		m := s.(map[string]any)
		condition, _ := m["Condition"].(map[string]any)
		if m["Effect"] == "Allow" {
			all = append(all, statement{r.ID, texts(m["Action"]), texts(m["Resource"]), m["Principal"], condition})
		}
	}
	return all
}

func asList(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	return nil
}

// unboundActions are the actions for which AWS does not support resources.
var unboundActions = []string{
	"xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
	"logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
	"logs:ListLogDeliveries",
	"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
	"dynamodb:ListStreams",
	"ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
	"ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
	"sns:Publish", // TestMessagesGoToNumbersAlone limits it to telephone numbers
}

// foreign matches the roles of the CDK's own custom resource, which reads a value
// from another region.
var foreign = regexp.MustCompile(`/Custom`)

func TestNoRoleMayMoreThanItNames(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, policy := range v.of("AWS::IAM::Policy") {
			for _, s := range statements(policy, "PolicyDocument") {
				if foreign.MatchString(s.where) {
					continue
				}
				for _, a := range s.actions {
					if strings.Contains(a, "*") {
						t.Errorf("%s: action %s", s.where, a)
					}
				}
				for _, r := range s.resources {
					if !strings.Contains(r, "*") {
						continue
					}
					for _, a := range s.actions {
						if r != "*" || !slices.Contains(unboundActions, a) {
							t.Errorf("%s: %s on %s", s.where, a, r)
						}
					}
				}
			}
		}
	})
}

func TestNoRoleHasAManagedPolicyOrAnotherOwner(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, role := range v.of("AWS::IAM::Role") {
			if foreign.MatchString(role.ID) {
				continue
			}
			if got := texts(role.at("ManagedPolicyArns")); got != nil {
				t.Errorf("%s: managed policies %v", role.ID, got)
			}
			for _, s := range statements(role, "AssumeRolePolicyDocument") {
				service := at(s.principal, "Service")
				if service != "lambda.amazonaws.com" && service != "states.amazonaws.com" &&
					(service != "vpc-flow-logs.amazonaws.com" || !v.settings.VPC) {
					t.Errorf("%s may be assumed by %v", role.ID, s.principal)
				}
			}
		}
	})
}

func TestEachKindOfTokenIsSignedByItsOwnFunction(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		signs := map[string][]string{}
		for _, policy := range v.of("AWS::IAM::Policy") {
			for _, s := range statements(policy, "PolicyDocument") {
				if slices.Contains(s.actions, "kms:Sign") {
					signs[policy.ID] = append(signs[policy.ID], s.resources...)
				}
			}
		}
		var keys []string
		for policy, of := range signs {
			kind, ok := "", false
			switch {
			case strings.HasPrefix(policy, "core/loginRole"):
				kind, ok = "TokenKey", true
			case strings.HasPrefix(policy, "core/oauthRole"):
				kind, ok = "MachineTokenKey", true
			}
			for _, key := range of {
				if !ok || !regexp.MustCompile(`^\W*(Fn::GetAtt\W*)?`+kind+`(RSA)?(Next)?[0-9A-F]`).MatchString(key) ||
					slices.Contains(keys, key) {
					t.Errorf("%s signs with %s", policy, key)
				}
				keys = append(keys, key)
			}
		}
		want := 4 // two of each kind
		if v.settings.TokenKeys == tokenKeysBoth {
			want = 8
		}
		if len(keys) != want {
			t.Errorf("keys that sign: %v", keys)
		}
	})
}

// tableActions returns the partitions of the table on which a function may act, by the
// action, and the resources without such a limit.
func tableActions(v *variant, name string) (partitions map[string][]string, unlimited []string) {
	partitions = map[string][]string{}
	prefix := "core/" + strings.ReplaceAll(name, "-", "") + "Role"
	for _, policy := range v.of("AWS::IAM::Policy") {
		if !strings.HasPrefix(policy.ID, prefix) {
			continue
		}
		for _, s := range statements(policy, "PolicyDocument") {
			for _, a := range s.actions {
				if !strings.HasPrefix(a, "dynamodb:") || slices.Contains(permissionActions[readStream], a) {
					continue
				}
				keys := texts(at(s.condition, "ForAllValues:StringLike", "dynamodb:LeadingKeys"))
				if len(s.condition) != 1 || len(keys) == 0 {
					unlimited = append(unlimited, a)
				}
				partitions[a] = append(partitions[a], keys...)
			}
		}
	}
	return partitions, unlimited
}

func TestEachFunctionUsesItsOwnPartitionsOfTheTable(t *testing.T) {
	patterns := func(partitions []store.Partition) []string {
		var all []string
		for _, p := range partitions {
			all = append(all, p.Pattern())
		}
		return all
	}
	everywhere(t, func(t *testing.T, v *variant) {
		for name, f := range functions {
			may, unlimited := tableActions(v, name)
			if unlimited != nil {
				t.Errorf("%s may %v in every partition", name, unlimited)
			}
			access, uses := deployed.TableAccess()[name]
			if uses != (len(may) > 0) {
				t.Errorf("%s has the actions %v and an entry in functions/access.go: %v", name, may, uses)
			}
			for action, keys := range may {
				want := access.MayRead()
				if slices.Contains(permissionActions[writeTable], action) {
					want = access.Writes
				}
				if !slices.Equal(keys, patterns(want)) {
					t.Errorf("%s: %s in %v, want %v", name, action, keys, patterns(want))
				}
			}
			if writes := slices.Contains(f.May, writeTable); writes != (len(access.Writes) > 0) {
				t.Errorf("%s may write: %v, and has partitions to write: %v", name, writes, access.Writes)
			}
		}
	})
}

// What is reached without a person's token writes what it has to, and nothing of others.
func TestPublicFunctionsWriteNothingOfOthers(t *testing.T) {
	want := map[string][]string{
		"bank-callback": {
			"ACCOUNT#*", "ENTERPRISE#*", "SESSION#*", "OUTBOX#*", // the decision
			"NONCE#*", "REMARK#*", "BANK#*", "SOURCE#*",
		},
		"login":            {"ACCOUNT#*", "LOGIN#*", "SOURCE#*"},
		"oauth":            {"CLIENT#*", "SOURCE#*"},
		"real-name-status": {"CLIENT#*"},
		"bank-returns":     nil,
	}
	everywhere(t, func(t *testing.T, v *variant) {
		for name, partitions := range want {
			may, _ := tableActions(v, name)
			for _, action := range permissionActions[writeTable] {
				if !slices.Equal(may[action], partitions) {
					t.Errorf("%s: %s in %v, want %v", name, action, may[action], partitions)
				}
			}
		}
	})
}

// permissionActions maps each permission to its IAM actions.
var permissionActions = map[permission][]string{
	readTable:          {"dynamodb:BatchGetItem", "dynamodb:GetItem"},
	writeTable:         {"dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem"},
	queryTable:         {"dynamodb:Query"},
	openVault:          {"kms:Decrypt", "secretsmanager:GetSecretValue"},
	checkTokens:        {"kms:GetPublicKey"},
	signTokens:         {"kms:Sign"},
	checkMachineTokens: {"kms:GetPublicKey"},
	signMachineTokens:  {"kms:Sign"},
	sendMail:           {"ses:SendEmail"},
	sendMessages:       {"sns:Publish"},
	publishEvents:      {"events:PutEvents"},
	readStream: {
		"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
		"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage", // for records that the function could not handle
	},
	knowOrigin:     {"kms:Decrypt", "secretsmanager:GetSecretValue"},
	askProviders:   {"kms:Decrypt", "secretsmanager:GetSecretValue"},
	startWorkflow:  {"states:StartExecution"},
	answerWorkflow: {"states:SendTaskFailure", "states:SendTaskSuccess"},
}

func TestEachFunctionMayExactlyWhatItsEntrySays(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for name, f := range functions {
			traced := v.settings.Region.features().FunctionTracing
			want := map[string]bool{
				"logs:CreateLogStream": true, "logs:PutLogEvents": true, "xray:PutTraceSegments": traced,
				"xray:PutTelemetryRecords": traced,
			}
			for _, a := range vpcActions {
				want[a] = v.settings.VPC && outside(name)
			}
			for _, p := range f.May {
				for _, a := range permissionActions[p] {
					want[a] = want[a] || (p != knowOrigin || v.settings.checksOrigin()) &&
						(p != sendMail || v.settings.Environment["REALNAME_MAIL_FROM"] != "") &&
						(p != sendMessages || v.settings.sendsBySNS())
				}
			}
			got := map[string]bool{}
			prefix := "core/" + strings.ReplaceAll(name, "-", "") + "Role"
			for _, policy := range v.of("AWS::IAM::Policy") {
				if strings.HasPrefix(policy.ID, prefix) {
					for _, s := range statements(policy, "PolicyDocument") {
						for _, a := range s.actions {
							got[a] = true
						}
					}
				}
			}
			maps.DeleteFunc(want, func(_ string, wanted bool) bool { return !wanted })
			if !maps.Equal(got, want) {
				t.Errorf("%s may %v, want %v", name, slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
			}
		}
	})
}

func TestDecryptingIsBoundToItsUse(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, policy := range v.of("AWS::IAM::Policy") {
			for _, s := range statements(policy, "PolicyDocument") {
				if !foreign.MatchString(s.where) && slices.Contains(s.actions, "kms:Decrypt") &&
					at(s.condition, "StringEquals") == nil {
					t.Errorf("%s may decrypt anything of %v", s.where, s.resources)
				}
			}
		}
	})
}

func TestKeyPoliciesServeTheAccountAndNamedServices(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		suffix := v.settings.Region.urlSuffix()
		for _, key := range v.of("AWS::KMS::Key") {
			for _, s := range statements(key, "KeyPolicy") {
				switch who := flat(s.principal); {
				case strings.Contains(who, ":root"):
				case strings.Contains(who, `"Service":"logs.`+string(v.settings.Region)+"."+suffix+`"`):
				case strings.HasPrefix(key.ID, "edge/") && strings.Contains(who, `"Service":"logs.us-east-1.amazonaws.com"`):
				case strings.Contains(who, `"Service":"cloudwatch.amazonaws.com"`):
				case strings.Contains(who, `"Service":"events.amazonaws.com"`) &&
					at(s.condition, "StringEquals", "aws:SourceAccount") != nil:
				case who == `{"AWS":"*"}` &&
					at(s.condition, "StringEquals", "kms:ViaService") == fmt.Sprintf("dynamodb.%s.%s", v.settings.Region, suffix) &&
					at(s.condition, "StringEquals", "kms:CallerAccount") != nil:
				default:
					t.Errorf("%s serves %s under %v", key.ID, who, s.condition)
				}
			}
		}
	})
}
