package aliyun

import (
	"context"
	"encoding/json"
	"strconv"

	"realname/shared/realname"
)

// SMSConfig holds the approved resources of the SMS console (短信服务控制台).
type SMSConfig struct {
	Sign     string // SignName, the approved signature
	Template string // TemplateCode, the approved text
	// Parameters are the template's variables that a message fills, from code, minutes and
	// card_tail. Each has the same name in the template.
	Parameters []string
}

// SendCode implements realname.SMS with SendSms.
func (c *Client) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	known := map[string]string{"code": m.Code, "minutes": strconv.Itoa(m.Minutes), "card_tail": m.CardTail}
	variables := map[string]string{}
	for _, name := range c.config.SMS.Parameters {
		variables[name] = known[name]
	}
	text, err := json.Marshal(variables)
	if err != nil {
		return c.failed(err)
	}
	var out struct{}
	got, err := c.call(ctx, sendSMS, map[string]string{
		"PhoneNumbers": m.Mobile, "SignName": c.config.SMS.Sign, "TemplateCode": c.config.SMS.Template,
		"TemplateParam": string(text),
	}, &out)
	if err == nil && got.Code != "OK" {
		f := c.http.Failure(sendSMS.action, got.Code, got.RequestID)
		classify(f, c.config.Now())
		err = f
	}
	if err != nil {
		return c.failed(err)
	}
	return realname.CheckResult{Outcome: realname.Match, Provider: Name, Code: got.Code, RequestID: got.RequestID}, nil
}
