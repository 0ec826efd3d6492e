package sns

import (
	"context"
	"net/url"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Probe asks whether the account may send to any number. It sends no message.
func (c *Sender) Probe(ctx context.Context, check realname.CheckName) provider.Finding {
	f := provider.Finding{Provider: Name, Check: check}
	var out struct {
		IsInSandbox bool `xml:"GetSMSSandboxAccountStatusResult>IsInSandbox"`
	}
	if err := c.call(ctx, "GetSMSSandboxAccountStatus", url.Values{}, &out); err != nil {
		failed := failure(ctx, err)
		f.Code, f.RequestID = failed.Code, failed.RequestID
		f.Advice = "Check the region (REALNAME_SNS_REGION: SNS sends SMS only in some regions) " +
			"and the permissions sns:Publish and sns:GetSMSSandboxAccountStatus."
		return f
	}
	if out.IsInSandbox {
		f.Code = "sandbox"
		f.Advice = "The account is in the SMS sandbox and sends only to verified numbers: " +
			"ask AWS support to move it out of the sandbox."
		return f
	}
	f.Works, f.Code = true, "Ok"
	return f
}
