package wiring

// Mail is how e-mail is sent; without From it is not.
type Mail struct {
	From   string // REALNAME_MAIL_FROM: an address that SES has verified
	Origin string // REALNAME_PUBLIC_ORIGIN: where the pages are, such as https://realname.example
	Region string // REALNAME_MAIL_REGION: where SES is, if not in the function's region
}

func (r *reader) mail() Mail {
	m := Mail{From: r.getenv("REALNAME_MAIL_FROM"), Region: r.getenv("REALNAME_MAIL_REGION")}
	if m.From != "" {
		m.Origin = r.text("REALNAME_PUBLIC_ORIGIN")
	}
	return m
}
