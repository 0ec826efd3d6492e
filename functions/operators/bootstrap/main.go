// The bootstrap of the operators function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/operators"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(httpapi.Lambda(operators.New(operators.Ports{API: p.API(), Accounts: accounts.New(p)})))
}
