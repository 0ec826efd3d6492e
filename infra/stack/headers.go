package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/web"
)

// newSecurityHeaders creates the policy with the headers of every answer: those of
// web.SecurityHeaders, and those that need TLS.
func newSecurityHeaders(scope constructs.Construct, s Settings) awscloudfront.ResponseHeadersPolicy {
	yes := jsii.Bool(true)
	var custom []*awscloudfront.ResponseCustomHeader
	for _, h := range web.SecurityHeaders() {
		if !named[h.Name] {
			custom = append(custom, &awscloudfront.ResponseCustomHeader{
				Header: jsii.String(h.Name), Value: jsii.String(h.Value), Override: yes,
			})
		}
	}
	return awscloudfront.NewResponseHeadersPolicy(scope, jsii.String("SecurityHeaders"),
		&awscloudfront.ResponseHeadersPolicyProps{
			ResponseHeadersPolicyName: jsii.String(s.Name("security-headers")),
			SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
				ContentSecurityPolicy: &awscloudfront.ResponseHeadersContentSecurityPolicy{
					ContentSecurityPolicy: jsii.String(web.ContentSecurityPolicy), Override: yes,
				},
				ContentTypeOptions: &awscloudfront.ResponseHeadersContentTypeOptions{Override: yes},
				FrameOptions: &awscloudfront.ResponseHeadersFrameOptions{
					FrameOption: awscloudfront.HeadersFrameOption_DENY, Override: yes,
				},
				ReferrerPolicy: &awscloudfront.ResponseHeadersReferrerPolicy{
					ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_NO_REFERRER, Override: yes,
				},
				StrictTransportSecurity: &awscloudfront.ResponseHeadersStrictTransportSecurity{
					AccessControlMaxAge: awscdk.Duration_Days(jsii.Number(365)), IncludeSubdomains: yes, Override: yes,
				},
			},
			CustomHeadersBehavior: &awscloudfront.ResponseCustomHeadersBehavior{CustomHeaders: &custom},
		})
}

// named are the headers that have their own setting in CloudFront.
var named = map[string]bool{"Content-Security-Policy": true, "X-Content-Type-Options": true, "Referrer-Policy": true}
