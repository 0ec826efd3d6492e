// Package verification connects the use cases of verification sessions to AWS.
package verification

import (
	"crypto/rand"

	"realname/shared/auth"
	"realname/shared/awsapi"
	"realname/shared/clock"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/verification"
	"realname/shared/wiring"
	storewiring "realname/shared/wiring/store"
	"realname/shared/wiring/vault"
	workflow "realname/shared/workflow/sfn"
)

// New returns the use cases on AWS.
func New(p wiring.Ports) *verification.Verification { return Over(p, storewiring.Store(p)) }

// Over returns the use cases on AWS over a store that the function also uses elsewhere,
// so that both share its connection.
func Over(p wiring.Ports, st *store.Store) *verification.Verification {
	none := unconfigured{}
	return &verification.Verification{
		Ports: &realname.Ports{
			Store: st, Sealer: vault.Vault(p), Limits: p.Config.Limits,
			Now: p.Now, NewID: wiring.NewID, Wait: clock.Wait, Log: p.Log,
			Recipients: p.Config.Recipients,
		},
		Workflow: workflow.New(p.Client(awsapi.SFN), p.Config.StateMachineARN), RepairAfter: p.Config.RepairAfter,
		Registry: none, IDCards: none, BankCards: none, SMS: none,
		NewCode: func() (string, error) { return auth.NewCode(rand.Reader) },
	}
}
