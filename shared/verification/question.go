package verification

import (
	"realname/shared/idcode"
	"realname/shared/realname"
)

// question is one question to providers. The words identify it.
type question struct {
	words []string
	// routes returns the providers that can be asked, in order. The time for all of them
	// begins with its call.
	routes func() ([]put, error)
}

// put puts a question to one provider.
type put struct {
	provider string
	three    bool // it compares three elements only
	ask      func() (realname.CheckResult, error)
}

// puts returns the ways to put a question to the providers of the routes.
func puts[P any](routes []realname.Route[P], ask func(P) (realname.CheckResult, error)) []put {
	all := make([]put, len(routes))
	for i, r := range routes {
		all[i] = put{r.Name, r.ThreeElements, func() (realname.CheckResult, error) { return ask(r.Provider) }}
	}
	return all
}

// spelled returns the names as providers compare them: in their standard spelling and,
// if one has a character with a second encoding, in the other spelling.
func spelled(names ...string) [][]string {
	all := [][]string{make([]string, len(names)), make([]string, len(names))}
	second := false
	for i, name := range names {
		spellings := idcode.Spellings(name)
		all[0][i], all[1][i] = spellings[0], spellings[len(spellings)-1]
		second = second || len(spellings) > 1
	}
	if !second {
		return all[:1]
	}
	return all
}

// aboutPerson returns the question whether the data belong to the person, in each spelling
// of the name.
func aboutPerson[P any](
	p realname.Person, data []string,
	routes func() ([]realname.Route[P], error),
	ask func(P, realname.Person) (realname.CheckResult, error),
) []question {
	var all []question
	for _, names := range spelled(p.Name) {
		subject := p
		subject.Name = names[0]
		all = append(all, question{
			words: append([]string{subject.Name, string(p.IDType), p.IDNumber}, data...),
			routes: func() ([]put, error) {
				routes, err := routes()
				return puts(routes, func(provider P) (realname.CheckResult, error) {
					return ask(provider, subject)
				}), err
			},
		})
	}
	return all
}
