// Bare is the smallest Lambda function there is; the cold start of every other
// is compared with its.
package lambda

import (
	"context"

	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context) error { return nil })
}
