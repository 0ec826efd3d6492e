package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"realname/shared/workflow"
)

// outputs are the outputs of the deployed stacks.
type outputs struct {
	Core struct {
		APIID            string `json:"ApiId"`
		TableName        string
		VaultSecretARN   string `json:"VaultSecretArn"`
		VaultKeyARN      string `json:"VaultKeyArn"`
		TencentSecretARN string `json:"TencentSecretArn"`
		StateMachineARN  string `json:"StateMachineArn"`
	} `json:"realname-dev-core"`
}

const cdk = "infra/node_modules/.bin/cdk"

// staffEnvironment returns the environment of the CDK's command line.
func (w *workshop) staffEnvironment() []string {
	return w.environment("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1", "CDK_DISABLE_CLI_TELEMETRY=1",
		"CDK_DEFAULT_ACCOUNT="+account, "CDK_DEFAULT_REGION="+awsRegion)
}

// deploy does what staff do: bootstrap, deploy, and check that the diff is empty.
func (w *workshop) deploy(provider, public string) error {
	env := w.staffEnvironment()
	w.say("cdk bootstrap")
	if err := w.command("bootstrap", env, cdk, "bootstrap", "--app", "", "aws://"+account+"/"+awsRegion); err != nil {
		return err
	}
	architecture := map[string]string{"amd64": "x86_64", "arm64": "arm64"}[runtime.GOARCH]
	settings := []string{"--app", "bin/infra", "--output", filepath.Join(w.dir, "cdk.out"), "--all"}
	for name, value := range map[string]string{
		"stage": "dev", "architecture": architecture, "dist": filepath.Join(w.dir, "dist"),
		"REALNAME_REGISTRY_PROVIDERS": "tencent", "REALNAME_ID_CARD_PROVIDERS": "tencent",
		"REALNAME_BANK_CARD_PROVIDERS": "tencent", "REALNAME_SMS_PROVIDERS": "tencent",
		"REALNAME_STEP_TIMEOUT": stepTimeout,
		"REALNAME_MAIL_FROM":    sender, "REALNAME_PUBLIC_ORIGIN": "https://www.example.com", "REALNAME_PUBLIC_URL": public,
		"REALNAME_TENCENT_ENDPOINT": provider, "REALNAME_TENCENT_SMS_APP": "1400000000",
		"REALNAME_TENCENT_SMS_SIGN": "realname", "REALNAME_TENCENT_SMS_TEMPLATE": "1",
	} {
		settings = append(settings, "-c", name+"="+value)
	}
	file := filepath.Join(w.dir, "outputs.json")
	w.say("cdk deploy")
	if err := w.command("deploy", env, cdk,
		append([]string{"deploy", "--require-approval", "never", "--concurrency", "2", "--outputs-file", file},
			settings...)...); err != nil {
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
		return fmt.Errorf("the diff right after the deployment is not empty: %w", err)
	}
	return nil
}

// destroy deletes the deployed stacks.
func (w *workshop) destroy() error {
	w.say("cdk destroy")
	app := filepath.Join(w.dir, "cdk.out")
	return w.command("destroy", w.staffEnvironment(), cdk, "destroy", "--app", app, "--all", "--force")
}

// validate checks the state machine's file with an independent validator.
func (w *workshop) validate() error {
	w.say("asl-validator")
	definition := strings.NewReplacer("${Partition}", "aws", "${TableName}", "realname", "${WaitSeconds}", "1800",
		"${FinishFunctionArn}", "arn:aws:lambda:us-east-1:000000000000:function:finish").Replace(string(workflow.Definition))
	file := filepath.Join(w.dir, "verification.asl.json")
	if err := os.WriteFile(file, []byte(definition), 0o644); err != nil {
		return err
	}
	return w.command("asl-validator", nil, "infra/node_modules/.bin/asl-validator", "--json-path", file)
}
