package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// inspect runs the rules of cdk-nag's AwsSolutions pack at synthesis. A finding
// makes the synthesis fail.
func inspect(app awscdk.App) {
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)
}

// suppress disables a rule for a construct and its children, for the given reason.
// The rule has the form that cdk-nag prints: an ID, or an ID with one finding in
// brackets.
func suppress(construct constructs.IConstruct, reason, rule string) {
	id, finding, one := strings.Cut(strings.TrimSuffix(rule, "]"), "[")
	suppression := &cdknag.NagPackSuppression{Id: jsii.String(id), Reason: jsii.String(reason)}
	if one {
		suppression.AppliesTo = &[]any{finding}
	}
	cdknag.NagSuppressions_AddResourceSuppressions(construct, &[]*cdknag.NagPackSuppression{suppression}, jsii.Bool(true))
}
