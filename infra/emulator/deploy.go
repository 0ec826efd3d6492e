package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

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
		OriginSecretARN  string `json:"OriginSecretArn"`
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
	set := map[string]string{
		"stage": "dev", "architecture": architecture, "dist": filepath.Join(w.dir, "dist"),
		"REALNAME_STEP_TIMEOUT": stepTimeout,
		// The whole suite comes from one address.
		"REALNAME_SOURCE_PER_MINUTE": "1000000",
		"REALNAME_MAIL_FROM":         sender,
		"REALNAME_PUBLIC_ORIGIN":     "https://www.example.com",
		"REALNAME_PUBLIC_URL":        public,
	}
	maps.Copy(set, providers(provider))
	for name, value := range set {
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

// providers are the settings that name the simulator.
func providers(url string) map[string]string {
	return map[string]string{
		"REALNAME_REGISTRY_PROVIDERS": "tencent", "REALNAME_ID_CARD_PROVIDERS": "tencent",
		"REALNAME_BANK_CARD_PROVIDERS": "tencent", "REALNAME_SMS_PROVIDERS": "tencent",
		"REALNAME_TENCENT_ENDPOINT": url, "REALNAME_TENCENT_SMS_APP": "1400000000",
		"REALNAME_TENCENT_SMS_SIGN": "realname", "REALNAME_TENCENT_SMS_TEMPLATE": "1",
	}
}

// readOrigin takes the value of a slot of the origin secret, as CloudFormation does for
// CloudFront.
func (w *workshop) readOrigin(slot string) error {
	out, err := secretsmanager.NewFromConfig(w.aws()).GetSecretValue(w.ctx, &secretsmanager.GetSecretValueInput{
		SecretId: &w.outputs.Core.OriginSecretARN,
	})
	if err != nil {
		return err
	}
	var slots map[string]string
	if err := json.Unmarshal([]byte(*out.SecretString), &slots); err != nil || slots[slot] == "" {
		return fmt.Errorf("the origin secret has no slot %s: %w", slot, err)
	}
	w.origin = slots[slot]
	return nil
}

// rotateOrigin replaces the unused slot of the origin secret. CloudFront goes on sending
// the other one.
func (w *workshop) rotateOrigin() error {
	w.say("keys rotate origin")
	sent := w.origin
	if err := w.command("keys", w.environment("REALNAME_STAGE="+stage, "REALNAME_ISSUER=realname",
		"REALNAME_TABLE="+w.outputs.Core.TableName, "REALNAME_ORIGIN_SECRET_ARN="+w.outputs.Core.OriginSecretARN),
		"bin/realname", "keys", "rotate", "origin", "--sends", "a"); err != nil {
		return err
	}
	if err := w.readOrigin("b"); err != nil {
		return err
	}
	if w.origin == sent {
		return errors.New("keys rotate origin: slot b has the value of slot a")
	}
	return w.readOrigin("a")
}

// destroy deletes the deployed stacks.
func (w *workshop) destroy() error {
	w.say("cdk destroy")
	app := filepath.Join(w.dir, "cdk.out")
	return w.command("destroy", w.staffEnvironment(), cdk, "destroy", "--app", app, "--all", "--force")
}

// validate checks the state machines' files with an independent validator.
func (w *workshop) validate() error {
	w.say("asl-validator")
	filled := strings.NewReplacer("${Partition}", "aws", "${TableName}", "realname", "${WaitSeconds}", "1800",
		"${FinishFunctionArn}", "arn:aws:lambda:us-east-1:000000000000:function:finish")
	var args []string
	for name, definition := range workflow.Definitions() {
		file := filepath.Join(w.dir, name+".asl.json")
		if err := os.WriteFile(file, []byte(filled.Replace(string(definition))), 0o644); err != nil {
			return err
		}
		args = append(args, "--json-path", file)
	}
	return w.command("asl-validator", nil, "infra/node_modules/.bin/asl-validator", args...)
}
