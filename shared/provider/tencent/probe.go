package tencent

import (
	"context"
	"errors"

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
	f.RequestID, f.Code, f.Works = id, string(out.Result), err == nil
	var failure *provider.Failure
	if errors.As(err, &failure) {
		f.RequestID, f.Code = failure.RequestID, failure.Code
		f.Works = isCode(f.Code, "MissingParameter") || isCode(f.Code, "InvalidParameterValue") ||
			f.Code == "InvalidParameter"
	}
	if !f.Works {
		f.Advice = advice(f.Code)
	}
	return f
}

// advice returns the cause and the fix of a code of Tencent Cloud.
func advice(code string) string {
	switch {
	case code == provider.CodeCredentials:
		return "The secret cannot be read, or it is not a JSON object with secretId and secretKey: " +
			"check REALNAME_TENCENT_SECRET_ARN and the role's permission to read it."
	case code == provider.CodeUnreachable, code == provider.CodeTimeout:
		return "No answer: check that the network allows HTTPS to *.tencentcloudapi.com, " +
			"and REALNAME_TENCENT_ENDPOINT."
	case code == provider.CodeMalformed:
		return "Something other than Tencent Cloud answered: check REALNAME_TENCENT_ENDPOINT and proxies."
	case isCode(code, "AuthFailure.SecretIdNotFound"), isCode(code, "AuthFailure.InvalidSecretId"):
		return "The SecretId does not exist: it was deleted or mistyped. " +
			"Create a key in the CAM console and put it into the secret."
	case isCode(code, "AuthFailure.SignatureFailure"), isCode(code, "AuthFailure.InvalidAuthorization"):
		return "The SecretKey does not belong to the SecretId: put both parts of one key into the secret."
	case isCode(code, "AuthFailure.SignatureExpire"):
		return "This machine's clock is off by more than five minutes."
	case isCode(code, "AuthFailure.TokenFailure"):
		return "The temporary credentials have expired."
	case isCode(code, "UnsupportedRegion"), isCode(code, "UnsupportedOperation.UnsupportedRegion"):
		return "The API is not offered in this region: set REALNAME_TENCENT_REGION, e.g. ap-guangzhou."
	case isCode(code, "UnauthorizedOperation.Nonactivated"), isCode(code, "UnauthorizedOperation.Activating"),
		code == "FailedOperation.UnOpenError":
		return "The product is not activated for this account: activate it in its console."
	case isCode(code, "UnauthorizedOperation.Arrears"), isCode(code, "ResourceUnavailable.InArrears"),
		code == "FailedOperation.ArrearsError":
		return "The account is in arrears: pay its bill."
	case isCode(code, "ResourceUnavailable"), isCode(code, "ResourcesSoldOut"),
		code == "FailedOperation.InsufficientBalanceInSmsPackage":
		return "The quota is used up: buy a resource package."
	case isCode(code, "UnauthorizedOperation"), isCode(code, "AuthFailure"):
		return "The key lacks the permission: give its user the policy of docs/providers.md."
	case isCode(code, "RequestLimitExceeded"), isCode(code, "LimitExceeded"):
		return "The rate is used up: another system uses this account, or the limit is below 20 requests per second."
	}
	return "Look up the code in the API's documentation, or contact the provider's support with the request ID."
}
