package stack

import (
	"strings"
	"testing"
)

// sites runs the test on each variant that has pages.
func sites(t *testing.T, test func(*testing.T, *variant)) {
	for _, v := range []*variant{dev, prod, china} {
		t.Run(v.Name, func(t *testing.T) { test(t, v.synth(t)) })
	}
}

func TestTheDistributionCachesPagesAndForwardsTheAPI(t *testing.T) {
	sites(t, func(t *testing.T, v *variant) {
		site := v.only(t, "AWS::CloudFront::Distribution")
		config := func(path ...any) any { return site.at(append([]any{"DistributionConfig"}, path...)...) }
		if config("DefaultCacheBehavior", "ViewerProtocolPolicy") != "redirect-to-https" ||
			config("CacheBehaviors", 0, "PathPattern") != "/v1/*" ||
			config("CacheBehaviors", 0, "ViewerProtocolPolicy") != "https-only" ||
			config("CacheBehaviors", 0, "TargetOriginId") != config("Origins", 0, "Id") ||
			config("DefaultCacheBehavior", "TargetOriginId") != config("Origins", 0, "Id") ||
			len(asList(config("Origins"))) != 1 {
			t.Errorf("%+v", config())
		}
		if config("DefaultCacheBehavior", "Compress") != true || config("CacheBehaviors", 0, "Compress") != false {
			t.Error("pages are to be compressed, the API's answers and their ETags to be left as they are")
		}
		host := flat(config("Origins", 0, "DomainName"))
		own := ".execute-api." + string(v.settings.Region) + "." + v.settings.Region.urlSuffix()
		if v.settings.APIDomainName == "" && !strings.Contains(host, own) {
			t.Errorf("the API is sought at %s", host)
		}
		if v.settings.DomainName != "" && (flat(config("Aliases")) != `["`+v.settings.DomainName+`"]` ||
			config("ViewerCertificate", "MinimumProtocolVersion") != "TLSv1.2_2021") {
			t.Errorf("%v %v", config("Aliases"), config("ViewerCertificate"))
		}
		china := v.settings.Region.partition() == "aws-cn"
		if (config("WebACLId") != nil) == china ||
			(config("DefaultCacheBehavior", "CachePolicyId") != nil) == china ||
			(config("DefaultCacheBehavior", "ForwardedValues") != nil) != china ||
			(config("ViewerCertificate", "IamCertificateId") != nil) != china {
			t.Errorf("not what the partition has: %+v", config())
		}
		// The other partition's policy forwards every cookie.
		names := flat(config("CacheBehaviors", 0, "ForwardedValues", "Cookies", "WhitelistedNames"))
		if china && names != `["__Host-realname-device"]` {
			t.Errorf("the device's cookie is not forwarded: %s", names)
		}
	})
}

// CloudFront would cache an error by its path alone, without the token of the
// request.
func TestNoErrorIsKeptForTheNextCaller(t *testing.T) {
	sites(t, func(t *testing.T, v *variant) {
		life := map[any]any{}
		for _, e := range asList(v.only(t, "AWS::CloudFront::Distribution").at("DistributionConfig",
			"CustomErrorResponses")) {
			life[at(e, "ErrorCode")] = at(e, "ErrorCachingMinTTL")
		}
		for _, code := range []float64{400, 403, 404, 405, 414, 500, 501, 502, 503, 504} {
			if life[code] != 0.0 {
				t.Errorf("%v is kept for %v s", code, life[code])
			}
		}
	})
}

// The function sends the headers, so they are those of both partitions.
func TestThePagesAndTheirHeadersComeFromTheFunction(t *testing.T) {
	everywhere(t, func(t *testing.T, v *variant) {
		for _, kind := range []string{
			"AWS::S3::Bucket", "AWS::CloudFront::ResponseHeadersPolicy", "AWS::CloudFront::Function",
			"AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::CloudFrontOriginAccessIdentity",
			"Custom::CDKBucketDeployment",
		} {
			if got := v.of(kind); len(got) > 0 {
				t.Errorf("nothing needs %s", got[0].ID)
			}
		}
	})
}

func TestTheWebACLIsWhereCloudFrontTakesIt(t *testing.T) {
	for v, stack := range map[*variant]string{dev: "web/", prod: "edge/"} {
		acl := v.synth(t).only(t, "AWS::WAFv2::WebACL")
		if !strings.HasPrefix(acl.ID, stack) || acl.at("Scope") != "CLOUDFRONT" {
			t.Errorf("%s: %+v", acl.ID, acl.Properties)
		}
		const ofAClient = 5 * 600.0 // requests in five minutes, by the default of realname client add
		if limit := acl.at("Rules", 0, "Statement", "RateBasedStatement", "Limit").(float64); limit < ofAClient {
			t.Errorf("a machine client that keeps to its rate meets the limit of %v", limit)
		}
		logs := v.only(t, "AWS::WAFv2::LoggingConfiguration")
		if text := flat(logs.at("RedactedFields")); !strings.Contains(text, "QueryString") ||
			!strings.Contains(text, "authorization") || !strings.Contains(text, "cookie") ||
			logs.at("LoggingFilter", "DefaultBehavior") != "DROP" ||
			!strings.Contains(flat(logs.at("LogDestinationConfigs")), "aws-waf-logs-") &&
				!strings.Contains(flat(logs.at("LogDestinationConfigs")), "WebAclLogs") {
			t.Errorf("%+v", logs.Properties)
		}
		for i := range 4 {
			if acl.at("Rules", i, "VisibilityConfig", "SampledRequestsEnabled") != false {
				t.Errorf("rule %d keeps samples of what was typed", i)
			}
		}
	}
	if got := china.synth(t).of("AWS::WAFv2::WebACL"); len(got) > 0 {
		t.Errorf("%v", got)
	}
}

func TestWhatIsMissingIsSaidWhereTheCommandLinePrintsIt(t *testing.T) {
	for _, c := range []struct {
		v    *variant
		says string // "" for nothing
	}{
		{dev, "set REALNAME_PUBLIC_URL to the output SiteUrl"},
		{prod, ""},
		{china, ""},
		{chinaWithoutDomain, "the distribution is left out: region cn-northwest-1 needs domainName and certificateId"},
	} {
		said := strings.Join(c.v.synth(t).warnings, "\n")
		if c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: %q, want %q", c.v.Name, said, c.says)
		}
	}
}

// A page says no-cache, which CloudFront overrides with the policy's minimum: 1 s in
// CachingOptimized (CloudFront Developer Guide, "Use managed cache policies"). Without
// a policy, the minimum is 0 (AWS::CloudFront::Distribution, MinTTL).
func TestAnOldPolicyLeavesTheDistributionInASecond(t *testing.T) {
	const cachingOptimized = "658327ea-f89d-4fab-a63d-7e88639e58f6"
	sites(t, func(t *testing.T, v *variant) {
		pages := v.only(t, "AWS::CloudFront::Distribution").at("DistributionConfig", "DefaultCacheBehavior")
		policy, minimum := at(pages, "CachePolicyId"), at(pages, "MinTTL")
		if china := v.settings.Region.partition() == "aws-cn"; minimum != nil || !china && policy != cachingOptimized {
			t.Errorf("pages have the cache policy %v and are kept for %v s", policy, minimum)
		}
	})
}

// The template names where the value is. CloudFormation reads it.
func TestCloudFrontSendsTheSecretOfTheSlot(t *testing.T) {
	sites(t, func(t *testing.T, v *variant) {
		header := v.only(t, "AWS::CloudFront::Distribution").at("DistributionConfig", "Origins", 0, "OriginCustomHeaders", 0)
		want := "{{resolve:secretsmanager:" + v.settings.Name("origin") + ":SecretString:" + v.settings.OriginSlot + "}}"
		if at(header, "HeaderName") != "realname-origin" || at(header, "HeaderValue") != want {
			t.Errorf("%v", header)
		}
		for _, secret := range v.of("AWS::SecretsManager::Secret") {
			if secret.at("SecretString") != nil {
				t.Errorf("%s holds its value", secret.ID)
			}
			if secret.at("Name") == v.settings.Name("origin") &&
				(secret.at("GenerateSecretString", "GenerateStringKey") != "a" ||
					secret.at("GenerateSecretString", "SecretStringTemplate") != `{"b":""}`) {
				t.Errorf("%+v", secret.Properties)
			}
		}
	})
}
