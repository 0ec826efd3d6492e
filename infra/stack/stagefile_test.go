package stack

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// stageFiles writes stages/<name>.json and returns the folder above.
func stageFiles(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Mkdir(filepath.Join(root, "stages"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(root, "stages", name+".json"), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestAStageHasTheSettingsOfItsFile(t *testing.T) {
	root := stageFiles(t, map[string]string{
		"dev":        `{}`,
		"prod-hebei": `{"protect": true, "webRateLimit": 4000000, "alarmEmail": "ops@example.com", "region": "cn-north-1"}`,
	})
	got, err := WithStage(root, map[string]string{"stage": "prod-hebei", "region": "cn-northwest-1", "rate": "7"})
	want := map[string]string{
		"stage": "prod-hebei", "protect": "true", "webRateLimit": "4000000", "alarmEmail": "ops@example.com",
		"region": "cn-northwest-1", "rate": "7",
	}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if got, err := WithStage(root, nil); err != nil || !maps.Equal(got, map[string]string{"stage": "dev"}) {
		t.Errorf("no stage: %v %v", got, err)
	}
}

func TestAStageFileThatCannotBeUsed(t *testing.T) {
	root := stageFiles(t, map[string]string{
		"list": `[]`, "nested": `{"alarmEmail": {"a": 1}}`, "null": `{"rate": null}`, "twice": `{} {}`,
		"named": `{"stage": "other"}`, "cut": `{"rate": 1`,
	})
	for stage, want := range map[string]string{
		"uat": "stages/uat.json does not exist: copy stages/dev.json", "UAT": `got "UAT"`, "a/../b": `got "a/../b"`,
		strings.Repeat("a", 21): "want 1 to 20",
		"list":                  "stages/list.json", "nested": "alarmEmail", "null": "rate", "twice": "one JSON object",
		"named": "stage: the file's name", "cut": "stages/cut.json",
	} {
		if got, err := WithStage(root, map[string]string{"stage": stage}); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v %v, want %s", stage, got, err, want)
		}
	}
}

// A file with an unknown setting would stop the next deployment.
func TestTheStagesOfTheRepositoryCanBeDeployed(t *testing.T) {
	files, err := filepath.Glob("../../stages/*.json")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		stage := strings.TrimSuffix(filepath.Base(file), ".json")
		context, err := WithStage("../..", map[string]string{"stage": stage, "alarmEmail": "ops@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		s, err := ReadSettings(context, "", "")
		if err != nil || s.Stage != stage || s.Protect != (stage != "dev") || s.TokenKeys != tokenKeysRS256 {
			t.Errorf("%+v %v", s, err)
		}
	}
}

// CloudFormation refuses a second resource with the name of another, and a second
// export.
func TestTwoStagesInOneAccountDoNotCollide(t *testing.T) {
	owned := map[string]string{}
	for _, v := range []*variant{dev, uat} {
		for stack, tpl := range v.synth(t).stacks {
			for id, r := range tpl.Resources {
				for property, value := range r.Properties {
					name, ok := value.(string)
					if !ok || !named(r.Type, property) {
						continue
					}
					key, mine := r.Type+" "+name, v.Name+": "+stack+"/"+id
					if other := owned[key]; other != "" && !strings.HasPrefix(other, v.Name+":") {
						t.Errorf("%s of %s is also that of %s", key, mine, other)
					}
					owned[key] = mine
				}
			}
			for id, o := range tpl.Outputs {
				if export := at(o, "Export", "Name"); export != nil {
					key := "export " + flat(export)
					if other := owned[key]; other != "" {
						t.Errorf("%s of %s/%s is also that of %s", key, v.Name, id, other)
					}
					owned[key] = v.Name + ": " + stack + "/" + id
				}
			}
		}
	}
	if len(owned) < 40 {
		t.Errorf("only %d names: %v", len(owned), slices.Sorted(maps.Keys(owned)))
	}
}

// named reports whether a property is the resource's own name.
func named(kind, property string) bool {
	switch kind {
	case "AWS::ApiGatewayV2::Authorizer", "AWS::ApiGatewayV2::Stage", "AWS::IAM::Policy":
		return false // a name within its API or role
	}
	last := kind[strings.LastIndex(kind, ":")+1:]
	switch property {
	case "Name", "AliasName", last + "Name":
		return true
	}
	return property == "FunctionName" && last == "Function"
}
