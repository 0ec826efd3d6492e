package stack

import (
	"fmt"
	"slices"
	"strings"
)

// region is the region of the deployment. It determines the partition.
type region string

// chinaRegions are the two regions of the partition aws-cn.
var chinaRegions = []region{"cn-north-1", "cn-northwest-1"}

func (r region) partition() string {
	if slices.Contains(chinaRegions, r) {
		return "aws-cn"
	}
	return "aws"
}

// urlSuffix returns the domain of the partition's endpoints.
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
		return fmt.Errorf("region: want a region of the partitions aws and aws-cn, got %q", r)
	}
	return nil
}

// features lists the optional features of a partition. The templates omit the
// missing ones (docs/deploy.md, "Partitions"). Each names the document that says what
// the China partition lacks. "In China" is "Getting Started with Amazon Web Services
// in China", docs.amazonaws.cn/en_us/aws/latest/userguide/<service>.html.
type features struct {
	// CloudFrontPolicies are CloudFront's cache and origin-request policies. No document
	// that was read says whether China has the managed ones, so the distribution there
	// uses forwarded values, which every partition has.
	CloudFrontPolicies bool
	// WebACL is a web ACL of scope CLOUDFRONT. AWS WAF is "supported at a regional level
	// only" (In China, waf).
	WebACL bool
	// DefaultDomain is the distribution's own domain name: "You can't use the default
	// CloudFront domain" (In China, cloudfront).
	DefaultDomain bool
	// CertificateManager: CloudFront uses certificates of ACM, instead of those of the
	// IAM certificate store (In China, cloudfront).
	CertificateManager bool
	// HTTP3 and IPv6 at the edge. No document that was read says that China has them, so
	// they are off there.
	HTTP3, IPv6 bool
	// FunctionTracing: Lambda sends segments to AWS X-Ray. "X-Ray integration with Lambda
	// functions is not available in the China Regions" (In China, lambda).
	FunctionTracing bool
	// RecursionDetection: Lambda detects recursive loops and has the property
	// RecursiveLoop. It is "not available in the China Regions" (In China, lambda).
	RecursionDetection bool
	// Messages: Amazon SNS sends SMS, "not yet available in the Beijing and Ningxia
	// Regions" (In China, sns). Mail: there is Amazon SES; no document that was
	// read says that China has it.
	Messages, Mail bool
}

func (r region) features() features {
	if r.partition() == "aws-cn" {
		return features{}
	}
	return features{
		CloudFrontPolicies: true, WebACL: true, DefaultDomain: true, CertificateManager: true, HTTP3: true, IPv6: true,
		FunctionTracing: true, RecursionDetection: true, Messages: true, Mail: true,
	}
}
