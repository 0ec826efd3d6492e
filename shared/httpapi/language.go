package httpapi

import (
	"net/http"
	"strings"

	"golang.org/x/text/language"

	"realname/shared/realname"
)

// Texts are the words of one language.
type Texts interface {
	Problem(code realname.Code) ProblemText
	Field(f realname.FieldError) string
	Reason(r realname.IneligibleReason) string
	Hint(h realname.Hint) string
	BankReason(r realname.BankReason) string
	// BankName is a bank's full name and its short one.
	BankName(b realname.BankName) (name, short string)
	Consent() string
}

// ProblemText is what a problem says: what happened, what to do, and what
// usually causes it (R8).
type ProblemText struct {
	Title, Detail string
	Causes        []string
}

// listed is the whole of a header that holds a list: the adapter between event
// and request (aws-lambda-go-api-proxy) makes a value of each of its parts.
func listed(r *http.Request, name string) string {
	return strings.Join(r.Header.Values(name), ",")
}

// Language picks the caller's language: zh-CN unless the caller prefers English.
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

// English reports whether Language picks English.
func English(r *http.Request) bool {
	_, is := Language(r).(english)
	return is
}

// LanguageTag is the tag of the language that Language picks.
func LanguageTag(r *http.Request) string {
	if English(r) {
		return "en"
	}
	return "zh-CN"
}
