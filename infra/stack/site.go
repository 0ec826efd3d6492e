package stack

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"
)

// site is the stack of the distribution, which caches the pages and forwards /v1/*,
// so that a browser knows one origin.
type site struct {
	stack    awscdk.Stack
	settings Settings
	front    awscloudfront.CfnDistribution
}

func newSite(app awscdk.App, s Settings, c *core) *site {
	webACL := webACLOf(app, s)
	props := stackProps(s, "Enterprise real-name authentication: distribution")
	props.CrossRegionReferences = jsii.Bool(webACL != nil)
	w := &site{stack: awscdk.NewStack(app, jsii.String(s.Name("web")), props), settings: s}
	if webACL == nil && s.Region.features().WebACL {
		webACL = newWebACL(w.stack, s, c.keys.Telemetry).AttrArn()
	}
	w.stack.AddStackDependency(c.stack, jsii.String("the distribution sends the secret of the Core stack"))
	w.front = newDistribution(w.stack, s, c.apiHost(), webACL)
	awscdk.NewCfnOutput(w.stack, jsii.String("SiteUrl"), &awscdk.CfnOutputProps{
		Value: jsii.String("https://" + w.domain()),
	})
	return w
}

// webACLOf returns the web ACL. It is in its own stack if the service is in another region.
func webACLOf(app awscdk.App, s Settings) *string {
	if !s.Region.features().WebACL || s.Region == "us-east-1" {
		return nil
	}
	return newEdge(app, s)
}

func (w *site) domain() string {
	if w.settings.DomainName != "" {
		return w.settings.DomainName
	}
	return *w.front.AttrDomainName()
}
