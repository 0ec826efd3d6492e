package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"realname/e2e/world"
)

// A revoked card stays revoked if its authority also has a second certificate
// without revocation lists.
func TestASecondCertificateOfAnAuthorityHidesNoRevocation(t *testing.T) {
	p := only(t)
	d := newDesk(t, p)
	d.root("root")
	d.mustRealname("card", "roots", "add", "root.pem", "--crl", d.list.URL+"/root.crl")
	d.openssl("", "req", "-x509", "-new", "-sha256", "-days", "30", "-key", "root.key", "-subj", "/C=CN/CN=root",
		"-set_serial", "0x77",
		"-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
		"-out", "again.pem")
	d.mustRealname("card", "roots", "add", "again.pem", "--no-crl")
	c := p.clerkOf(t, world.Pass)
	d.card("card", "root", c.who)
	d.openssl("", "ca", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key", "-revoke", "card.pem")
	d.openssl("", "ca", "-gencrl", "-config", "ca.cnf", "-cert", "root.pem", "-keyfile", "root.key", "-out", "root.crl")
	s := c.beginCard()
	eventually(t, func() bool {
		return c.answerCard(s.Id, d.sign("card", c.challenge(s.Id))).problem(t).Code == "card_revoked"
	}, "the card is refused as revoked")
}

// The service refuses cards from an authority that may issue only server
// certificates.
func TestAnAuthorityForServersIssuesNoCards(t *testing.T) {
	p := only(t)
	d := newDesk(t, p)
	d.root("root")
	extensions := "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nextendedKeyUsage=serverAuth\n"
	if err := os.WriteFile(filepath.Join(d.dir, "root.ext"), []byte(extensions), 0o600); err != nil {
		t.Fatal(err)
	}
	d.openssl("", "x509", "-req", "-in", "root.csr", "-key", "root.key", "-sha256", "-days", "30", "-extfile", "root.ext",
		"-out", "root.pem")
	d.mustRealname("card", "roots", "add", "root.pem", "--no-crl")
	d.root("fine")
	d.mustRealname("card", "roots", "add", "fine.pem", "--no-crl")
	answer := func(root string) answer {
		c := p.clerkOf(t, world.Pass)
		d.card("card", root, c.who)
		s := c.beginCard()
		return c.answerCard(s.Id, d.sign("card", c.challenge(s.Id)))
	}
	eventually(t, func() bool { return answer("fine").Status == 200 }, "the authorities count")
	if code := answer("root").problem(t).Code; code != "card_issuer_unknown" {
		t.Errorf("the card is answered %s", code)
	}
}
