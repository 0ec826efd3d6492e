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
