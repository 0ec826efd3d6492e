// The bootstrap of the bank-returns function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/bank-returns"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/bank"
	"realname/shared/wiring/edge"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	gate := edge.Gate(p)
	v := verification.New(p)
	lambda.Start(gate.Guard(httpapi.Lambda(bankreturns.New(bankreturns.Ports{
		API: edge.API(p, gate, nil), Verification: v, Banks: bank.Directory(p), ResultPage: p.Config.BankResultPage,
	}))))
}
