package stack

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"realname/api/contract"
)

// Assemble puts a stage's stacks into the app. root is the repository, whose
// functions and contract have to agree with what is deployed.
func Assemble(app awscdk.App, s Settings, root string) error {
	if !filepath.IsAbs(s.Dist) {
		s.Dist = filepath.Join(root, s.Dist)
	}
	if !filepath.IsAbs(s.Web) {
		s.Web = filepath.Join(root, s.Web)
	}
	if err := checkFunctions(root, s.Dist); err != nil {
		return err
	}
	doc, err := contract.Load()
	if err != nil {
		return err
	}
	routes, err := routesOf(doc)
	if err != nil {
		return err
	}
	c := newCore(app, s, routes)
	if s.DomainName != "" || s.Region.features().DefaultDomain {
		newSite(app, s, c)
	} else {
		awscdk.Annotations_Of(app).AddWarningV2(jsii.String("realname:pages"), jsii.String("the pages are left out: region "+string(s.Region)+" needs domainName and certificateId for them"))
	}
	newObservability(app, s, c)
	inspect(app)
	return nil
}
