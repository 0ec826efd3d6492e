package tencent

import (
	"context"
	"strconv"

	"realname/shared/provider"
	"realname/shared/realname"
)

// SMSConfig holds the approved resources of the SMS console (短信控制台).
type SMSConfig struct {
	AppID      string   // SmsSdkAppId
	Sign       string   // SignName, the approved signature
	Template   string   // TemplateId, the approved text
	Parameters []string // the template's variables in order: code, minutes, card_tail
}

// Variables of a template.
const (
	CodeVariable     = "code"
	MinutesVariable  = "minutes"
	CardTailVariable = "card_tail"
)

// SendCode implements realname.SMS with SendSms.
func (c *Client) SendCode(ctx context.Context, m realname.SMSMessage) (realname.CheckResult, error) {
	var out struct {
		SendStatusSet []struct{ Code string }
	}
	s := c.config.SMS
	id, err := c.call(ctx, sendSMS, plain(map[string]any{
		"PhoneNumberSet": []string{"+86" + m.Mobile}, "SmsSdkAppId": s.AppID,
		"SignName": s.Sign, "TemplateId": s.Template, "TemplateParamSet": values(s.Parameters, m),
	}), &out)
	if err != nil {
		return failed(err)
	}
	if len(out.SendStatusSet) != 1 {
		return unusable(sendSMS, id)
	}
	code := out.SendStatusSet[0].Code
	if code != "Ok" {
		f := &provider.Failure{Provider: Name, API: sendSMS.action, RequestID: id, NoEffect: true}
		classify(f, code, c.config.Now())
		return failed(f)
	}
	return realname.CheckResult{Outcome: realname.Match, Provider: Name, Code: code, RequestID: id}, nil
}

func values(parameters []string, m realname.SMSMessage) []string {
	known := map[string]string{
		CodeVariable: m.Code, MinutesVariable: strconv.Itoa(m.Minutes), CardTailVariable: m.CardTail,
	}
	list := make([]string, len(parameters))
	for i, p := range parameters {
		list[i] = known[p]
	}
	return list
}
