package stack

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3deployment"
	"github.com/aws/jsii-runtime-go"

	"realname/web"
)

// site is the stack of the pages: a private bucket behind a distribution, which
// also forwards /v1/* to the API, so that a browser knows one origin.
type site struct {
	stack    awscdk.Stack
	settings Settings
	bucket   awss3.Bucket
	front    awscloudfront.CfnDistribution
}

func newSite(app awscdk.App, s Settings, c *core) *site {
	webACL := webACLOf(app, s)
	props := stackProps(s, "Enterprise real-name authentication: pages")
	props.CrossRegionReferences = jsii.Bool(webACL != nil)
	w := &site{stack: awscdk.NewStack(app, jsii.String(s.Name("web")), props), settings: s}
	w.bucket = awss3.NewBucket(w.stack, jsii.String("Pages"), &awss3.BucketProps{
		BlockPublicAccess: awss3.BlockPublicAccess_BLOCK_ALL(), Encryption: awss3.BucketEncryption_S3_MANAGED,
		EnforceSSL:      jsii.Bool(true),
		ObjectOwnership: awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED, Versioned: jsii.Bool(true),
		RemovalPolicy:  firmRemoval(s),
		LifecycleRules: &[]*awss3.LifecycleRule{{NoncurrentVersionExpiration: awscdk.Duration_Days(jsii.Number(30))}},
	})
	suppress(w.bucket,
		"It holds built pages which everybody may read through CloudFront; an access log would keep addresses.",
		"AwsSolutions-S1")
	if webACL == nil && s.Region.features().WebACL {
		webACL = newWebACL(w.stack, s).AttrArn()
	}
	w.front = newDistribution(w.stack, s, w.bucket, c.api, webACL)
	w.publish(c.keys.Telemetry)
	awscdk.NewCfnOutput(w.stack, jsii.String("SiteUrl"), &awscdk.CfnOutputProps{
		Value: jsii.String("https://" + w.domain()),
	})
	awscdk.NewCfnOutput(w.stack, jsii.String("PagesBucket"), &awscdk.CfnOutputProps{Value: w.bucket.BucketName()})
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

// publish copies the built pages into the bucket. Browsers cache the files that Vite
// names by their content for a year, and revalidate all others each time.
func (w *site) publish(telemetry awskms.IKey) {
	if _, err := os.Stat(filepath.Join(w.settings.Web, "index.html")); err != nil {
		awscdk.Annotations_Of(w.stack).AddInfo(jsii.String("there are no built pages in " + w.settings.Web +
			": the bucket stays as it is"))
		return
	}
	source := &[]awss3deployment.ISource{awss3deployment.Source_Asset(jsii.String(w.settings.Web), nil)}
	logs := newLogGroup(w.stack, w.settings, "PublishLogs", "/aws/lambda/"+w.settings.Name("publish"), telemetry)
	role := awsiam.NewRole(w.stack, jsii.String("PublishRole"), &awsiam.RoleProps{
		AssumedBy:   awsiam.NewServicePrincipal(jsii.String("lambda.amazonaws.com"), nil),
		Description: jsii.String("Publishing of the pages"),
	})
	logs.GrantWrite(role)
	assets := awss3deployment.NewBucketDeployment(w.stack, jsii.String("Assets"), &awss3deployment.BucketDeploymentProps{
		Sources: source, DestinationBucket: w.bucket, Role: role, LogGroup: logs, Prune: jsii.Bool(false),
		Exclude: jsii.Strings("*"), Include: jsii.Strings("assets/*"),
		CacheControl: &[]awss3deployment.CacheControl{awss3deployment.CacheControl_FromString(jsii.String(web.CacheForever))},
	})
	pages := awss3deployment.NewBucketDeployment(w.stack, jsii.String("Documents"), &awss3deployment.BucketDeploymentProps{
		Sources: source, DestinationBucket: w.bucket, Role: role, LogGroup: logs, Prune: jsii.Bool(false),
		Exclude: jsii.Strings("assets/*"), Distribution: w.front, DistributionPaths: jsii.Strings("/*"),
		CacheControl: &[]awss3deployment.CacheControl{
			awss3deployment.CacheControl_FromString(jsii.String(web.CacheValidate)),
		},
	})
	pages.Node().AddDependency(assets)
	suppress(role,
		"The CDK's copying function lists and replaces all objects of the pages' bucket, reads the CDK's assets, "+
			"and invalidates the distribution's cache.",
		"AwsSolutions-IAM5")
	for _, child := range *w.stack.Node().Children() {
		if strings.HasPrefix(*child.Node().Id(), "Custom::CDKBucketDeployment") {
			suppress(child, "The CDK chooses the runtime of its function.", "AwsSolutions-L1")
		}
	}
}
