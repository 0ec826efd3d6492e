// Command lambda is a minimal Lambda function. BenchmarkColdStart compares the
// cold start of every function with it.
package main

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context) error { return nil })
}
