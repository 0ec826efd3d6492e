// The bootstrap of the pages function.
package main

import (
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/pages"
	"realname/shared/httpapi"
	"realname/shared/wiring"
	"realname/shared/wiring/bank"
	"realname/shared/wiring/edge"
	"realname/web"
)

func main() {
	p := wiring.Cloud()
	built, ok := web.Pages()
	if !ok {
		p.Log.Error("start", "error", "this program was built without the pages: make build")
		os.Exit(1)
	}
	handler, err := pages.New(pages.Ports{
		Pages: built, Secure: true, Banks: bank.Directory(p).Origins,
		ControlDownload: p.Config.ControlDownload, Log: p.Log,
	})
	if err != nil {
		p.Log.Error("start", "error", err.Error())
		os.Exit(1)
	}
	lambda.Start(edge.Gate(p).Guard(httpapi.Lambda(handler)))
}
