package httpapi

import (
	"net/http"
	"strconv"
	"strings"

	"realname/api"
	"realname/shared/accounts"
	"realname/shared/realname"
)

// IfMatch reads the header If-Match (RFC 9110, 13.1.1): the versions that a change
// may replace; nil without the header. A weak or unknown tag matches nothing.
func IfMatch(r *http.Request) *accounts.Precondition {
	values, given := r.Header["If-Match"]
	if !given {
		return nil
	}
	p := &accounts.Precondition{}
	for _, tag := range strings.Split(strings.Join(values, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" {
			p.Any = true
		}
		if n, err := strconv.ParseInt(strings.Trim(tag, `"`), 10, 64); err == nil {
			p.Versions = append(p.Versions, n)
		}
	}
	return p
}

// SetETag sets the header ETag to a version.
func SetETag(w http.ResponseWriter, version int64) {
	w.Header().Set("ETag", strconv.Quote(strconv.FormatInt(version, 10)))
}

// Change reads the caller, If-Match and the body of a change of the account. It
// decodes the body into the given struct.
// Errors: realname.CodePreconditionRequired, and the errors of Body and Decode.
func Change(r *http.Request, into any) (accounts.ChangeRequest, error) {
	caller, err := Caller(r.Context())
	if err != nil {
		return accounts.ChangeRequest{}, err
	}
	c := accounts.ChangeRequest{Caller: caller, IfMatch: IfMatch(r)}
	if c.IfMatch == nil {
		return c, &realname.Error{Code: realname.CodePreconditionRequired}
	}
	body, err := Body(r)
	if err != nil {
		return c, err
	}
	return c, Decode(body, into)
}

// WriteChange writes the response to a change of the account.
func WriteChange(w http.ResponseWriter, status int, c accounts.Changed) error {
	version := accounts.PageVersion(c.Account, c.Enterprise)
	SetETag(w, version)
	return WriteJSON(w, status, api.AccountChange{
		Changed: c.Changed, ReloginRequired: c.Changed, Withdrawn: aspectNames(c.Withdrawn), Version: version,
	})
}

func aspectNames(aspects []realname.AspectName) []api.AspectName {
	names := make([]api.AspectName, len(aspects))
	for i, a := range aspects {
		names[i] = api.AspectName(a)
	}
	return names
}

// Identity returns the identity of a request.
func Identity(name string, idType api.IdType, idNumber string, country, from, to *string) realname.Identity {
	return realname.Identity{
		Person:         Person(api.Person{Name: name, IdType: idType, IdNumber: idNumber}),
		IssuingCountry: Text(country), ValidFrom: Text(from), ValidTo: Text(to),
	}
}
