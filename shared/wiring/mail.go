package wiring

// Mail holds the settings of e-mail. Without From, the stage sends no e-mail.
type Mail struct {
	From   string // REALNAME_MAIL_FROM: an address that SES has verified
	Origin string // REALNAME_PUBLIC_ORIGIN: the origin of the pages, such as https://realname.example
	Region string // REALNAME_MAIL_REGION: the region of SES, if it is not the function's
}

func (r *reader) mail() Mail {
	m := Mail{From: r.getenv("REALNAME_MAIL_FROM"), Region: r.getenv("REALNAME_MAIL_REGION")}
	if m.From != "" {
		m.Origin = r.text("REALNAME_PUBLIC_ORIGIN")
	}
	return m
}
