package wiring

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// machine holds what a stage's deployment sets and one machine knows by itself.
var machine = map[string]string{
	"REALNAME_STAGE": "machine", "REALNAME_ISSUER": "realname", "REALNAME_TABLE": "realname",
}

// LoadMachine is Load for a service in one process with its own table, workflow and
// keys: it needs none of the variables that name resources on AWS. It may send e-mail
// through a mail server.
func LoadMachine(getenv func(string) string) (Config, error) {
	c, err := Load(func(name string) string {
		if v := getenv(name); v != "" {
			return v
		}
		return machine[name]
	})
	r := reader{getenv: getenv, err: err}
	c.Mail.SMTP = r.smtp(c.Mail.From)
	r.aws("REALNAME_EVENT_BUS", c.Outbox.EventBus != "", "")
	r.aws("REALNAME_MAIL_FROM", c.Mail.From != "" && c.Mail.SMTP.Server == "", c.Mail.Region)
	r.aws("REALNAME_SMS_PROVIDERS", slices.Contains(c.Providers.SMS, snsName), c.Providers.SNS.Region)
	r.aws("REALNAME_TENCENT_SECRET_ARN", c.Providers.Tencent.SecretARN != "", "")
	r.aws("REALNAME_ALIYUN_SECRET_ARN", c.Providers.Aliyun.SecretARN != "", "")
	r.aws("REALNAME_BAIDU_SECRET_ARN", c.Providers.Baidu.SecretARN != "", "")
	return c, r.err
}

// aws refuses a variable that uses AWS without what each call needs: a region, its own or
// the usual one, and credentials. A deployed function has them from its runtime.
func (r *reader) aws(variable string, used bool, region string) {
	if !used {
		return
	}
	if cmp.Or(region, r.getenv("AWS_REGION")) == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s: set AWS_REGION, too", variable))
	}
	if _, err := credentials(r.getenv); err != nil {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %w", variable, err))
	}
}
