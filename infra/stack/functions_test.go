package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
)

var placeholders = regexp.MustCompile(`\$\{(\w+)\}`)

func TestEveryFunctionOfTheRepositoryIsDeployed(t *testing.T) {
	folders, err := functionFolders("../..")
	if err != nil || len(folders) == 0 {
		t.Fatal(folders, err)
	}
	for _, name := range folders {
		if _, ok := functions[name]; !ok {
			t.Errorf("functions/%s is not deployed: add it to the table in infra/stack/functions.go", name)
		}
	}
	everywhere(t, func(t *testing.T, v *variant) {
		for _, name := range folders {
			f := v.function(t, name)
			if f.at("Runtime") != "provided.al2023" ||
				f.at("LoggingConfig", "LogFormat") != "JSON" || flat(f.at("Architectures")) != `["arm64"]` {
				t.Errorf("%s: %+v", name, f.Properties)
			}
		}
	})
}

// "In China" lists both as missing for Lambda. A property of a missing feature can
// make a deployment fail.
func TestFunctionsAskForWhatThePartitionHas(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		inChina := v.settings.Region.partition() == "aws-cn"
		for _, f := range v.of("AWS::Lambda::Function") {
			tracing, loops := f.at("TracingConfig"), f.at("RecursiveLoop")
			own := strings.HasPrefix(fmt.Sprint(f.at("FunctionName")), v.settings.Name(""))
			if inChina && (tracing != nil || loops != nil) {
				t.Errorf("%s: tracing %v, loops %v", f.ID, tracing, loops)
			}
			if !inChina && own && (f.at("TracingConfig", "Mode") != "Active" || loops != "Terminate") {
				t.Errorf("%s: tracing %v, loops %v", f.ID, tracing, loops)
			}
		}
	})
}

// function returns a deployed function by the name of its folder.
func (v *variant) function(t *testing.T, name string) resource {
	t.Helper()
	for _, f := range v.of("AWS::Lambda::Function") {
		if f.at("FunctionName") == v.settings.Name(name) {
			return f
		}
	}
	t.Fatalf("%s is not deployed", name)
	return resource{}
}

func TestEveryFunctionHasARoleAndALogOfItsOwn(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		roles, logs := map[string]string{}, map[string]string{}
		for name := range functions {
			f := v.function(t, name)
			role, log := flat(f.at("Role")), flat(f.at("LoggingConfig", "LogGroup"))
			if roles[role] != "" || logs[log] != "" {
				t.Errorf("%s shares %s or %s", name, role, log)
			}
			roles[role], logs[log] = name, name
		}
	})
}

func TestEveryFunctionStartsWithTheEnvironmentItGets(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for name := range functions {
			f := v.function(t, name)
			if _, err := wiring.Load(func(variable string) string {
				return flat(or(f.at("Environment", "Variables", variable), ""))
			}); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	c, err := wiring.Load(func(variable string) string {
		return flat(or(prod.synth(t).function(t, "enterprise").at("Environment", "Variables", variable), ""))
	})
	if err != nil || c.Limits.TriesPerStep != 3 || c.Stage != "prod" || c.PublicURL != "https://www.example.com" {
		t.Errorf("%+v %v", c, err)
	}
}

func or(v, otherwise any) any {
	if v == nil {
		return otherwise
	}
	return v
}

func TestMemoryAndConcurrencyAreSettings(t *testing.T) {
	login := prod.synth(t).function(t, "login")
	if login.at("MemorySize") != 2048.0 || login.at("ReservedConcurrentExecutions") != 7.0 {
		t.Errorf("%v MB, %v", login.at("MemorySize"), login.at("ReservedConcurrentExecutions"))
	}
	want := float64(functions["enterprise"].Concurrency)
	if got := prod.function(t, "enterprise").at("ReservedConcurrentExecutions"); got != want {
		t.Errorf("prod reserves %v", got)
	}
	if got := dev.synth(t).function(t, "enterprise").at("ReservedConcurrentExecutions"); got != nil {
		t.Errorf("dev reserves %v", got)
	}
}

// An AWS account has a concurrency of 1000 by default, of which 100 cannot be
// reserved.
func TestReservedConcurrencyLeavesRoom(t *testing.T) {
	sum := 0
	for _, f := range functions {
		sum += f.Concurrency
	}
	if sum > 700 {
		t.Errorf("%d are reserved", sum)
	}
	guide, err := os.ReadFile("../../docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	if says := fmt.Sprintf("reserves %d", sum); !strings.Contains(string(guide), says) {
		t.Errorf("docs/deploy.md does not say that prod %s", says)
	}
}

func TestAFunctionThatIsNotInTheTableOrNotBuiltStopsTheSynthesis(t *testing.T) {
	root := t.TempDir()
	folder := func(path string) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, path)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, path), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	names := functionNames()
	wants := func(what string) {
		t.Helper()
		if err := checkFunctions(root, filepath.Join(root, "dist")); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("got %v, want %s", err, what)
		}
	}
	wants(fmt.Sprintf("deploys %q, which functions/ does not have", names[0]))
	for _, name := range names {
		folder("functions/" + name + "/bootstrap/main.go")
	}
	wants("function " + names[0] + " is not built, run make build")
	for _, name := range names {
		folder("dist/" + name + "/bootstrap")
	}
	wants("the program that rates passwords is not built, run make build")
	folder("dist/credentials/strength")
	if err := checkFunctions(root, filepath.Join(root, "dist")); err != nil {
		t.Error(err)
	}
	folder("functions/newcomer/bootstrap/main.go")
	wants("functions/newcomer is not deployed: add it to the table in infra/stack/functions.go")
}

func TestVariablesOfMessagesGoToFunctionsThatSendThem(t *testing.T) {
	prod.synth(t)
	for name, f := range functions {
		for variable, want := range map[string]any{"REALNAME_SNS_REGION": "ap-southeast-1", "REALNAME_SNS_SENDER": "Window"} {
			if !slices.Contains(f.May, sendMessages) {
				want = nil
			}
			if got := prod.function(t, name).at("Environment", "Variables", variable); got != want {
				t.Errorf("%s: %s is %v, want %v", name, variable, got, want)
			}
		}
	}
}

// A consent text names the providers, also in functions that ask none.
func TestEveryFunctionKnowsTheRecipients(t *testing.T) {
	prod.synth(t)
	for name := range functions {
		got := prod.function(t, name).at("Environment", "Variables", "REALNAME_RECIPIENTS")
		if got != "registry=tencent,registry=aliyun,registry=baidu,sms=tencent,sms=sns" {
			t.Errorf("%s: the recipients are %v", name, got)
		}
	}
}

func TestEachPermissionBringsItsVariable(t *testing.T) {
	variables := map[string][]permission{
		"REALNAME_VAULT_SECRET_ARN": {openVault}, "REALNAME_TOKEN_KEY_ARN": {checkTokens, signTokens},
		"REALNAME_MACHINE_TOKEN_KEY_ARN": {checkMachineTokens, signMachineTokens},
		"REALNAME_STATE_MACHINE_ARN":     {startWorkflow, answerWorkflow},
		"REALNAME_TENCENT_SECRET_ARN":    {askProviders}, "REALNAME_EVENT_BUS": {publishEvents},
		"REALNAME_ORIGIN_SECRET_ARN": {knowOrigin},
	}
	everywhere(t, func(t *testing.T, v *variant) {
		for _, p := range []string{"ALIYUN", "BAIDU"} { // only where the settings name them
			delete(variables, "REALNAME_"+p+"_SECRET_ARN")
			if strings.Contains(v.context["REALNAME_REGISTRY_PROVIDERS"], strings.ToLower(p)) {
				variables["REALNAME_"+p+"_SECRET_ARN"] = []permission{askProviders}
			}
		}
		for name, f := range functions {
			for variable, permissions := range variables {
				needs := slices.ContainsFunc(permissions, func(p permission) bool { return slices.Contains(f.May, p) })
				given := v.function(t, name).at("Environment", "Variables", variable) != nil
				if variable == "REALNAME_ORIGIN_SECRET_ARN" && !v.settings.hasSite() {
					needs = false // there is no CloudFront
				}
				if given != needs {
					t.Errorf("%s: %s given: %v", name, variable, given)
				}
			}
		}
	})
}

// A stranger can try codes on two routes. Each such
// request holds an instance for a fixed time, so that it does not reveal what exists. One
// address must leave the function to others.
func TestAStrangerDoesNotFillTheFunctionOfPasswords(t *testing.T) {
	c, err := wiring.Load(func(variable string) string {
		return flat(or(prod.synth(t).function(t, "credentials").at("Environment", "Variables", variable), ""))
	})
	if err != nil {
		t.Fatal(err)
	}
	held := 2 * accounts.WrongPace
	busy := float64(c.SourcePerMinute) / 60 * held.Seconds()
	if most := 0.1 * float64(functions["credentials"].Concurrency); busy > most {
		t.Errorf("an address holds %v instances, want at most %v", busy, most)
	}
	s := prod.settings
	if float64(s.PublicRate) < 20*float64(c.SourcePerMinute)/60 {
		t.Errorf("%d requests a second of a route are few beside %d a minute of an address", s.PublicRate, c.SourcePerMinute)
	}
}
