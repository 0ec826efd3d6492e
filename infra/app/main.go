// The CDK app of realname. The CDK command line runs it (cdk.json) and deploys the
// templates that it writes.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"realname/infra/stack"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	context := map[string]string{}
	if all, ok := app.Node().GetAllContext(nil).(map[string]any); ok {
		for name, v := range all {
			context[name] = fmt.Sprint(v)
		}
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if context, err = stack.WithStage(root, context); err != nil {
		return fmt.Errorf("settings:\n%w", err)
	}
	settings, err := stack.ReadSettings(context, os.Getenv("CDK_DEFAULT_ACCOUNT"), os.Getenv("CDK_DEFAULT_REGION"))
	if err != nil {
		return fmt.Errorf("settings:\n%w", err)
	}
	if err := stack.Assemble(app, settings, root); err != nil {
		return err
	}
	app.Synth(nil)
	return nil
}
