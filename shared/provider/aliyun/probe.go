package aliyun

import (
	"context"
	"errors"
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
	f.RequestID, f.Code = got.RequestID, got.Code
	var failure *provider.Failure
	if errors.As(err, &failure) {
		f.RequestID, f.Code = failure.RequestID, failure.Code
	}
	f.Works = f.Code == "400" || f.Code == "401" ||
		isCode(f.Code, "InvalidParameter") || strings.HasPrefix(f.Code, "MissingP")
	if !f.Works {
		f.Advice = advice(f.Code)
	}
	return f
}

// advice returns the cause and the fix of a code of Alibaba Cloud.
func advice(code string) string {
	switch {
	case code == provider.CodeCredentials:
		return "The secret cannot be read, or it is not a JSON object with accessKeyId and accessKeySecret: " +
			"check REALNAME_ALIYUN_SECRET_ARN and the role's permission to read it."
	case code == provider.CodeUnreachable, code == provider.CodeTimeout:
		return "No answer: check that the network allows HTTPS to *.aliyuncs.com, and REALNAME_ALIYUN_ENDPOINT."
	case code == provider.CodeMalformed:
		return "Something other than Alibaba Cloud answered: check REALNAME_ALIYUN_ENDPOINT and proxies."
	case isCode(code, "InvalidAccessKeyId"):
		return "The AccessKey ID does not exist or is inactive: create a key in the RAM console and put it into the secret."
	case isCode(code, "SignatureDoesNotMatch"), isCode(code, "IncompleteSignature"):
		return "The AccessKey secret does not belong to the AccessKey ID: put both parts of one key into the secret."
	case isCode(code, "InvalidTimeStamp"):
		return "This machine's clock is off by more than 15 minutes."
	case isCode(code, "InvalidSecurityToken"):
		return "The temporary credentials have expired."
	case isCode(code, "Forbidden.AccountAccessDenied"), code == "410", code == "412",
		code == "isv.PRODUCT_UN_SUBSCRIPT", code == "isv.PRODUCT_UNSUBSCRIBE", code == "isv.OUT_OF_SERVICE":
		return "The product is not activated for this account, or the account is in arrears: see its console."
	case isCode(code, "Forbidden"), isCode(code, "NoPermission"), code == "411", code == "isp.RAM_PERMISSION_DENY":
		return "The key lacks the permission: give its user the policies of docs/providers.md."
	case isCode(code, "Throttling"), code == "403":
		return "The rate is used up: another system uses this account, or the limit is below the documented one."
	}
	return "Look up the code in the API's documentation, or contact the provider's support with the request ID."
}
