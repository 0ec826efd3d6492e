package aliyun

import (
	"context"
	"strings"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Probe sends a request of the check that concerns no person and costs nothing. Its
// parameters are missing, so Alibaba Cloud checks only the key, the permission and the
// account.
func (c *Client) Probe(ctx context.Context, check realname.CheckName) provider.Finding {
	a, known := map[realname.CheckName]api{
		realname.RegistryCheck: verifyEnterprise, realname.IDCardCheck: checkIDCard,
		realname.BankCardCheck: verifyBankCard, realname.SMSCheck: sendSMS,
	}[check]
	f := provider.Finding{Provider: Name, Check: check}
	if !known {
		f.Advice = "Alibaba Cloud does not offer this check."
		return f
	}
	var out struct{}
	got, err := c.call(ctx, a, map[string]string{}, &out)
	f = f.With(got.RequestID, got.Code, err)
	f.Works = f.Code == "400" || f.Code == "401" ||
		provider.IsCode(f.Code, "InvalidParameter") || strings.HasPrefix(f.Code, "MissingP")
	if !f.Works {
		f.Advice = access.Advice(f.Code, advice)
	}
	return f
}

// access names the settings that advice is about.
var access = provider.Access{
	Provider: "Alibaba Cloud", Hosts: "*.aliyuncs.com", Fields: "accessKeyId and accessKeySecret",
	Variable: "REALNAME_ALIYUN",
}

// advice returns the cause and the fix of a code of Alibaba Cloud; "" for others.
func advice(code string) string {
	switch {
	case provider.IsCode(code, "InvalidAccessKeyId"):
		return "The AccessKey ID does not exist or is inactive: create a key in the RAM console and put it into the secret."
	case provider.IsCode(code, "SignatureDoesNotMatch", "IncompleteSignature"):
		return "The AccessKey secret does not belong to the AccessKey ID: put both parts of one key into the secret."
	case provider.IsCode(code, "InvalidTimeStamp"):
		return "This machine's clock is off by more than 15 minutes."
	case provider.IsCode(code, "InvalidSecurityToken"):
		return "The temporary credentials have expired."
	case provider.IsCode(code, "Forbidden.AccountAccessDenied"), code == "410", code == "412",
		code == "isv.PRODUCT_UN_SUBSCRIPT", code == "isv.PRODUCT_UNSUBSCRIBE", code == "isv.OUT_OF_SERVICE":
		return "The product is not activated for this account, or the account is in arrears: see its console."
	case provider.IsCode(code, "Forbidden", "NoPermission"), code == "411", code == "isp.RAM_PERMISSION_DENY":
		return "The key lacks the permission: give its user the policies of docs/providers.md."
	case provider.IsCode(code, "Throttling"), code == "403":
		return "The rate is used up: another system uses this account, or the limit is below the documented one."
	}
	return ""
}
