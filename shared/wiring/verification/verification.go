// Package verification connects the use cases of verification sessions to AWS.
package verification

import (
	"crypto/rand"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sfn"

	"realname/shared/auth"
	"realname/shared/realname"
	"realname/shared/wiring"
	"realname/shared/wiring/sealing"
	"realname/shared/wiring/storage"
	workflow "realname/shared/workflow/sfn"
)

// New returns the use cases on AWS.
func New(p wiring.Ports) *realname.Verification {
	client := sync.OnceValue(func() *sfn.Client { return sfn.NewFromConfig(p.AWS()) })
	none := unconfigured{}
	return &realname.Verification{
		Store: storage.Store(p), Workflow: workflow.New(client, p.Config.StateMachineARN), Sealer: sealing.Vault(p),
		Registry: none, IDCards: none, BankCards: none, SMS: none,
		Limits: p.Config.Limits, Now: p.Now, NewID: wiring.NewID, Wait: wiring.Wait, Log: p.Log, RepairAfter: p.Config.RepairAfter,
		NewCode: func() (string, error) { return auth.NewCode(rand.Reader) },
	}
}
