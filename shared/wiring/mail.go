package wiring

import (
	"errors"
	"fmt"
	"net"
	"net/mail"
)

// Mail holds the settings of e-mail. Without From, the stage sends no e-mail.
type Mail struct {
	From   string // REALNAME_MAIL_FROM: an address that SES has verified
	Origin string // REALNAME_PUBLIC_ORIGIN: the origin of the pages, such as https://realname.example
	Region string // REALNAME_MAIL_REGION: the region of SES, if it is not the function's
	SMTP   SMTP   // replaces SES on one machine
}

// SMTP holds the settings of a mail server.
type SMTP struct {
	Server    string // REALNAME_SMTP_SERVER: host and port
	LoginFile string // REALNAME_SMTP_LOGIN_FILE: JSON with user and password; "" for none
}

func (r *reader) mail() Mail {
	m := Mail{From: r.getenv("REALNAME_MAIL_FROM"), Region: r.getenv("REALNAME_MAIL_REGION")}
	if m.From != "" {
		r.text("REALNAME_PUBLIC_ORIGIN") // it must be set
		m.Origin = r.site("REALNAME_PUBLIC_ORIGIN")
		if a, err := mail.ParseAddress(m.From); err != nil || a.Address != m.From { // the name of an SES identity, too
			r.err = errors.Join(r.err, fmt.Errorf(
				"REALNAME_MAIL_FROM: want an address alone, such as noreply@realname.example, got %q", m.From))
		}
	}
	return m
}

func (r *reader) smtp(from string) SMTP {
	s := SMTP{Server: r.getenv("REALNAME_SMTP_SERVER"), LoginFile: r.getenv("REALNAME_SMTP_LOGIN_FILE")}
	switch host, port, err := net.SplitHostPort(s.Server); {
	case s.Server == "" && s.LoginFile != "":
		r.err = errors.Join(r.err, errors.New("REALNAME_SMTP_LOGIN_FILE: set REALNAME_SMTP_SERVER, too"))
	case s.Server == "":
	case err != nil || host == "" || port == "":
		r.err = errors.Join(r.err, fmt.Errorf("REALNAME_SMTP_SERVER: want host:port, got %q", s.Server))
	case from == "":
		r.err = errors.Join(r.err, errors.New("REALNAME_SMTP_SERVER: set REALNAME_MAIL_FROM, too"))
	}
	return s
}
