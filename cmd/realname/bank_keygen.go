package main

import (
	"fmt"
	"io"
	"os"

	"realname/shared/bank"
)

//nolint:lll // kong reads the help from the tags
type bankKeygen struct {
	output
	Algorithm string `enum:"RSA-SHA256,SM2-SM3" default:"SM2-SM3" help:"RSA-SHA256 or SM2-SM3."`
	Bits      int    `default:"3072" help:"Size of an RSA key, at least 2048."`
	Out       string `required:"" placeholder:"NAME" help:"Write NAME.key.pem (keep it secret) and NAME.pub.pem (share it)."`
}

// madeKeys names the files of a new key pair.
type madeKeys struct {
	PrivateKeyFile string `json:"privateKeyFile"`
	PublicKeyFile  string `json:"publicKeyFile"`
	Fingerprint    string `json:"fingerprint"` // of the public key
}

// Run generates the key pair. It never overwrites a file.
func (c *bankKeygen) Run() error {
	if c.Bits < 2048 {
		return fmt.Errorf("--bits: want at least 2048, got %d", c.Bits)
	}
	private, err := bank.Algorithm(c.Algorithm).GenerateKey(c.Bits)
	if err != nil {
		return err
	}
	secret, err := bank.PrivatePEM(private)
	if err != nil {
		return err
	}
	public, err := bank.PublicPEM(private.Public())
	if err != nil {
		return err
	}
	if err := writeNew(c.Out+".key.pem", secret, 0o600); err != nil {
		return err
	}
	if err := writeNew(c.Out+".pub.pem", public, 0o644); err != nil {
		return err
	}
	made := madeKeys{
		PrivateKeyFile: c.Out + ".key.pem", PublicKeyFile: c.Out + ".pub.pem", Fingerprint: fingerprint(public),
	}
	return c.print(os.Stdout, made, func(w io.Writer) {
		say(w, "%s  private key: keep it secret", made.PrivateKeyFile)
		say(w, "%s  public key: send it to the other side", made.PublicKeyFile)
		say(w, "SHA-256 of the public key: %s", made.Fingerprint)
	})
}

func writeNew(name, content string, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err := f.WriteString(content); err != nil {
		return err
	}
	return f.Close()
}
