package httpapi

import (
	"realname/api"
	"realname/shared/idcode"
	"realname/shared/realname"
)

// Person returns the person of a request.
func Person(p api.Person) realname.Person {
	return realname.Person{Name: p.Name, IDType: idcode.IDType(p.IdType), IDNumber: p.IdNumber}
}
