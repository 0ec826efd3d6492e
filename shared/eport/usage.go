package eport

import (
	"encoding/asn1"
	"slices"

	"github.com/emmansun/gmsm/smx509"

	"realname/shared/realname"
)

// checkUsage requires a signing certificate of an end entity. A card also holds an
// encryption certificate, which allows only keyEncipherment. A certificate that
// restricts its usage must allow digitalSignature (RFC 5280, 4.2.1.3). If it has
// extended usages, one of them must prove an identity (4.2.1.12).
func checkUsage(c *smx509.Certificate, p Policy) error {
	if c.BasicConstraintsValid && c.IsCA {
		return refuse(realname.CodeCardUsageWrong, "certificate of an authority, not of a card")
	}
	if c.KeyUsage != 0 && c.KeyUsage&smx509.KeyUsageDigitalSignature == 0 {
		return refuse(realname.CodeCardUsageWrong, "key usage lacks digitalSignature")
	}
	if slices.ContainsFunc(p.identityUsages(), func(usage string) bool { return allowsUsage(c, usage) }) {
		return nil
	}
	return refuse(realname.CodeCardUsageWrong, "extended key usage does not allow the holder to prove an identity")
}

// clientAuth is the extended usage of certificates that identify a client (RFC
// 5280, 4.2.1.12).
const clientAuth = "1.3.6.1.5.5.7.3.2"

// identityUsages returns the extended usages with which a card proves an identity.
func (p Policy) identityUsages() []string { return append([]string{clientAuth}, p.Usages...) }

// allowsUsage reports whether a certificate allows an extended usage: it has no
// restriction, or allows any usage, or names this one.
func allowsUsage(c *smx509.Certificate, usage string) bool {
	if len(c.ExtKeyUsage) == 0 && len(c.UnknownExtKeyUsage) == 0 {
		return true
	}
	for _, u := range c.ExtKeyUsage {
		if u == smx509.ExtKeyUsageAny || usageOID(u) == usage {
			return true
		}
	}
	return slices.ContainsFunc(c.UnknownExtKeyUsage, func(oid asn1.ObjectIdentifier) bool {
		return oid.String() == usage
	})
}

// usageOID returns the OID of an extended usage that the parser knows and so does
// not list among the unknown ones (RFC 5280, 4.2.1.12).
func usageOID(u smx509.ExtKeyUsage) string {
	switch u {
	case smx509.ExtKeyUsageClientAuth:
		return clientAuth
	case smx509.ExtKeyUsageServerAuth:
		return "1.3.6.1.5.5.7.3.1"
	case smx509.ExtKeyUsageCodeSigning:
		return "1.3.6.1.5.5.7.3.3"
	case smx509.ExtKeyUsageEmailProtection:
		return "1.3.6.1.5.5.7.3.4"
	case smx509.ExtKeyUsageTimeStamping:
		return "1.3.6.1.5.5.7.3.8"
	case smx509.ExtKeyUsageOCSPSigning:
		return "1.3.6.1.5.5.7.3.9"
	}
	return ""
}
