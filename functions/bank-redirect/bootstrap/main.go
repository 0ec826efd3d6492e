// The bootstrap of the bank-redirect function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/bank-redirect"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/bank"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	v := verification.New(p)
	lambda.Start(httpapi.Lambda(bankredirect.New(bankredirect.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now, Recipients: v.Recipients},
		Banks: bank.Directory(p), Hander: bank.Hander(p, v.Sealer), Site: bank.Site(p),
	})))
}
