package tencent

import (
	"context"

	"realname/shared/provider"
	"realname/shared/realname"
)

// Probe sends a request of the check that concerns no person and costs nothing. Its
// parameters are missing or malformed, so Tencent Cloud checks only the key, the
// permission, the region and the account.
func (c *Client) Probe(ctx context.Context, check realname.CheckName) provider.Finding {
	p, known := map[realname.CheckName]struct {
		api    api
		params map[string]any
	}{
		realname.RegistryCheck: {verifyEnterprise, map[string]any{}},
		realname.IDCardCheck: {checkIDCard, map[string]any{
			"Name": "测试", "IdCard": "0", "ValidityBegin": "20200101", "ValidityEnd": "00000000",
		}},
		realname.BankCardCheck: {verifyBankCard, map[string]any{
			"Name": "测试", "IdCard": "0", "BankCard": "0", "Phone": "0", "CertType": residentIDOnly,
		}},
		realname.SMSCheck: {sendSMS, map[string]any{
			"PhoneNumberSet": []string{}, "SmsSdkAppId": c.config.SMS.AppID,
			"TemplateId": c.config.SMS.Template, "SignName": c.config.SMS.Sign,
		}},
	}[check]
	f := provider.Finding{Provider: Name, Check: check}
	if !known {
		f.Advice = "Tencent Cloud does not offer this check."
		return f
	}
	var out struct{ Result text }
	id, err := c.call(ctx, p.api, plain(p.params), &out)
	f = f.With(id, string(out.Result), err)
	f.Works = err == nil || provider.IsCode(f.Code, "MissingParameter", "InvalidParameterValue") ||
		f.Code == "InvalidParameter"
	if !f.Works {
		f.Advice = access.Advice(f.Code, advice)
	}
	return f
}

// access names the settings that advice is about.
var access = provider.Access{
	Provider: "Tencent Cloud", Hosts: "*.tencentcloudapi.com", Fields: "secretId and secretKey",
	Variable: "REALNAME_TENCENT",
}

// advice returns the cause and the fix of a code of Tencent Cloud; "" for others.
func advice(code string) string {
	switch {
	case provider.IsCode(code, "AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId"):
		return "The SecretId does not exist: it was deleted or mistyped. " +
			"Create a key in the CAM console and put it into the secret."
	case provider.IsCode(code, "AuthFailure.SignatureFailure", "AuthFailure.InvalidAuthorization"):
		return "The SecretKey does not belong to the SecretId: put both parts of one key into the secret."
	case provider.IsCode(code, "AuthFailure.SignatureExpire"):
		return "This machine's clock is off by more than five minutes."
	case provider.IsCode(code, "AuthFailure.TokenFailure"):
		return "The temporary credentials have expired."
	case provider.IsCode(code, "UnsupportedRegion", "UnsupportedOperation.UnsupportedRegion"):
		return "The API is not offered in this region: set REALNAME_TENCENT_REGION, e.g. ap-guangzhou."
	case provider.IsCode(code, "UnauthorizedOperation.Nonactivated", "UnauthorizedOperation.Activating"),
		code == "FailedOperation.UnOpenError":
		return "The product is not activated for this account: activate it in its console."
	case provider.IsCode(code, "UnauthorizedOperation.Arrears", "ResourceUnavailable.InArrears"),
		code == "FailedOperation.ArrearsError":
		return "The account is in arrears: pay its bill."
	case provider.IsCode(code, "ResourceUnavailable", "ResourcesSoldOut"),
		code == "FailedOperation.InsufficientBalanceInSmsPackage":
		return "The quota is used up: buy a resource package."
	case provider.IsCode(code, "UnauthorizedOperation", "AuthFailure"):
		return "The key lacks the permission: give its user the policy of docs/providers.md."
	case provider.IsCode(code, "RequestLimitExceeded", "LimitExceeded"):
		return "The rate is used up: another system uses this account, or the limit is below 20 requests per second."
	}
	return ""
}
