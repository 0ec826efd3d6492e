package stack

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// messageStatements allows sending SMS by Amazon SNS, if it is a provider of the
// stage. A telephone number is not a resource of IAM, so it needs Publish on *
// (Amazon SNS Developer Guide, "Using identity-based policies"). * also includes
// topics and endpoints of devices, which are denied by their ARNs.
func (c *core) messageStatements() []awsiam.PolicyStatement {
	if !c.settings.sendsBySNS() {
		return nil
	}
	return []awsiam.PolicyStatement{
		allow([]*string{jsii.String("*")}, nil, "sns:Publish"),
		awsiam.NewPolicyStatement(&awsiam.PolicyStatementProps{
			Effect: awsiam.Effect_DENY, Actions: jsii.Strings("sns:Publish"),
			Resources: jsii.Strings(fmt.Sprintf("arn:%s:sns:*:*:*", c.settings.Region.partition())),
		}),
	}
}

// sendsBySNS reports whether REALNAME_SMS_PROVIDERS contains Amazon SNS.
func (s Settings) sendsBySNS() bool {
	for name := range strings.SplitSeq(s.Environment["REALNAME_SMS_PROVIDERS"], ",") {
		if strings.TrimSpace(name) == "sns" {
			return true
		}
	}
	return false
}

// checkMessages refuses Amazon SNS as a provider in regions where it does not send
// SMS, so that the error appears at deployment. A region in another partition does
// not help, because a role's credentials are valid only in its own partition.
func (s Settings) checkMessages() error {
	if !s.sendsBySNS() {
		return nil
	}
	if from := s.regionOf("REALNAME_SNS_REGION"); !s.Region.features().Messages || !from.features().Messages {
		return fmt.Errorf("REALNAME_SMS_PROVIDERS: Amazon SNS sends no SMS from region %s for a stage in %s: "+
			"the China partition has no SMS, and its roles are valid only there: leave sns out", from, s.Region)
	}
	return nil
}

// regionOf returns the region of a service. A variable may select another region.
func (s Settings) regionOf(variable string) region {
	return region(first(s.Environment[variable], string(s.Region)))
}
