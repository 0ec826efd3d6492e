package stack

import (
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"realname/api/contract"
)

// Assemble adds a stage's stacks to the app. root is the folder of the repository.
// Its functions and contract must match the declared functions.
func Assemble(app awscdk.App, s Settings, root string) error {
	if !filepath.IsAbs(s.Dist) {
		s.Dist = filepath.Join(root, s.Dist)
	}
	nameZones(app, s)
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
	c := newCore(app, s, append(routes, pageRoutes()...))
	var w *site
	if s.hasSite() {
		w = newSite(app, s, c)
		if s.Environment["REALNAME_PUBLIC_URL"] == "" {
			awscdk.Annotations_Of(w.stack).AddWarningV2(jsii.String("realname:publicUrl"),
				jsii.String("banks would send browsers back to the API's own address: "+
					"set REALNAME_PUBLIC_URL to the output SiteUrl and deploy again, or set domainName"))
		}
	} else {
		// The command line prints only the notes of stacks.
		awscdk.Annotations_Of(c.stack).AddWarningV2(jsii.String("realname:distribution"),
			jsii.String("the distribution is left out: region "+string(s.Region)+" needs domainName and certificateId for it"))
	}
	newObservability(app, s, c, w)
	inspect(app)
	return nil
}

// nameZones tells the CDK the availability zones of the VPC. Otherwise it would ask AWS
// for those of the account during the synthesis.
func nameZones(app awscdk.App, s Settings) {
	if !s.VPC || s.Account == "" {
		return
	}
	var zones []any
	for _, zone := range s.VPCZones {
		zones = append(zones, string(s.Region)+zone)
	}
	app.Node().SetContext(jsii.String("availability-zones:account="+s.Account+":region="+string(s.Region)), zones)
}
