package stack

import (
	"slices"
	"strings"
	"testing"

	"realname/shared/realname"
	"realname/shared/workflow"
)

func TestTheTableIsSafe(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		table := v.only(t, "AWS::DynamoDB::Table")
		if table.at("BillingMode") != "PAY_PER_REQUEST" ||
			table.at("PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") != true ||
			table.at("SSESpecification", "SSEType") != "KMS" ||
			!strings.Contains(flat(table.at("SSESpecification", "KMSMasterKeyId")), "DataKey") ||
			table.at("TimeToLiveSpecification", "AttributeName") != "expires" ||
			table.at("StreamSpecification", "StreamViewType") != "KEYS_ONLY" {
			t.Errorf("%+v", table.Properties)
		}
		if table.at("DeletionProtectionEnabled") != v.settings.Protect ||
			(table.DeletionPolicy == "Retain") != v.settings.Protect {
			t.Errorf("deletion protection %v, deletion policy %s", table.at("DeletionProtectionEnabled"), table.DeletionPolicy)
		}
		for i, index := range []string{"GSI1", "GSI2"} {
			if table.at("GlobalSecondaryIndexes", i, "IndexName") != index+"Keys" ||
				table.at("GlobalSecondaryIndexes", i, "Projection", "ProjectionType") != "KEYS_ONLY" ||
				table.at("GlobalSecondaryIndexes", i, "KeySchema", 0, "AttributeName") != index+"PK" {
				t.Errorf("index %d: %+v", i, table.at("GlobalSecondaryIndexes", i))
			}
		}
	})
}

func TestATableOfVersion100KeepsItsIndexesUntilTheyAreReplaced(t *testing.T) {
	table := uat.synth(t).only(t, "AWS::DynamoDB::Table")
	for i, want := range [][3]string{{"GSI1Keys", "KEYS_ONLY", "GSI1PK"}, {"GSI2", "ALL", "GSI2PK"}} {
		at := func(path ...any) any { return table.at(append([]any{"GlobalSecondaryIndexes", i}, path...)...) }
		got := [3]any{at("IndexName"), at("Projection", "ProjectionType"), at("KeySchema", 0, "AttributeName")}
		if got != [3]any{want[0], want[1], want[2]} {
			t.Errorf("index %d: %v, want %v", i, got, want)
		}
	}
	policies := flat(uat.of("AWS::IAM::Policy")) + flat(uat.of("AWS::IAM::Role"))
	for name, want := range map[string]bool{"/index/GSI1Keys": true, `/index/GSI2"`: true, "/index/GSI2Keys": false} {
		if strings.Contains(policies, name) != want {
			t.Errorf("the functions may query %s: %v, want %v", name, !want, want)
		}
	}
}

// After a failed creation, a retained resource with a fixed name would block
// the next attempt.
func TestWhatHoldsDataOutlivesProdButNotAFailedCreation(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		want := "Delete"
		if v.settings.Protect {
			want = "RetainExceptOnCreate"
		}
		for _, kind := range []string{
			"AWS::KMS::Key", "AWS::SecretsManager::Secret", "AWS::SQS::Queue", "AWS::Logs::LogGroup",
			"AWS::StepFunctions::StateMachine",
		} {
			for _, r := range v.of(kind) {
				if r.ID == formerMachine {
					continue
				}
				if r.DeletionPolicy != want {
					t.Errorf("%s: %s, want %s", r.ID, r.DeletionPolicy, want)
				}
			}
		}
	})
}

func TestEverythingThatRestsIsEncrypted(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for kind, property := range map[string]string{
			"AWS::Logs::LogGroup": "KmsKeyId", "AWS::SecretsManager::Secret": "KmsKeyId", "AWS::SNS::Topic": "KmsMasterKeyId",
			"AWS::SQS::Queue": "SqsManagedSseEnabled",
		} {
			for _, r := range v.of(kind) {
				if r.at(property) == nil || r.at(property) == false {
					t.Errorf("%s is not encrypted", r.ID)
				}
			}
		}
		for _, key := range v.of("AWS::KMS::Key") {
			if key.at("EnableKeyRotation") != true && key.at("KeyUsage") != "SIGN_VERIFY" {
				t.Errorf("%s is not rotated", key.ID)
			}
		}
	})
}

// CloudFormation replaces no key that signed tokens: a key keeps its logical ID and its
// spec from one value of tokenKeys to the next. A stage from before the setting has exactly
// the keys that it had.
func TestNoChangeOfTokenKeysReplacesAKey(t *testing.T) {
	specs := map[string]string{} // by logical ID
	keysOf := map[string][]string{}
	for value, v := range map[string]*variant{tokenKeysES256: dev, tokenKeysBoth: china, tokenKeysRS256: prod} {
		if got := v.synth(t).settings.TokenKeys; got != value {
			t.Fatalf("%s has the token keys %s", v.Name, got)
		}
		aliases := map[any]bool{}
		for id, r := range v.stacks["core"].Resources {
			switch r.Type {
			case "AWS::KMS::Alias":
				if name := r.at("AliasName"); aliases[name] {
					t.Errorf("%s: two keys have the alias %v", value, name)
				} else {
					aliases[name] = true
				}
			case "AWS::KMS::Key":
				spec, signs := r.at("KeySpec").(string)
				if !signs {
					continue
				}
				if before, known := specs[id]; known && before != spec {
					t.Errorf("%s is a key of %s and of %s", id, before, spec)
				}
				specs[id] = spec
				keysOf[value] = append(keysOf[value], id)
			}
		}
		slices.Sort(keysOf[value])
	}
	former := []string{
		"MachineTokenKey8D56E992", "MachineTokenKeyNextDB6DCDEB", "TokenKeyD1D1A236", "TokenKeyNextDF2A7239",
	}
	if !slices.Equal(keysOf[tokenKeysES256], former) {
		t.Errorf("token keys by default: %v", keysOf[tokenKeysES256])
	}
	all := slices.Concat(keysOf[tokenKeysES256], keysOf[tokenKeysRS256])
	slices.Sort(all)
	if len(keysOf[tokenKeysRS256]) != 4 || !slices.Equal(keysOf[tokenKeysBoth], all) {
		t.Errorf("es256 has %v, rs256 %v, both %v", keysOf[tokenKeysES256], keysOf[tokenKeysRS256], keysOf[tokenKeysBoth])
	}
	for _, id := range keysOf[tokenKeysRS256] {
		if specs[id] != "RSA_2048" {
			t.Errorf("%s: %s", id, specs[id])
		}
	}
}

func TestLogsAreKeptAsLongAsTheStageSays(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, g := range v.of("AWS::Logs::LogGroup") {
			if g.at("RetentionInDays") != float64(v.settings.LogDays) {
				t.Errorf("%s keeps %v days", g.ID, g.at("RetentionInDays"))
			}
		}
	})
}

func TestQueuesAndTopicsWantTLS(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, kind := range []string{"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"} {
			for _, p := range v.of(kind) {
				if !strings.Contains(flat(p.Properties), `"aws:SecureTransport":"false"`) {
					t.Errorf("%s lets plain http in", p.ID)
				}
			}
		}
	})
}

func TestTheStateMachinesAreTheFilesAndTellNothing(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		found := map[any]bool{}
		for _, m := range v.of("AWS::StepFunctions::StateMachine") {
			name := m.at("StateMachineName")
			found[name] = true
			if m.at("LoggingConfiguration", "Level") != "ERROR" ||
				m.at("LoggingConfiguration", "IncludeExecutionData") != false || m.at("TracingConfiguration", "Enabled") != true {
				t.Errorf("%v: %+v %+v", name, m.at("LoggingConfiguration"), m.at("TracingConfiguration"))
			}
			definition := flat(m.at("DefinitionString"))
			for _, placeholder := range placeholders.FindAllStringSubmatch(definition, -1) {
				if m.at("DefinitionSubstitutions", placeholder[1]) == nil {
					t.Errorf("%v: nothing stands in for %s", name, placeholder[0])
				}
			}
			if m.at("DefinitionSubstitutions", "Partition") != v.settings.Region.partition() {
				t.Errorf("%v: partition %v", name, m.at("DefinitionSubstitutions", "Partition"))
			}
		}
		for _, method := range realname.Methods() {
			if name := v.settings.Name("verification-" + workflow.Name(method)); !found[name] {
				t.Errorf("no state machine %s", name)
			}
		}
	})
	for _, machine := range prod.synth(t).of("AWS::StepFunctions::StateMachine") {
		if got := machine.at("DefinitionSubstitutions", "WaitSeconds"); got != "7200" {
			t.Errorf("the wait of a step is %v s, want the 2 hours that the functions give a session", got)
		}
	}
}

// formerMachine is the state machine of version 1.0.
const formerMachine = "core/Workflow193EF7C1"

// A deployment over version 1.0 replaces nothing that its executions need: the state
// machine keeps its ID, name and definition, and functions may answer and start on it.
func TestExecutionsOfVersion10EndAfterADeploymentOverIt(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		name := v.settings.Name("verification")
		var machine *resource
		for _, m := range v.of("AWS::StepFunctions::StateMachine") {
			if m.ID == formerMachine {
				machine = &m
			}
		}
		if machine == nil || machine.at("StateMachineName") != name ||
			machine.at("DefinitionString") != string(workflow.Former) {
			t.Fatalf("%s is gone or has changed", formerMachine)
		}
		if machine.DeletionPolicy != "Delete" { // or it would outlive the release that drops it
			t.Errorf("%s: %s", machine.ID, machine.DeletionPolicy)
		}
		for _, policy := range v.of("AWS::IAM::Policy") {
			for _, s := range statements(policy, "PolicyDocument") {
				ofFormer := func(r string) bool { return strings.HasSuffix(strings.TrimRight(r, `"]}`), ":"+name) }
				if strings.HasPrefix(s.actions[0], "states:") && !slices.ContainsFunc(s.resources, ofFormer) {
					t.Errorf("%s may not %v on the former machine: %q", s.where, s.actions, s.resources)
				}
			}
		}
	})
}

// A function that is deployed before the state machines would start sessions on none.
func TestStateMachinesAreThereBeforeTheFunctionsThatStartThem(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		machines := v.of("AWS::StepFunctions::StateMachine")
		for name, f := range functions {
			waits := 0
			for _, m := range machines {
				if _, id, _ := strings.Cut(m.ID, "/"); slices.Contains(v.function(t, name).DependsOn, id) {
					waits++
				}
			}
			if want := map[bool]int{true: len(machines)}[slices.Contains(f.May, startWorkflow)]; waits != want {
				t.Errorf("%s waits for %d state machines, want %d", name, waits, want)
			}
		}
	})
}

func TestWhatWasMissedIsFoundEveryMinute(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		var targets string
		for _, rule := range v.of("AWS::Events::Rule") {
			if strings.HasPrefix(rule.ID, "observability/") {
				continue // it watches keys
			}
			targets += flat(rule.at("Targets", 0, "Arn"))
			every := "rate(1 minute)"
			if strings.Contains(flat(rule.at("Targets", 0, "Arn")), "retention") {
				every = "rate(1 day)"
			}
			if rule.at("ScheduleExpression") != every || rule.at("Targets", 0, "DeadLetterConfig", "Arn") == nil {
				t.Errorf("%+v", rule.Properties)
			}
		}
		for _, function := range []string{"repair", "notify", "resetmessages", "retention"} {
			if !strings.Contains(targets, function) {
				t.Errorf("schedules invoke %s", targets)
			}
		}
		once := v.of("AWS::Lambda::EventInvokeConfig")
		if len(once) != 4 {
			t.Errorf("%d of four functions are told not to try again", len(once))
		}
		for _, c := range once {
			if c.at("MaximumRetryAttempts") != 0.0 || c.at("MaximumEventAgeInSeconds") != 60.0 {
				t.Errorf("%s: %+v", c.ID, c.Properties)
			}
		}
	})
}

func TestTheStreamIsFollowedInOrderAndNothingIsDroppedInSilence(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		var follows []string
		for _, m := range v.of("AWS::Lambda::EventSourceMapping") {
			if m.at("BisectBatchOnFunctionError") != true || m.at("DestinationConfig", "OnFailure", "Destination") == nil ||
				flat(m.at("FunctionResponseTypes")) != `["ReportBatchItemFailures"]` || m.at("StartingPosition") != "TRIM_HORIZON" {
				t.Errorf("%+v", m.Properties)
			}
			filter := flat(m.at("FilterCriteria"))
			if !strings.Contains(filter, "INSERT") {
				t.Errorf("filter %s", filter)
			}
			for _, function := range []string{"notify", "resetmessages"} {
				for _, from := range []string{"OUTBOX#", "MESSAGE#"} {
					if strings.Contains(flat(m.at("FunctionName")), function) && strings.Contains(filter, from) {
						follows = append(follows, function+" "+from)
					}
				}
			}
		}
		slices.Sort(follows)
		if want := []string{"notify OUTBOX#", "resetmessages MESSAGE#"}; !slices.Equal(follows, want) {
			t.Errorf("streams %q, want %q", follows, want)
		}
	})
}

func TestNothingOfAnotherPartition(t *testing.T) {
	for _, v := range []*variant{china, chinaWithoutDomain, fixed} {
		v.synth(t)
		for stack, tpl := range v.stacks {
			for id, r := range tpl.Resources {
				text := flat(r.Properties)
				for _, wrong := range []string{"arn:aws:", ".amazonaws.com/", "cloudfront.net"} {
					if strings.Contains(text, wrong) {
						t.Errorf("%s: %s/%s holds %s: %s", v.Name, stack, id, wrong, text)
					}
				}
			}
		}
	}
}

func TestOutputsNameTheDeployedSource(t *testing.T) {
	for v, want := range map[*variant]string{dev: "dev unknown", prod: "v1.2.3 782fe5ef10ab"} {
		outputs := v.synth(t).stacks["core"].Outputs
		got := outputs["Version"].(map[string]any)["Value"].(string) + " " +
			outputs["Commit"].(map[string]any)["Value"].(string)
		if got != want {
			t.Errorf("%s: outputs %s, want %s", v.Name, got, want)
		}
	}
}
