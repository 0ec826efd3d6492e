package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"realname/shared/edge"
)

// apiOrigin is the only origin.
const apiOrigin = "api"

// newDistribution creates the distribution in front of the API, which serves the
// pages too. It uses the CloudFormation resource, because its properties differ
// between the partitions.
func newDistribution(
	scope constructs.Construct, s Settings, host string, webACL *string,
) awscloudfront.CfnDistribution {
	f := s.Region.features()
	pages := behavior("GET", "HEAD")
	v1 := behavior("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE")
	// CloudFront makes the ETag of a compressed answer weak, and If-Match needs a strong one.
	v1.Compress = jsii.Bool(false)
	config := &awscloudfront.CfnDistribution_DistributionConfigProperty{
		Enabled: jsii.Bool(true), Comment: jsii.String(s.Name("")),
		HttpVersion: jsii.String("http2"), Ipv6Enabled: jsii.Bool(f.IPv6), WebAclId: webACL,
		ViewerCertificate: certificate(s), CustomErrorResponses: uncachedErrors(),
	}
	if f.HTTP3 {
		config.HttpVersion = jsii.String("http2and3")
	}
	if s.DomainName != "" {
		config.Aliases = jsii.Strings(s.DomainName)
	}
	if f.CloudFrontPolicies {
		// The pages have no query string, so the cache ignores it.
		pages.CachePolicyId = awscloudfront.CachePolicy_CACHING_OPTIMIZED().CachePolicyId()
		v1.CachePolicyId = awscloudfront.CachePolicy_CACHING_DISABLED().CachePolicyId()
		v1.OriginRequestPolicyId = awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER().OriginRequestPolicyId()
	} else {
		// With Compress, the cache distinguishes Accept-Encoding.
		pages.ForwardedValues = &awscloudfront.CfnDistribution_ForwardedValuesProperty{QueryString: jsii.Bool(false)}
		v1.ForwardedValues = &awscloudfront.CfnDistribution_ForwardedValuesProperty{
			QueryString: jsii.Bool(true),
			Headers: jsii.Strings("Authorization", "Accept-Language", "Idempotency-Key", "If-Match", "If-None-Match",
				"RN-Timestamp", "RN-Nonce", "RN-Serial", "RN-Signature", "RN-Signature-Type", "User-Agent"),
			Cookies: &awscloudfront.CfnDistribution_CookiesProperty{
				Forward: jsii.String("whitelist"), WhitelistedNames: jsii.Strings("__Host-realname-device"),
			},
		}
		v1.MinTtl, v1.DefaultTtl, v1.MaxTtl = jsii.Number(0), jsii.Number(0), jsii.Number(0)
	}
	config.DefaultCacheBehavior = pages
	config.CacheBehaviors = []any{pathBehavior("/v1/*", v1)}
	config.Origins = []any{&awscloudfront.CfnDistribution_OriginProperty{
		Id:         jsii.String(apiOrigin),
		DomainName: jsii.String(host), OriginCustomHeaders: []any{originHeader(s)},
		CustomOriginConfig: &awscloudfront.CfnDistribution_CustomOriginConfigProperty{
			OriginProtocolPolicy: jsii.String("https-only"), OriginSslProtocols: jsii.Strings("TLSv1.2"),
			OriginReadTimeout: jsii.Number(30),
		},
	}}
	site := awscloudfront.NewCfnDistribution(scope, jsii.String("Site"), &awscloudfront.CfnDistributionProps{
		DistributionConfig: config,
	})
	suppress(site,
		"CloudFront's access log would store IP addresses and query strings. The API has an access log without them.",
		"AwsSolutions-CFR3")
	suppress(site, "Enterprises file declarations from any country.", "AwsSolutions-CFR1")
	if s.DomainName == "" {
		suppress(site,
			"CloudFront's own domain has a fixed security policy. A domain name with a certificate uses TLSv1.2_2021.",
			"AwsSolutions-CFR4")
	}
	if !f.WebACL {
		suppress(site, "AWS WAF does not support CloudFront in the China partition.", "AwsSolutions-CFR2")
	}
	return site
}

// originHeader is the header by which the API knows CloudFront. CloudFormation reads the
// value when the reference changes, and neither template nor its logs hold it
// (CloudFormation User Guide, "Get a secret or secret value from Secrets Manager").
func originHeader(s Settings) *awscloudfront.CfnDistribution_OriginCustomHeaderProperty {
	return &awscloudfront.CfnDistribution_OriginCustomHeaderProperty{
		HeaderName:  jsii.String(edge.Header),
		HeaderValue: jsii.String("{{resolve:secretsmanager:" + s.Name("origin") + ":SecretString:" + s.OriginSlot + "}}"),
	}
}

// uncachedErrors disables the caching of errors. By default, CloudFront caches them
// for ten seconds by path, regardless of cache policy and Cache-Control, so that
// other users would get one user's refusal (CloudFront Developer Guide, "Control how
// long CloudFront caches errors"). The list has all codes that it caches.
func uncachedErrors() []any {
	var all []any
	for _, code := range []float64{400, 403, 404, 405, 414, 500, 501, 502, 503, 504} {
		all = append(all, &awscloudfront.CfnDistribution_CustomErrorResponseProperty{
			ErrorCode: jsii.Number(code), ErrorCachingMinTtl: jsii.Number(0),
		})
	}
	return all
}

func behavior(methods ...string) *awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty {
	return &awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty{
		TargetOriginId: jsii.String(apiOrigin), AllowedMethods: jsii.Strings(methods...),
		CachedMethods: jsii.Strings("GET", "HEAD"),
		Compress:      jsii.Bool(true), ViewerProtocolPolicy: jsii.String("redirect-to-https"),
	}
}

// pathBehavior is a behavior for a path. It refuses plain http, because a redirect
// would come after the browser has sent the token unencrypted.
func pathBehavior(
	pattern string, b *awscloudfront.CfnDistribution_DefaultCacheBehaviorProperty,
) *awscloudfront.CfnDistribution_CacheBehaviorProperty {
	return &awscloudfront.CfnDistribution_CacheBehaviorProperty{
		PathPattern: jsii.String(pattern), TargetOriginId: b.TargetOriginId, AllowedMethods: b.AllowedMethods,
		CachedMethods: b.CachedMethods,
		Compress:      b.Compress, ViewerProtocolPolicy: jsii.String("https-only"), CachePolicyId: b.CachePolicyId,
		OriginRequestPolicyId: b.OriginRequestPolicyId, ResponseHeadersPolicyId: b.ResponseHeadersPolicyId,
		ForwardedValues: b.ForwardedValues, MinTtl: b.MinTtl, DefaultTtl: b.DefaultTtl, MaxTtl: b.MaxTtl,
	}
}

func certificate(s Settings) *awscloudfront.CfnDistribution_ViewerCertificateProperty {
	c := &awscloudfront.CfnDistribution_ViewerCertificateProperty{
		MinimumProtocolVersion: jsii.String("TLSv1.2_2021"), SslSupportMethod: jsii.String("sni-only"),
	}
	switch {
	case s.CertificateARN != "":
		c.AcmCertificateArn = jsii.String(s.CertificateARN)
	case s.CertificateID != "":
		c.IamCertificateId = jsii.String(s.CertificateID)
	default:
		return &awscloudfront.CfnDistribution_ViewerCertificateProperty{CloudFrontDefaultCertificate: jsii.Bool(true)}
	}
	return c
}
