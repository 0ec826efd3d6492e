package eport

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"slices"
	"testing"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

func TestTheEnterpriseIsNamedByEveryAttribute(t *testing.T) {
	e := realname.CardEnterprise{USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0", Name: "企业（北京）"}
	const other, unnamed = realname.CodeCardWrongEnterprise, realname.CodeCardUnnamed
	policy := Policy{Attributes: []Attribute{
		{OID: "2.5.4.97", Kind: KindUSCC, Prefix: "NTRCN-"},
		{OID: "2.5.4.11", Kind: KindOrgCode},
		{OID: "2.5.4.10", Kind: KindName},
	}}
	for name, c := range map[string]struct {
		uscc, org, company string
		changed            bool
		want               realname.Code
	}{
		"the USCC":                   {"NTRCN-91130100MA0R01NM09", "", "", false, ""},
		"the USCC, written small":    {"NTRCN-91130100ma0r01nm09", "", "", false, ""},
		"the USCC without a prefix":  {"91130100MA0R01NM09", "", "", false, unnamed},
		"no USCC":                    {"NTRCN-x", "", "", false, unnamed},
		"another USCC":               {"NTRCN-9113000034801880XB", "", "", false, other},
		"the code":                   {"", "MA0R01NM-0", "", false, ""},
		"another code":               {"", "34801880X", "", false, other},
		"no code":                    {"", "Sales", "", false, unnamed},
		"the name":                   {"", "", "企业(北京)", false, ""},
		"another name":               {"", "", "企业(上海)", false, other},
		"a name given by itself":     {"", "", "企业(北京)", true, unnamed},
		"a name beside a code":       {"", "MA0R01NM0", "企业(北京)", true, ""},
		"another name beside a code": {"", "MA0R01NM0", "企业(上海)", true, other},
		"nothing":                    {"", "", "", false, unnamed},
	} {
		subject := &smx509.Certificate{}
		for oid, value := range map[int]string{97: c.uscc, 11: c.org, 10: c.company} {
			if value != "" {
				named := pkix.AttributeTypeAndValue{Type: []int{2, 5, 4, oid}, Value: value}
				subject.Subject.Names = append(subject.Subject.Names, named)
			}
		}
		e.Changed = c.changed
		wantRefusal(t, name, matchEnterprise(subject, policy, e), c.want)
	}
	numbers := &smx509.Certificate{}
	numbers.Subject.Names = []pkix.AttributeTypeAndValue{{Type: []int{2, 5, 4, 10}, Value: 5}}
	if got := Names(numbers, policy); len(got) != 0 {
		t.Errorf("a number names %v", got)
	}
}

func TestAnExtensionNamesByOneString(t *testing.T) {
	text := func(tag byte, value string) []byte { return append([]byte{tag, byte(len(value))}, value...) }
	for name, c := range map[string]struct {
		der  []byte
		want string
	}{
		"UTF-8":            {text(asn1.TagUTF8String, "企业"), "企业"},
		"printable":        {text(asn1.TagPrintableString, "A"), "A"},
		"IA5":              {text(asn1.TagIA5String, "A"), "A"},
		"numeric":          {text(asn1.TagNumericString, "1"), "1"},
		"octets":           {text(asn1.TagOctetString, "A"), ""},
		"not UTF-8":        {text(asn1.TagUTF8String, "\xff"), ""},
		"more behind it":   {append(text(asn1.TagUTF8String, "A"), 0), ""},
		"of another class": {text(0x80|asn1.TagUTF8String, "A"), ""},
		"compound":         {text(0x20|asn1.TagUTF8String, "A"), ""},
		"not DER":          {[]byte("A"), ""},
	} {
		if got, ok := extensionText(c.der); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	c := &smx509.Certificate{Extensions: []pkix.Extension{
		{Id: []int{1, 2, 3}, Value: text(asn1.TagUTF8String, "A")},
		{Id: []int{1, 2, 4}, Value: text(asn1.TagUTF8String, "B")},
	}}
	if got := valuesOf(c, "1.2.4"); !slices.Equal(got, []string{"B"}) {
		t.Errorf("got %v", got)
	}
}
