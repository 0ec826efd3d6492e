package stack

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
)

// variant is one deployment configuration, synthesized once for all tests.
type variant struct {
	Name     string
	context  map[string]string
	settings Settings
	stacks   map[string]template // keys: core, web, observability, edge
	errors   []string            // from cdk-nag and from the CDK itself
	warnings []string            // that the CDK's command line prints
	once     sync.Once
	failure  error
}

// The deployment configurations under test.
var (
	dev  = &variant{Name: "dev in us-east-1", context: map[string]string{}}
	prod = &variant{Name: "prod in eu-west-1", context: map[string]string{
		"stage": "prod", "region": "eu-west-1", "account": "111122223333", "domainName": "www.example.com",
		"certificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/1", "alarmEmail": "ops@example.com",
		"corsOrigins": "https://other.example.com", "apiDomainName": "api.example.com", "originSlot": "b",
		"tokenKeys":         "rs256",
		"apiCertificateArn": "arn:aws:acm:eu-west-1:111122223333:certificate/2",
		"protect":           "true", "reserveConcurrency": "true", "logDays": "365", "providerBudget": "500",
		"version": "v1.2.3", "commit": "782fe5ef10ab", "memory.login": "2048", "concurrency.login": "7",
		"REALNAME_TRIES_PER_STEP": "3", "REALNAME_STEP_TIMEOUT": "10m", "REALNAME_SESSION_TIMEOUT": "2h",
		"REALNAME_REGISTRY_PROVIDERS": "tencent, aliyun,baidu", "REALNAME_TENCENT_REGION": "ap-shanghai",
		"REALNAME_SMS_PROVIDERS": "tencent, sns", "REALNAME_SNS_REGION": "ap-southeast-1", "REALNAME_SNS_SENDER": "Window",
		"REALNAME_TENCENT_SMS_APP": "1400000000", "REALNAME_TENCENT_SMS_SIGN": "单一窗口",
		"REALNAME_TENCENT_SMS_TEMPLATE": "1000000",
		"REALNAME_MAIL_FROM":            "realname@example.com", "REALNAME_PUBLIC_ORIGIN": "https://www.example.com",
	}}
	china = &variant{Name: "prod in cn-north-1", context: map[string]string{
		"stage": "prod", "region": "cn-north-1", "account": "111122223333", "domainName": "www.example.com.cn",
		"certificateId": "ASCA1", "alarmEmail": "ops@example.com.cn",
		"protect": "true", "reserveConcurrency": "true", "logDays": "365", "tokenKeys": "both",
	}}
	// fixed has fixed addresses to the outside.
	fixed = &variant{Name: "dev in cn-north-1 with fixed addresses", context: map[string]string{
		"region": "cn-north-1", "account": "111122223333", "vpc": "true", "vpcZones": "a,b",
		"protect": "true", "alarmEmail": "ops@example.com.cn",
	}}
	// uat is beside dev in one account and region. Its table has an index of version 1.0.0.
	uat = &variant{Name: "uat in us-east-1", context: map[string]string{
		"stage": "uat", "REALNAME_TABLE_INDEXES": "GSI1Keys,GSI2",
	}}
	chinaWithoutDomain = &variant{
		Name: "dev in cn-northwest-1 without a domain", context: map[string]string{"region": "cn-northwest-1"},
	}
	variants = []*variant{dev, prod, china, chinaWithoutDomain, fixed}
)

// everywhere runs the test on each variant.
func everywhere(t *testing.T, test func(*testing.T, *variant)) {
	for _, v := range variants {
		t.Run(v.Name, func(t *testing.T) {
			v.synth(t)
			test(t, v)
		})
	}
}

// synth writes the variant's templates. Pages and functions are empty files
// with the right names.
func (v *variant) synth(t *testing.T) *variant {
	t.Helper()
	v.once.Do(func() { v.failure = v.assemble() })
	if v.failure != nil {
		t.Fatal(v.failure)
	}
	return v
}

func (v *variant) assemble() error {
	dir, err := os.MkdirTemp("", "realname-infra-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }() // a leftover temporary directory is harmless
	var files []string
	for _, name := range functionNames() {
		files = append(files, "dist/"+name+"/bootstrap")
	}
	files = append(files, "dist/credentials/strength")
	for _, file := range files {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(file), 0o644); err != nil {
			return err
		}
	}
	v.context["dist"] = filepath.Join(dir, "dist")
	if v.settings, err = ReadSettings(v.context, "", ""); err != nil {
		return err
	}
	flags, err := featureFlags()
	if err != nil {
		return err
	}
	app := awscdk.NewApp(&awscdk.AppProps{
		Outdir: jsii.String(filepath.Join(dir, "cdk.out")), AnalyticsReporting: jsii.Bool(false), Context: &flags,
	})
	if err := Assemble(app, v.settings, "../.."); err != nil {
		return err
	}
	v.stacks = map[string]template{}
	assembly := app.Synth(nil)
	if missing := assembly.Manifest().Missing; missing != nil && len(*missing) > 0 {
		return fmt.Errorf("the synthesis asks AWS for %s", *(*missing)[0].Key)
	}
	for _, s := range *assembly.Stacks() {
		raw, err := json.Marshal(s.Template())
		if err != nil {
			return err
		}
		var tpl template
		if err := json.Unmarshal(raw, &tpl); err != nil {
			return err
		}
		v.stacks[strings.TrimPrefix(*s.StackName(), v.settings.Name("")+"-")] = tpl
	}
	return v.findings(filepath.Join(dir, "cdk.out"))
}

// featureFlags returns the CDK's own settings in cdk.json.
func featureFlags() (map[string]any, error) {
	raw, err := os.ReadFile("../../cdk.json")
	if err != nil {
		return nil, err
	}
	var file struct{ Context map[string]any }
	if err := json.Unmarshal(raw, &file); err != nil {
		return nil, err
	}
	maps.DeleteFunc(file.Context, func(name string, _ any) bool { return !strings.HasPrefix(name, "@aws-cdk/") })
	return file.Context, nil
}

// findings reads the errors and warnings of the synthesis, including those of cdk-nag.
// The CDK's command line prints those of stacks only.
func (v *variant) findings(out string) error {
	files, err := filepath.Glob(filepath.Join(out, "*.metadata.json"))
	if err != nil || len(files) != len(v.stacks) {
		return fmt.Errorf("%d metadata files of %d stacks: %w", len(files), len(v.stacks), err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		var notes map[string][]struct {
			Type string
			Data any
		}
		if err := json.Unmarshal(raw, &notes); err != nil {
			return err
		}
		for path, all := range notes {
			for _, n := range all {
				switch n.Type {
				case "aws:cdk:error":
					v.errors = append(v.errors, fmt.Sprint(path, ": ", n.Data))
				case "aws:cdk:warning":
					v.warnings = append(v.warnings, fmt.Sprint(path, ": ", n.Data))
				}
			}
		}
	}
	return nil
}

// template is a CloudFormation template.
type template struct {
	Resources map[string]resource
	Outputs   map[string]any
}

type resource struct {
	ID             string `json:"-"`
	Type           string
	Properties     map[string]any
	DeletionPolicy string
	DependsOn      []string
}

// of returns the resources of a type in all stacks, sorted by name.
func (v *variant) of(kind string) []resource {
	var all []resource
	for stack, tpl := range v.stacks {
		for id, r := range tpl.Resources {
			if r.Type == kind {
				r.ID = stack + "/" + id
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, func(a, b resource) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// only returns the single resource of a type.
func (v *variant) only(t *testing.T, kind string) resource {
	t.Helper()
	all := v.of(kind)
	if len(all) != 1 {
		t.Fatalf("%d resources of %s", len(all), kind)
	}
	return all[0]
}

// at follows keys and list positions into a property. It returns nil if the
// property does not exist.
func (r resource) at(path ...any) any { return at(r.Properties, path...) }

func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

// texts returns a list for a value that is either a text or a list of texts.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, flat(e))
		}
		return all
	case nil:
		return nil
	}
	return []string{flat(v)}
}

// flat formats a value, including CloudFormation's functions, on one line.
func flat(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	raw, _ := json.Marshal(v) // the value came from JSON
	return string(raw)
}

func TestSynthesisHasNoFinding(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, e := range v.errors {
			t.Error(e)
		}
	})
}

func TestStacksOfEachPlace(t *testing.T) {
	for v, want := range map[*variant]string{
		dev: "core observability web", prod: "core edge edge-alarms observability web", china: "core observability web",
		chinaWithoutDomain: "core observability", fixed: "core observability",
	} {
		var names []string
		for name := range v.synth(t).stacks {
			names = append(names, name)
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%s: %s, want %s", v.Name, got, want)
		}
	}
}
