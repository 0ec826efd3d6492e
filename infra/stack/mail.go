package stack

import (
	"fmt"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/jsii-runtime-go"
)

// mailStatements allows sending e-mail from the configured address. Its identity in
// SES is the address itself or its domain. Without an address, there are no
// statements.
func (c *core) mailStatements() []awsiam.PolicyStatement {
	from := c.settings.Environment["REALNAME_MAIL_FROM"]
	if from == "" {
		return nil
	}
	_, domain, _ := strings.Cut(from, "@")
	region := c.settings.regionOf("REALNAME_MAIL_REGION")
	identity := func(name string) *string {
		return jsii.String(fmt.Sprintf("arn:%s:ses:%s:%s:identity/%s", c.settings.Region.partition(), region,
			*c.stack.Account(), name))
	}
	return []awsiam.PolicyStatement{allow([]*string{identity(from), identity(domain)}, nil, "ses:SendEmail")}
}

// checkMail requires Amazon SES in a region that the stage can use, like checkMessages
// for SNS.
func (s Settings) checkMail() error {
	from := s.Environment["REALNAME_MAIL_FROM"]
	if from == "" {
		return nil
	}
	if at := s.regionOf("REALNAME_MAIL_REGION"); !s.Region.features().Mail || !at.features().Mail {
		return fmt.Errorf("REALNAME_MAIL_FROM: Amazon SES sends no e-mail from region %s for a stage in %s: "+
			"the China partition has no SES, and its roles are valid only there: leave it out", at, s.Region)
	}
	return nil
}
