package eport_test

import (
	"testing"

	"realname/shared/eport"
	"realname/shared/realname"
)

// again makes another certificate of an authority with the same name and key.
func (l *lab) again(name, of string) eport.Authority {
	l.Helper()
	l.openssl("", "req", "-x509", "-new", "-sha256", "-days", "3650", "-set_serial", "0x77", "-key", of+".key",
		"-subj", "/C=CN/CN=Root",
		"-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
		"-out", name+".pem")
	return eport.Authority{Certificate: l.certificate(name), NoCRL: true}
}

// A revocation list applies to its authority under each of the authority's
// certificates. A second certificate without lists does not hide a revocation.
func TestAListCountsForEveryCertificateOfItsAuthority(t *testing.T) {
	l := newLab(t)
	l.issue("root", "rsa", "/C=CN/CN=Root", authority, "")
	l.issue("revoked", "rsa", subject, signing, "root")
	l.issue("card", "rsa", subject, signing, "root")
	root := eport.Authority{Certificate: l.certificate("root"), CRLs: []string{l.list("root", "revoked")}}
	again := l.again("again", "root")
	for name, authorities := range map[string][]eport.Authority{
		"before": {again, root}, "after": {root, again}, "alone": {root},
	} {
		v := l.verifier(eport.NewTrust(eport.DefaultPolicy(), authorities))
		t.Log(name)
		l.refuses(v, "revoked", l.sign("revoked", challenge), realname.CodeCardRevoked)
		l.accepts(v, "card", l.sign("card", challenge), eport.RSASHA256)
	}
}

// An authority that restricts its extended usages can issue cards only within
// them.
func TestAnAuthorityIssuesCardsOnlyWithinItsUsages(t *testing.T) {
	usages := func(list string) string { return "extendedKeyUsage=" + list + "\n" }
	for name, c := range map[string]struct {
		root, middle, card string
		code               realname.Code
	}{
		"none restricted":            {"", "", "", ""},
		"server authority":           {"", usages("serverAuth"), "", realname.CodeCardIssuerUnknown},
		"server anchor":              {usages("serverAuth"), "", "", realname.CodeCardIssuerUnknown},
		"server authority, any card": {"", usages("serverAuth"), usages("clientAuth"), realname.CodeCardIssuerUnknown},
		"client authority":           {"", usages("clientAuth"), usages("clientAuth"), ""},
		"client and server": {
			usages("anyExtendedKeyUsage"), usages("serverAuth,clientAuth"), usages("clientAuth"), "",
		},
		"nothing in common": {usages("clientAuth"), usages("emailProtection"), "", realname.CodeCardIssuerUnknown},
		"card for servers":  {"", usages("clientAuth"), usages("serverAuth"), realname.CodeCardUsageWrong},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.issue("root", "sm2", "/C=CN/CN=Root", authority+c.root, "")
			l.issue("middle", "sm2", "/C=CN/CN=Middle", authority+c.middle, "root")
			l.issue("card", "sm2", subject, signing+c.card, "middle")
			l.list("root")
			l.list("middle")
			l.refuses(l.verifier(l.trust(eport.DefaultPolicy(), "root", "middle")), "card", l.sign("card", challenge), c.code)
		})
	}
}
