package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// move moves one machine to the stage, which is still empty, and then empties it again.
// The stage keeps the machine's keys.
func (w *workshop) move(url, provider string) error {
	text, err := simulated()
	if err != nil {
		return err
	}
	secret := filepath.Join(w.dir, "tencent.json")
	if err := os.WriteFile(secret, []byte(text), 0o600); err != nil {
		return err
	}
	env := append(w.commandLine(url), "REALNAME_MOVE=1", "REALNAME_STATE_MACHINE_ARN="+w.outputs.Core.StateMachineARN,
		"REALNAME_TENCENT_SECRET_FILE="+secret)
	for name, value := range providers(provider) {
		env = append(env, name+"="+value)
	}
	return errors.Join(
		w.test(suite{"move", env, []string{"./e2e", "-run", "TestAMachineMovesToADeployedStage"}}), w.empty())
}

// empty deletes every item of the table.
func (w *workshop) empty() error {
	client, name := dynamodb.NewFromConfig(w.aws()), w.outputs.Core.TableName
	pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &name})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.ctx)
		if err != nil {
			return err
		}
		for _, it := range page.Items {
			if _, err := client.DeleteItem(w.ctx, &dynamodb.DeleteItemInput{
				TableName: &name, Key: map[string]types.AttributeValue{"PK": it["PK"], "SK": it["SK"]},
			}); err != nil {
				return err
			}
		}
	}
	return nil
}
