// The bootstrap of the bank-redirect function.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	bankredirect "realname/functions/bank-redirect"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/banking"
	"realname/shared/wiring/verification"
)

func main() {
	p := wiring.Cloud()
	v := verification.New(p)
	lambda.Start(httpapi.Lambda(bankredirect.New(bankredirect.Ports{
		API: p.API(), Verification: v, View: httpapi.SessionView{Sealer: v.Sealer, Now: p.Now},
		Banks: banking.Directory(p), Hander: banking.Hander(p, v.Sealer), Site: banking.Site(p),
	})))
}
