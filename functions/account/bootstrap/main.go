// The bootstrap of the account function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/account"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/accounts"
)

func main() {
	p := wiring.Cloud()
	lambda.Start(httpapi.Lambda(account.New(account.Ports{API: p.API(), Accounts: accounts.New(p)})))
}
