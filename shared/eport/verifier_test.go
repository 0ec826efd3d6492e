package eport_test

import (
	"encoding/asn1"
	"math/big"
	"slices"
	"testing"
	"time"

	"realname/shared/eport"
	"realname/shared/realname"
)

func TestOpenSSLChainsAndSignaturesVerify(t *testing.T) {
	for _, chain := range []struct{ name, root, middle, card, evidence string }{
		{"SM2 throughout", "sm2", "sm2", "sm2", eport.SM2SM3},
		{"RSA throughout", "rsa", "rsa", "rsa", eport.RSASHA256},
		{"SM2 card under RSA root", "rsa", "sm2", "sm2", eport.SM2SM3},
		{"RSA card under SM2 authorities", "sm2", "sm2", "rsa", eport.RSASHA256},
		{"RSA card under SM2 root by an RSA authority", "sm2", "rsa", "rsa", eport.RSASHA256},
	} {
		t.Run(chain.name, func(t *testing.T) {
			l := newLab(t)
			l.issue("root", chain.root, "/C=CN/CN=Root", authority, "")
			l.issue("middle", chain.middle, "/C=CN/CN=Middle", authority, "root")
			l.issue("card", chain.card, subject, signing, "middle")
			l.list("root")
			l.list("middle")
			v := l.verifier(l.trust(eport.DefaultPolicy(), "root", "middle"))
			l.accepts(v, "card", l.sign("card", challenge), chain.evidence)
		})
	}
}

// simple returns a lab with a root that issues one card of the kind directly.
func simple(t *testing.T, kind, extensions string) *lab {
	l := newLab(t)
	l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
	l.issue("card", kind, subject, extensions, "root")
	l.list("root")
	return l
}

func TestSM2SignatureIsTakenWithoutASN1(t *testing.T) {
	l := simple(t, "sm2", signing)
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	var sig struct{ R, S *big.Int }
	if _, err := asn1.Unmarshal(l.sign("card", challenge), &sig); err != nil {
		t.Fatal(err)
	}
	raw := append(sig.R.FillBytes(make([]byte, 32)), sig.S.FillBytes(make([]byte, 32))...)
	l.accepts(v, "card", raw, eport.SM2SM3)
	raw[40] ^= 1
	l.refuses(v, "card", raw, realname.CodeCardSignatureWrong)
}

func TestSignatureOverAnythingElseIsRefused(t *testing.T) {
	for _, kind := range []string{"sm2", "rsa"} {
		l := simple(t, kind, signing)
		l.issue("other", kind, subject, signing, "root")
		v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
		good := l.sign("card", challenge)
		l.accepts(v, "card", good, map[string]string{"sm2": eport.SM2SM3, "rsa": eport.RSASHA256}[kind])
		for _, sig := range [][]byte{l.sign("card", challenge+"\n"), l.sign("card", "x"), l.sign("other", challenge), nil, {
			0,
		}, good[:len(good)-1], append(slices.Clone(good), 0)} {
			l.refuses(v, "card", sig, realname.CodeCardSignatureWrong)
		}
	}
	l := simple(t, "sm2", signing)
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	l.refuses(v, "card", l.sign("card", challenge, "-sm3", "-sigopt", "distid:8765432187654321"),
		realname.CodeCardSignatureWrong)
}

func TestSHA1CountsOnlyByPolicyAndOnlyOverTheChallenge(t *testing.T) {
	l := simple(t, "rsa", signing)
	sha1 := l.sign("card", challenge, "-sha1")
	policy := eport.DefaultPolicy()
	l.refuses(l.verifier(l.trust(policy, "root")), "card", sha1, realname.CodeCardSHA1)
	policy.SHA1 = true
	v := l.verifier(l.trust(policy, "root"))
	l.accepts(v, "card", sha1, eport.RSASHA1)
	l.accepts(v, "card", l.sign("card", challenge), eport.RSASHA256)
	l.refuses(v, "card", l.sign("card", "x", "-sha1"), realname.CodeCardSignatureWrong)
	l.refuses(v, "card", l.sign("card", challenge, "-md5"), realname.CodeCardSignatureWrong)

	// A certificate with a signature over SHA-1 is refused too.
	l.issue("rsaroot", "rsa", "/C=CN/CN=RSA root", authority, "")
	l.issue("sha1card", "rsa", subject, signing, "rsaroot", "-sha1")
	l.list("rsaroot")
	v = l.verifier(l.trust(policy, "root", "rsaroot"))
	l.refuses(v, "sha1card", l.sign("sha1card", challenge), realname.CodeCardUnsuitable)
	// So is an intermediate authority.
	l.issue("sha1middle", "rsa", "/C=CN/CN=SHA-1 middle", authority, "rsaroot", "-sha1")
	l.issue("below", "rsa", subject, signing, "sha1middle")
	l.list("sha1middle")
	v = l.verifier(l.trust(policy, "rsaroot", "sha1middle"))
	l.refuses(v, "below", l.sign("below", challenge), realname.CodeCardIssuerUnknown)
}

func TestKeysThatProveNothingAreRefused(t *testing.T) {
	l := newLab(t)
	l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
	l.list("root")
	policy := eport.DefaultPolicy()
	v := l.verifier(l.trust(policy, "root"))
	l.issue("short", "rsa1024", subject, signing, "root")
	l.refuses(v, "short", l.sign("short", challenge), realname.CodeCardUnsuitable)
	l.issue("curve", "p256", subject, signing, "root")
	l.refuses(v, "curve", l.sign("curve", challenge), realname.CodeCardUnsuitable)
	policy.MinRSABits = 1024
	l.accepts(l.verifier(l.trust(policy, "root")), "short", l.sign("short", challenge), eport.RSASHA256)
}

func TestValidityIsThatOfTheMoment(t *testing.T) {
	l := simple(t, "sm2", signing)
	c := l.certificate("card")
	sig := l.sign("card", challenge)
	v := l.verifier(l.trust(eport.DefaultPolicy(), "root"))
	for _, moment := range []struct {
		at   time.Time
		code realname.Code
	}{
		{c.NotBefore.Add(-time.Second), realname.CodeCardNotYetValid},
		{c.NotAfter.Add(time.Second), realname.CodeCardExpired},
	} {
		l.now = moment.at
		l.refuses(v, "card", sig, moment.code)
	}
	l.now = c.NotBefore
	l.accepts(v, "card", sig, eport.SM2SM3)
}

func TestUnknownRootIsRefused(t *testing.T) {
	l := simple(t, "sm2", signing)
	l.issue("stranger", "sm2", "/C=CN/CN=Root", authority, "") // the same name
	sig := l.sign("card", challenge)
	for _, trusted := range [][]string{{"stranger"}, nil} {
		l.refuses(l.verifier(l.trust(eport.DefaultPolicy(), trusted...)), "card", sig, realname.CodeCardIssuerUnknown)
	}
	// An intermediate authority in the trust list is not an anchor.
	l.issue("middle", "sm2", "/C=CN/CN=Middle", authority, "root")
	l.issue("under", "sm2", subject, signing, "middle")
	l.list("middle")
	l.refuses(l.verifier(l.trust(eport.DefaultPolicy(), "middle")), "under", l.sign("under", challenge),
		realname.CodeCardIssuerUnknown)
	// A card cannot issue cards.
	l.issue("forged", "sm2", subject, signing, "card")
	l.refuses(l.verifier(l.trust(eport.DefaultPolicy(), "root", "card")), "forged", l.sign("forged", challenge),
		realname.CodeCardIssuerUnknown)
}

func TestOnlySigningCertificatesOfCardsCount(t *testing.T) {
	policy := eport.DefaultPolicy()
	for name, c := range map[string]struct {
		extensions string
		code       realname.Code
	}{
		"encryption certificate": {encryption, realname.CodeCardUsageWrong},
		"authority":              {authority, realname.CodeCardUsageWrong},
		"server certificate":     {signing + "extendedKeyUsage=serverAuth\n", realname.CodeCardUsageWrong},
		"code signing":           {signing + "extendedKeyUsage=codeSigning\n", realname.CodeCardUsageWrong},
		"client certificate":     {signing + "extendedKeyUsage=clientAuth,emailProtection\n", ""},
		"any usage":              {signing + "extendedKeyUsage=anyExtendedKeyUsage\n", ""},
		"usage of our own":       {signing + "extendedKeyUsage=1.2.156.1.1\n", realname.CodeCardUsageWrong},
		"usage not restricted":   {"basicConstraints=critical,CA:FALSE\n", ""},
		"critical unknown":       {signing + "1.2.156.9.9=critical,ASN1:UTF8String:x\n", realname.CodeCardUnsuitable},
	} {
		t.Run(name, func(t *testing.T) {
			l := simple(t, "sm2", c.extensions)
			l.refuses(l.verifier(l.trust(policy, "root")), "card", l.sign("card", challenge), c.code)
		})
	}
	policy.Usages = []string{"1.2.156.1.1", "1.3.6.1.5.5.7.3.3"}
	l := simple(t, "sm2", signing+"extendedKeyUsage=1.2.156.1.1\n")
	l.accepts(l.verifier(l.trust(policy, "root")), "card", l.sign("card", challenge), eport.SM2SM3)
	l = simple(t, "sm2", signing+"extendedKeyUsage=codeSigning\n")
	l.accepts(l.verifier(l.trust(policy, "root")), "card", l.sign("card", challenge), eport.SM2SM3)
}

// A card holder can give his enterprise the name on the card together with
// another company's code. A name that the account entered itself does not prove
// the code.
func TestANameThatTheAccountGaveItselfNeedsACodeBesideIt(t *testing.T) {
	policy := eport.DefaultPolicy()
	policy.Attributes = append(policy.Attributes, eport.Attribute{OID: "2.5.4.10", Kind: eport.KindName})
	for subject, want := range map[string]realname.Code{
		"/CN=x/O=河北安达进出口贸易有限公司":                                           realname.CodeCardUnnamed,
		"/CN=x/O=河北安达进出口贸易有限公司/organizationIdentifier=91130100MA0R01NM09": "",
	} {
		l := newLab(t)
		l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
		l.issue("card", "sm2", subject, signing, "root")
		l.list("root")
		v, sig := l.verifier(l.trust(policy, "root")), l.sign("card", challenge)
		l.refuses(v, "card", sig, "") // as imported
		changed := enterprise
		changed.Changed = true
		result, err := v.CheckCard(t.Context(),
			realname.CardQuery{Certificate: l.der("card.pem"), Challenge: challenge, Signature: sig, Enterprise: changed})
		if err != nil || result.Refusal != want {
			t.Errorf("%s: %+v %v, want %q", subject, result, err, want)
		}
	}
}

func TestEnterpriseIsReadWhereThePolicySays(t *testing.T) {
	at := func(attributes ...eport.Attribute) eport.Policy {
		p := eport.DefaultPolicy()
		if attributes != nil {
			p.Attributes = attributes
		}
		return p
	}
	const unit, serial = "2.5.4.11", "2.5.4.5"
	for name, c := range map[string]struct {
		subject, extension string
		policy             eport.Policy
		code               realname.Code
	}{
		"USCC":                             {subject, "", at(), ""},
		"USCC in full-width small letters": {"/CN=x/organizationIdentifier=91130100ma0r01nm09", "", at(), ""},
		"organization code as an extension": {
			"/CN=x", "1.2.156.10260.4.1.4=ASN1:PRINTABLESTRING:MA0R01NM-0\n", at(), "",
		},
		"another's organization code": {
			subject, "1.2.156.10260.4.1.4=ASN1:PRINTABLESTRING:34801880X\n", at(), realname.CodeCardWrongEnterprise,
		},
		"another's USCC": {
			"/CN=x/organizationIdentifier=9113000034801880XB", "", at(), realname.CodeCardWrongEnterprise,
		},
		"nothing": {"/CN=操作员", "", at(), realname.CodeCardUnnamed},
		"mistyped": {
			"/CN=x/organizationIdentifier=91130100MA0R01NM19", "", at(), realname.CodeCardUnnamed,
		},
		"one of several units": {
			"/CN=x/OU=石家庄海关/OU=91130100MA0R01NM09", "", at(eport.Attribute{OID: unit, Kind: eport.KindUSCC}), "",
		},
		"two codes that differ": {
			"/CN=x/OU=9113000034801880XB/OU=91130100MA0R01NM09", "", at(eport.Attribute{OID: unit, Kind: eport.KindUSCC}),
			realname.CodeCardWrongEnterprise,
		},
		"with a prefix": {
			"/CN=x/organizationIdentifier=NTRCN-91130100MA0R01NM09", "",
			at(eport.Attribute{OID: "2.5.4.97", Kind: eport.KindUSCC, Prefix: "NTRCN-"}), "",
		},
		"without the prefix": {
			subject, "", at(eport.Attribute{OID: "2.5.4.97", Kind: eport.KindUSCC, Prefix: "NTRCN-"}), realname.CodeCardUnnamed,
		},
		"organization code in the serial number": {
			"/CN=x/serialNumber=MA0R01NM-0", "", at(eport.Attribute{OID: serial, Kind: eport.KindOrgCode}), "",
		},
		"name": {
			"/CN=x/O=河北安达进出口贸易有限公司", "", at(eport.Attribute{OID: "2.5.4.10", Kind: eport.KindName}), "",
		},
		"name in other forms of characters": {
			"/CN=x/O=河北安达进出⼝贸易有限公司", "", at(eport.Attribute{OID: "2.5.4.10", Kind: eport.KindName}), "",
		},
		"another's name": {"/CN=x/O=河北安康进出口贸易有限公司", "", at(eport.Attribute{
			OID: "2.5.4.10", Kind: eport.KindName,
		}), realname.CodeCardWrongEnterprise},
		"code right, name another's": {
			"/CN=x/O=河北安康进出口贸易有限公司/organizationIdentifier=91130100MA0R01NM09", "",
			at(eport.Attribute{OID: "2.5.4.97", Kind: eport.KindUSCC}, eport.Attribute{OID: "2.5.4.10", Kind: eport.KindName}),
			realname.CodeCardWrongEnterprise,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.issue("root", "sm2", "/C=CN/CN=Root", authority, "")
			l.issue("card", "sm2", c.subject, signing+c.extension, "root")
			l.list("root")
			l.refuses(l.verifier(l.trust(c.policy, "root")), "card", l.sign("card", challenge), c.code)
		})
	}
}
