package wiring

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
	return c, r.err
}
