package main

import (
	"crypto"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	banksandbox "realname/local/sandbox/bank"
	"realname/shared/bank"
	"realname/shared/realname"
)

// banks are the commands for the banks of the UKey method
// (docs/bank-integration.md).
type banks struct {
	Keygen       bankKeygen   `cmd:"" help:"Generate a key pair in two files."`
	Add          bankAdd      `cmd:"" help:"Add a bank with its first key, or change a bank."`
	List         bankList     `cmd:"" help:"List the banks, their keys, and when each key expires."`
	Rotate       bankRotate   `cmd:"" help:"Replace the bank's key or ours without interrupting sessions."`
	Retire       bankRetire   `cmd:"" help:"Revoke a key at once, or remove a bank from the page of banks."`
	Refusals     bankRefusals `cmd:"" help:"Count a bank's refused callbacks by reason."`
	TestCallback bankCallback `cmd:"" help:"Send a callback in a bank's place, to test its key or the sandbox."`
}

// keyTimes are the flags for the validity period of a new key.
type keyTimes struct {
	NotBefore time.Time     `placeholder:"RFC3339" help:"Start of the key's validity. Defaults to now."`
	NotAfter  time.Time     `placeholder:"RFC3339" help:"End of the key's validity. Defaults to --life after its start."`
	Life      time.Duration `default:"17520h" help:"How long the key is valid without --not-after (17520h is two years)."`
}

func (k keyTimes) of(now time.Time) (from, until time.Time) {
	if from = k.NotBefore; from.IsZero() {
		from = now.UTC().Truncate(time.Second)
	}
	if until = k.NotAfter; until.IsZero() {
		until = from.Add(k.Life)
	}
	return from, until
}

// publicKey reads a public key from a file and determines its algorithm.
func publicKey(file string) (text string, a bank.Algorithm, err error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", "", err
	}
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		public, perr := bank.Key{PublicKey: string(raw), Algorithm: a}.Public()
		if perr == nil {
			text, err := bank.PublicPEM(public)
			return text, a, err
		}
		err = errors.Join(err, fmt.Errorf("%s: as %s: %w", file, a, perr))
	}
	return "", "", err
}

// fingerprint is the SHA-256 of a public key's DER. Both sides compare it by telephone.
func fingerprint(publicPEM string) string {
	block, _ := pem.Decode([]byte(publicPEM))
	if block == nil {
		return "-"
	}
	sum := sha256.Sum256(block.Bytes)
	var pairs []string
	for i := range 16 {
		pairs = append(pairs, hex.EncodeToString(sum[2*i:2*i+2]))
	}
	return strings.Join(pairs, ":")
}

// ownKeyFlags are the flags for a new key of ours.
type ownKeyFlags struct {
	OwnSerial string `placeholder:"TEXT" help:"Serial of our new key. Defaults to RN-CODE-date."`
	Algorithm string `enum:"RSA-SHA256,SM2-SM3," default:"" help:"Algorithm of our new key. Defaults to the bank's."`
}

// generate makes a new key of ours for the bank. RSA takes a few seconds.
func (f ownKeyFlags) generate(b bank.Bank) (bank.Algorithm, crypto.Signer, error) {
	algorithm := bank.Algorithm(f.Algorithm)
	if algorithm == "" {
		algorithm = bank.SM2SM3
		if n := len(b.Keys); n > 0 {
			algorithm = b.Keys[n-1].Algorithm
		}
	}
	private, err := algorithm.GenerateKey(3072)
	return algorithm, private, err
}

// add seals a generated key of ours and adds it to the bank.
func (f ownKeyFlags) add(
	b *bank.Bank, seal realname.Sealer, algorithm bank.Algorithm, private crypto.Signer, from, until time.Time,
) error {
	serial := f.OwnSerial
	if serial == "" {
		serial = "RN-" + b.Code + "-" + from.Format("20060102")
	}
	own, err := bank.SealOwnKey(seal, b.Code,
		bank.Key{Serial: serial, Algorithm: algorithm, NotBefore: from, NotAfter: until}, private)
	if err != nil {
		return err
	}
	b.OwnKeys = append(slices.Clip(b.OwnKeys), own)
	return nil
}

// bankKey reads a bank's public key. Except on an embedded default, it refuses
// keys whose private part is published.
func (c connection) bankKey(file, serial string) (bank.Key, error) {
	text, algorithm, err := publicKey(file)
	if err != nil {
		return bank.Key{}, err
	}
	if c.URL == "" && banksandbox.Published(text) {
		return bank.Key{}, fmt.Errorf("%s: this test key of docs/bank-integration.md has a published private key: "+
			"ask the bank for its own", file)
	}
	return bank.Key{Serial: serial, Algorithm: algorithm, PublicKey: text}, nil
}
