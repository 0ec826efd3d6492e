// The bootstrap of the pages function.
package main

import (
	"errors"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambda"

	"realname/functions/pages"
	"realname/shared/httpapi"
	"realname/web"
)

func main() {
	built, ok := web.Pages()
	if !ok {
		stop(errors.New("this program was built without the pages: make build"))
	}
	handler, err := pages.New(pages.Ports{Pages: built, Secure: true})
	if err != nil {
		stop(err)
	}
	lambda.Start(httpapi.Lambda(handler))
}

func stop(err error) {
	slog.New(slog.NewJSONHandler(os.Stdout, nil)).Error("start", "error", err.Error())
	os.Exit(1)
}
