package httpapi

import (
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"realname/shared/realname"
)

// Texts holds the texts of one language.
type Texts interface {
	Problem(code realname.Code) ProblemText
	Field(f realname.FieldError) string
	// Differs returns what a registry's mismatch says about an element, and its usual
	// causes.
	Differs(e realname.Element) (what, why string)
	// Current says from which day (2006-01-02) the registry's data should hold a change.
	Current(day time.Time) string
	Reason(r realname.IneligibleReason) string
	Hint(h realname.Hint) string
	BankReason(r realname.BankReason) string
	// BankName returns the full name and the short name of a bank.
	BankName(b realname.BankName) (name, short string)
	// Consent returns the consent text of a method.
	Consent(m realname.Method) string
	// Recipient returns the name of a provider and the data that it receives.
	Recipient(r realname.Recipient) (name, receives string)
}

// ProblemText is the text of a problem: its title, the action to take, and the
// usual causes (R8).
type ProblemText struct {
	Title, Detail string
	Causes        []string
}

// listed joins the values of a header that holds a list. The adapter between event
// and request (aws-lambda-go-api-proxy) splits such a header at its commas.
func listed(r *http.Request, name string) string {
	return strings.Join(r.Header.Values(name), ",")
}

// Language returns the texts of the caller's language: zh-CN unless the caller
// prefers English.
func Language(r *http.Request) Texts {
	tags, _, err := language.ParseAcceptLanguage(listed(r, "Accept-Language"))
	if err != nil {
		return chinese{}
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "zh":
			return chinese{}
		case "en":
			return english{}
		}
	}
	return chinese{}
}

// English reports whether Language returns English.
func English(r *http.Request) bool {
	_, is := Language(r).(english)
	return is
}

// LanguageTag returns the tag of the language that Language returns.
func LanguageTag(r *http.Request) string { return languageTag(Language(r)) }

func languageTag(t Texts) string {
	if _, is := t.(english); is {
		return "en"
	}
	return "zh-CN"
}

// otherLanguage returns the texts of the language that Language does not return.
func otherLanguage(r *http.Request) Texts {
	if English(r) {
		return chinese{}
	}
	return english{}
}
