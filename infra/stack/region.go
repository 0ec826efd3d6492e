package stack

import (
	"fmt"
	"slices"
	"strings"
)

// region is where the service is deployed. The partition follows from it.
type region string

// chinaRegions are the two of the partition aws-cn.
var chinaRegions = []region{"cn-north-1", "cn-northwest-1"}

func (r region) partition() string {
	if slices.Contains(chinaRegions, r) {
		return "aws-cn"
	}
	return "aws"
}

// urlSuffix is the domain of the partition's endpoints.
func (r region) urlSuffix() string {
	if r.partition() == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

func (r region) check() error {
	if strings.HasPrefix(string(r), "cn-") && !slices.Contains(chinaRegions, r) {
		return fmt.Errorf("region: %q is none of %v", r, chinaRegions)
	}
	if strings.HasPrefix(string(r), "us-gov-") || strings.HasPrefix(string(r), "us-iso") ||
		strings.Count(string(r), "-") < 2 {
		return fmt.Errorf("region: %q is no region of the partitions aws and aws-cn", r)
	}
	return nil
}

// features says what a partition has; what it lacks is left out of the
// templates (docs/deploy.md, "Partitions").
type features struct {
	// OriginAccessControl, and CloudFront's cache, origin-request and
	// response-headers policies. Without them the distribution uses an origin
	// access identity and forwarded values, and the page's own CSP is all there is.
	CloudFrontPolicies bool
	// WebACL is a web ACL of scope CLOUDFRONT; AWS WAF is regional only in China.
	WebACL bool
	// DefaultDomain is the distribution's own domain name; in China a
	// distribution serves nothing without an alternate one.
	DefaultDomain bool
	// CertificateManager: CloudFront takes certificates of ACM; in China it takes
	// those of the IAM certificate store.
	CertificateManager bool
	// HTTP3 and IPv6 at the edge.
	HTTP3, IPv6 bool
	// Messages: Amazon SNS sends SMS. Mail: there is Amazon SES.
	Messages, Mail bool
}

func (r region) features() features {
	if r.partition() == "aws-cn" {
		return features{}
	}
	return features{
		CloudFrontPolicies: true, WebACL: true, DefaultDomain: true, CertificateManager: true, HTTP3: true, IPv6: true,
		Messages: true, Mail: true,
	}
}
