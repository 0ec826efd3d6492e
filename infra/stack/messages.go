package stack

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// messageStatements lets SMS be sent by Amazon SNS, if the stage names it as a
// carrier. A telephone number is no resource of IAM, so that only Publish on *
// reaches one (Amazon SNS Developer Guide, "Using identity-based policies"); what
// else * means, topics and the endpoints of devices, is denied by their ARNs.
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

// sendsBySNS says whether REALNAME_SMS_PROVIDERS names Amazon SNS.
func (s Settings) sendsBySNS() bool {
	for name := range strings.SplitSeq(s.Environment["REALNAME_SMS_PROVIDERS"], ",") {
		if strings.TrimSpace(name) == "sns" {
			return true
		}
	}
	return false
}

// checkMessages refuses Amazon SNS as a carrier where it sends no SMS, so that
// no stage finds out from its first user. A role's credentials hold in its own
// partition alone, so another region does not help.
func (s Settings) checkMessages() error {
	if !s.sendsBySNS() {
		return nil
	}
	if from := s.regionOf("REALNAME_SNS_REGION"); !s.Region.features().Messages || !from.features().Messages {
		return fmt.Errorf("REALNAME_SMS_PROVIDERS: Amazon SNS sends no SMS from region %s for a stage in %s: the China partition has none, and its roles hold in it alone; leave sns out", from, s.Region)
	}
	return nil
}

// regionOf is the region of a service that a variable may place elsewhere.
func (s Settings) regionOf(variable string) region {
	return region(first(s.Environment[variable], string(s.Region)))
}
