package baidu

import (
	"context"
	"strconv"
	"strings"

	"realname/shared/provider"
	"realname/shared/provider/baidu/resultcode"
	"realname/shared/realname"
)

// Probe sends a request of the check that concerns no person. Its parameters are
// missing, so Baidu checks only the token, the permission and the quota.
func (c *Client) Probe(ctx context.Context, check realname.CheckName) provider.Finding {
	p, known := map[realname.CheckName]struct {
		api  api
		body string
	}{
		realname.RegistryCheck: {verifyEnterprise, "name="}, realname.IDCardCheck: {checkIDCard, "{}"},
	}[check]
	f := provider.Finding{Provider: Name, Check: check}
	if !known {
		f.Advice = "Baidu does not offer this check to realname."
		return f
	}
	var out struct{}
	id, err := c.call(ctx, p.api, []byte(p.body), &out)
	f = f.With(id, "", err)
	// 216100 to 216103: the parameters are missing or invalid. 222001 and above: likewise
	// of the identity checks.
	code, _ := strconv.Atoi(f.Code)
	f.Works = err == nil || code >= 216100 && code <= 216103 || code >= 222001 && code <= 222099 ||
		resultcode.Error(code).Outcome == realname.InvalidInput
	if !f.Works {
		f.Advice = access.Advice(f.Code, advice)
	}
	return f
}

// access names the settings that advice is about.
var access = provider.Access{
	Provider: "Baidu", Hosts: "aip.baidubce.com", Fields: "apiKey and secretKey", Variable: "REALNAME_BAIDU",
}

// advice returns the cause and the fix of a code of Baidu; "" for others.
func advice(code string) string {
	switch {
	case code == "invalid_client.unknown_client_id":
		return "The API Key does not exist: copy both keys of the application from the console into the secret."
	case strings.HasPrefix(code, "invalid_client"):
		return "The Secret Key does not belong to the API Key: put both keys of one application into the secret."
	case code == "6", code == "14":
		return "The application lacks the permission: select the API in the application's settings, " +
			"or apply for it where it needs an approval."
	case code == "17", code == "19":
		return "The quota is used up: buy a package or activate postpaid billing in the console."
	case code == "4", code == "18":
		return "The rate is used up: another system uses this account, or its limit is below 10 requests per second."
	}
	return ""
}
