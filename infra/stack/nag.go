package stack

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"
)

// inspect runs the rules of cdk-nag's packs AwsSolutions and NIST 800-53 revision 5 at
// synthesis. A finding makes the synthesis fail.
func inspect(app awscdk.App) {
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)
	awscdk.Aspects_Of(app).Add(cdknag.NewNIST80053R5Checks(&cdknag.NagPackProps{Verbose: jsii.Bool(true)}), nil)
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

// suppressInFunction disables the rules of the NIST pack that a function does not follow.
// The construct holds the function and its role.
func suppressInFunction(unit constructs.IConstruct) {
	for _, s := range []struct{ rule, reason string }{
		{"NIST.800.53.R5-IAMNoInlinePolicy", "The policy belongs to the role of this one function and goes with it. " +
			"A managed policy could be attached to another role."},
		{"NIST.800.53.R5-LambdaDLQ", "The gateway and Step Functions wait for the answer and get the error. The " +
			"rules and the streams that invoke the others have dead-letter queues themselves (infra/stack/schedule.go, " +
			"stream.go)."},
		{"NIST.800.53.R5-LambdaConcurrency", "The setting reserveConcurrency reserves it, in prod for the functions of " +
			"infra/stack/functions.go. The account's quota limits the rest."},
		{"NIST.800.53.R5-LambdaInsideVPC", "Nothing that a function calls is in a VPC: AWS's endpoints and the " +
			"providers, over TLS with authentication. The setting vpc puts the callers of banks and providers in one, " +
			"for fixed addresses."},
	} {
		suppress(unit, s.reason, s.rule)
	}
}
