package sns

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/sns"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Probe asks whether the account may send to any number, which sends nothing.
func (c *Carrier) Probe(ctx context.Context, check realname.CheckName) provider.Finding {
	f := provider.Finding{Provider: Name, Check: check}
	out, err := c.client().GetSMSSandboxAccountStatus(ctx, &sns.GetSMSSandboxAccountStatusInput{})
	if err != nil {
		failed := failure(ctx, err)
		f.Code, f.RequestID = failed.Code, failed.RequestID
		f.Advice = "Check the region (REALNAME_SNS_REGION: SNS sends SMS in some only) and the permissions sns:Publish and sns:GetSMSSandboxAccountStatus."
		return f
	}
	if out.IsInSandbox {
		f.Code = "sandbox"
		f.Advice = "The account is in the SMS sandbox and sends to verified numbers only: ask AWS support to leave it."
		return f
	}
	f.Works, f.Code = true, "Ok"
	return f
}
