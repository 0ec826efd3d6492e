package eport

import (
	"encoding/asn1"
	"strings"
	"unicode/utf8"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// Naming is one place where a certificate names its enterprise.
type Naming struct {
	Attribute Attribute
	Value     string // normalized
}

// Names reads the attributes of the policy from the certificate. It skips values
// that are invalid for their kind, since authorities fill attributes such as OU in
// different ways.
func Names(c *smx509.Certificate, p Policy) []Naming {
	var found []Naming
	for _, a := range p.Attributes {
		for _, raw := range valuesOf(c, a.OID) {
			value, ok := strings.CutPrefix(raw, a.Prefix)
			if !ok {
				continue
			}
			if value, ok = normalized(a.Kind, value); ok {
				found = append(found, Naming{a, value})
			}
		}
	}
	return found
}

func normalized(k Kind, value string) (string, bool) {
	switch k {
	case KindUSCC:
		value = idcode.NormalizeCode(value)
		return value, idcode.ValidateUSCC(value) == nil
	case KindOrgCode:
		value = idcode.NormalizeCode(value)
		return value, idcode.ValidateOrgCode(value) == nil
	}
	value = idcode.NormalizeName(value)
	return value, idcode.ValidateEnterpriseName(value, "") == nil
}

// matchEnterprise requires at least one naming, and that each names the
// enterprise. If the enterprise's own accounts have changed its name or code, at
// least one naming must be a code.
func matchEnterprise(c *smx509.Certificate, p Policy, e realname.CardEnterprise) error {
	names := Names(c, p)
	if len(names) == 0 {
		return refuse(realname.CodeCardUnnamed, "no configured attribute holds a code or name")
	}
	coded := false
	for _, n := range names {
		same := false
		coded = coded || n.Attribute.Kind != KindName
		switch n.Attribute.Kind {
		case KindUSCC:
			same = n.Value == e.USCC
		case KindOrgCode:
			same = n.Value == e.OrgCode
		case KindName:
			same = idcode.SameName(n.Value, e.Name)
		}
		if !same {
			return refuse(realname.CodeCardWrongEnterprise, "%s in %s names another enterprise",
				n.Attribute.Kind, n.Attribute.OID)
		}
	}
	if !coded && e.Changed {
		return refuse(realname.CodeCardUnnamed, "only a name, but the enterprise's own accounts changed its name or code")
	}
	return nil
}

// valuesOf returns the values of an attribute of the subject, and of an extension
// whose value is a single string.
func valuesOf(c *smx509.Certificate, oid string) []string {
	var values []string
	for _, at := range c.Subject.Names {
		if s, ok := at.Value.(string); ok && at.Type.String() == oid {
			values = append(values, s)
		}
	}
	for _, ext := range c.Extensions {
		if ext.Id.String() != oid {
			continue
		}
		if s, ok := extensionText(ext.Value); ok {
			values = append(values, s)
		}
	}
	return values
}

func extensionText(der []byte) (string, bool) {
	var raw asn1.RawValue
	rest, err := asn1.Unmarshal(der, &raw)
	if err != nil || len(rest) > 0 || raw.Class != asn1.ClassUniversal || raw.IsCompound {
		return "", false
	}
	switch raw.Tag {
	case asn1.TagUTF8String, asn1.TagPrintableString, asn1.TagIA5String, asn1.TagNumericString:
		return string(raw.Bytes), utf8.Valid(raw.Bytes)
	}
	return "", false
}
