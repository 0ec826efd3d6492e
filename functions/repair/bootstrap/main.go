// The bootstrap of the repair function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/repair"
	"realname/shared/wiring"
	"realname/shared/wiring/store"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	st := store.Store(p)
	lambda.Start(repair.New(repair.Ports{
		Verification: verification.Over(p, st), Overdue: st.OverdueErasures, Log: p.Log,
	}))
}
