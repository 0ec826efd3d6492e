// The bootstrap of the retention function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/retention"
	"realname/shared/accounts"
	"realname/shared/wiring"
	accountswiring "realname/shared/wiring/accounts"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/store"
)

func main() {
	p := wiring.Cloud()
	st := store.Store(p)
	a := accountswiring.Over(p, st)
	a.Actor = retention.Actor
	lambda.Start(retention.New(retention.Ports{
		Erasure: &accounts.Erasure{Accounts: a, Values: st}, Store: st, Log: p.Log,
		CertificateEnds: edge.CertificateEnds(p),
	}))
}
