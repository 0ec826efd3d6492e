package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"realname/infra"
)

// outputs are those of the deployed stacks.
type outputs struct {
	Core struct {
		APIID            string `json:"ApiId"`
		TableName        string
		VaultSecretARN   string `json:"VaultSecretArn"`
		VaultKeyARN      string `json:"VaultKeyArn"`
		TencentSecretARN string `json:"TencentSecretArn"`
		StateMachineARN  string `json:"StateMachineArn"`
	} `json:"realname-dev-core"`
	Web struct {
		PagesBucket string
	} `json:"realname-dev-web"`
}

const cdk = "infra/node_modules/.bin/cdk"

// deploy does what an operator does: bootstrap, deploy, and a diff that has to
// be empty.
func (w *workshop) deploy(provider, public string) error {
	env := w.environment("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1", "CDK_DISABLE_CLI_TELEMETRY=1", "CDK_DEFAULT_ACCOUNT="+account, "CDK_DEFAULT_REGION="+awsRegion)
	w.say("cdk bootstrap")
	if err := w.command("bootstrap", env, cdk, "bootstrap", "--app", "", "aws://"+account+"/"+awsRegion); err != nil {
		return err
	}
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	settings := []string{"--app", "bin/infra", "--output", filepath.Join(w.dir, "cdk.out"), "--all"}
	for name, value := range map[string]string{
		"stage": "dev", "architecture": architecture, "dist": filepath.Join(w.dir, "dist"),
		// The CDK's copying function needs the AWS CLI in a layer; the pages are
		// put into the bucket by this program.
		"web":                         filepath.Join(w.dir, "no-pages"),
		"REALNAME_REGISTRY_PROVIDERS": "tencent", "REALNAME_ID_CARD_PROVIDERS": "tencent", "REALNAME_BANK_CARD_PROVIDERS": "tencent", "REALNAME_SMS_PROVIDERS": "tencent",
		"REALNAME_MAIL_FROM": sender, "REALNAME_PUBLIC_ORIGIN": "https://www.example.com", "REALNAME_PUBLIC_URL": public,
		"REALNAME_TENCENT_ENDPOINT": provider, "REALNAME_TENCENT_SMS_APP": "1400000000", "REALNAME_TENCENT_SMS_SIGN": "realname", "REALNAME_TENCENT_SMS_TEMPLATE": "1",
	} {
		settings = append(settings, "-c", name+"="+value)
	}
	file := filepath.Join(w.dir, "outputs.json")
	w.say("cdk deploy")
	if err := w.command("deploy", env, cdk, append([]string{"deploy", "--require-approval", "never", "--concurrency", "2", "--outputs-file", file}, settings...)...); err != nil {
		return err
	}
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &w.outputs); err != nil {
		return err
	}
	w.say("cdk diff")
	if err := w.command("diff", env, cdk, append([]string{"diff", "--fail"}, settings...)...); err != nil {
		return fmt.Errorf("a diff right after the deployment is not empty: %w", err)
	}
	return nil
}

// validate has the state machine's file checked by a validator of others.
func (w *workshop) validate() error {
	w.say("asl-validator")
	definition := strings.NewReplacer("${Partition}", "aws", "${TableName}", "realname", "${StepTimeoutSeconds}", "1800",
		"${FinishFunctionArn}", "arn:aws:lambda:us-east-1:000000000000:function:finish").Replace(string(infra.Definition))
	file := filepath.Join(w.dir, "verification.asl.json")
	if err := os.WriteFile(file, []byte(definition), 0o644); err != nil {
		return err
	}
	return w.command("asl-validator", nil, "infra/node_modules/.bin/asl-validator", "--json-path", file)
}

// embeddedOnly are tests that need what only the embedded default gives: its
// command line, and callbacks to the second.
const embeddedOnly = "TestManualAndCompletionArePrinted|TestEachRefusedCallback"

// suites runs the Go tests that can test a deployed stage.
func (w *workshop) suites(url string) error {
	w.say("smoke test")
	if err := w.command("smoke", w.environment(), "go", "run", "./infra/smoke", url); err != nil {
		return err
	}
	for _, s := range []struct {
		log  string
		env  []string
		args []string
	}{
		{"table", []string{"TABLE_ENDPOINT=" + w.endpoint}, []string{"./shared/table/dynamo", "./shared/realname"}},
		{"import", []string{"TABLE_ENDPOINT=" + w.endpoint}, []string{"./shared/accountimport", "-run", "/dynamodb"}},
		{"conformance", []string{"STATES_ENDPOINT=" + w.endpoint}, []string{"./infra/conformance"}},
		{"e2e", []string{"REALNAME_URL=" + url, "REALNAME_PROVIDER_FAULTS=1"}, []string{"./e2e", "-skip", embeddedOnly}},
	} {
		w.say("go test %s", strings.Join(s.args, " "))
		// Only the test's own process trusts the emulator's certificate alone.
		args := append([]string{"test", "-count=1", "-timeout", "12m", "-v", "-exec", "env SSL_CERT_FILE=" + w.cert}, s.args...)
		if err := w.command(s.log, w.environment(s.env...), "go", args...); err != nil {
			return errors.Join(err, w.functionLogs())
		}
		w.say("%s", w.count(s.log))
	}
	return nil
}

// count says how many tests a log tells of.
func (w *workshop) count(log string) string {
	raw, err := os.ReadFile(filepath.Join(w.logs, log+".log"))
	if err != nil {
		return err.Error()
	}
	n := func(word string) int { return strings.Count(string(raw), "--- "+word+":") }
	return fmt.Sprintf("%d passed, %d failed, %d skipped", n("PASS"), n("FAIL"), n("SKIP"))
}

// functionLogs writes down what the deployed functions logged.
func (w *workshop) functionLogs() error {
	script := `
import botocore.session, sys
logs = botocore.session.get_session().create_client("logs", verify=sys.argv[1], endpoint_url=sys.argv[2])
for group in logs.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
    print("==", group)
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            print(event["message"].rstrip())
`
	cmd := exec.Command(filepath.Join(w.dir, "venv", "bin", "python"), "-c", script, w.cert, w.endpoint)
	cmd.Env = w.environment()
	out, err := cmd.CombinedOutput()
	return errors.Join(err, os.WriteFile(filepath.Join(w.logs, "functions.log"), out, 0o644))
}
