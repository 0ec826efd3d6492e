package stack

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"

	"realname/web"
)

// sites runs the test on each variant that has pages.
func sites(t *testing.T, test func(*testing.T, *variant)) {
	for _, v := range []*variant{dev, prod, china} {
		t.Run(v.Name, func(t *testing.T) { test(t, v.synth(t)) })
	}
}

func TestNoBucketIsPublic(t *testing.T) {
	sites(t, func(t *testing.T, v *variant) {
		for _, b := range v.of("AWS::S3::Bucket") {
			for _, block := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
				if b.at("PublicAccessBlockConfiguration", block) != true {
					t.Errorf("%s: %s is off", b.ID, block)
				}
			}
		}
		for _, p := range v.of("AWS::S3::BucketPolicy") {
			for _, s := range statements(p, "PolicyDocument") {
				if who := flat(s.principal); strings.Contains(who, `"*"`) {
					t.Errorf("%s is open to %s", p.ID, who)
				}
			}
		}
	})
}

func TestTheDistributionServesPagesAndForwardsTheAPI(t *testing.T) {
	sites(t, func(t *testing.T, v *variant) {
		site := v.only(t, "AWS::CloudFront::Distribution")
		config := func(path ...any) any { return site.at(append([]any{"DistributionConfig"}, path...)...) }
		if config("DefaultCacheBehavior", "ViewerProtocolPolicy") != "redirect-to-https" ||
			config("CacheBehaviors", 0, "PathPattern") != "/v1/*" ||
			config("CacheBehaviors", 0, "ViewerProtocolPolicy") != "https-only" ||
			config("CacheBehaviors", 0, "TargetOriginId") != "api" {
			t.Errorf("%+v", config())
		}
		if config("DefaultCacheBehavior", "Compress") != true || config("CacheBehaviors", 0, "Compress") != false {
			t.Error("pages are to be compressed, the API's answers and their ETags to be left as they are")
		}
		host := flat(config("Origins", 1, "DomainName"))
		if !strings.Contains(host, ".execute-api."+string(v.settings.Region)+"."+v.settings.Region.urlSuffix()) {
			t.Errorf("the API is sought at %s", host)
		}
		if v.settings.DomainName != "" && (flat(config("Aliases")) != `["`+v.settings.DomainName+`"]` ||
			config("ViewerCertificate", "MinimumProtocolVersion") != "TLSv1.2_2021") {
			t.Errorf("%v %v", config("Aliases"), config("ViewerCertificate"))
		}
		china := v.settings.Region.partition() == "aws-cn"
		if (config("WebACLId") != nil) == china ||
			(config("DefaultCacheBehavior", "ResponseHeadersPolicyId") != nil) == china ||
			(config("DefaultCacheBehavior", "ForwardedValues") != nil) != china ||
			(config("ViewerCertificate", "IamCertificateId") != nil) != china {
			t.Errorf("not what the partition has: %+v", config())
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

func TestThePagesRunTheirOwnScriptsOnly(t *testing.T) {
	for _, v := range []*variant{dev, prod} {
		headers := v.synth(t).only(t, "AWS::CloudFront::ResponseHeadersPolicy")
		security := func(path ...any) any {
			return headers.at(append([]any{"ResponseHeadersPolicyConfig", "SecurityHeadersConfig"}, path...)...)
		}
		directives := map[string]string{}
		for part := range strings.SplitSeq(security("ContentSecurityPolicy", "ContentSecurityPolicy").(string), "; ") {
			name, value, _ := strings.Cut(part, " ")
			directives[name] = value
		}
		for name, want := range map[string]string{
			"default-src": "'none'", "script-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
		} {
			if directives[name] != want {
				t.Errorf("%s %s, want %s", name, directives[name], want)
			}
		}
		if security("StrictTransportSecurity", "AccessControlMaxAgeSec") != 31536000.0 ||
			security("FrameOptions", "FrameOption") != "DENY" || security("ContentTypeOptions", "Override") != true {
			t.Errorf("%+v", headers.Properties)
		}
	}
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

func TestCloudFrontTellsPagesFromFilesAsTheServerDoes(t *testing.T) {
	uris := []string{
		"/", "/help", "/sessions/0193.x/enterprise", "/favicon.svg", "/assets/app-1.js", "/assets/app", "/a.b/c",
		"/robots.txt",
	}
	raw, err := json.Marshal(uris)
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "-e", pageRoutes+`
for (const uri of `+string(raw)+`) console.log(handler({request: {uri}}).uri)`).Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range strings.Fields(string(out)) {
		want := uris[i]
		if web.IsPage(want) {
			want = "/index.html"
		}
		if got != want {
			t.Errorf("%s becomes %s, want %s", uris[i], got, want)
		}
	}
}
