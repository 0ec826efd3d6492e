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
	Keygen       bankKeygen   `cmd:"" help:"Make a key pair in two files."`
	Add          bankAdd      `cmd:"" help:"Add a bank with its first key, or change it."`
	List         bankList     `cmd:"" help:"List the banks with their keys, and when each key ends."`
	Rotate       bankRotate   `cmd:"" help:"Replace the bank's key, or ours, while sessions run."`
	Retire       bankRetire   `cmd:"" help:"End a key at once, or take a bank off the page of choice."`
	Refusals     bankRefusals `cmd:"" help:"Show how many callbacks of a bank were refused, and why."`
	TestCallback bankCallback `cmd:"" help:"Call back in a bank's place, to try its key or a way through the sandbox."`
}

// keyTimes are when a new key counts.
type keyTimes struct {
	NotBefore time.Time     `placeholder:"RFC3339" help:"When the key begins to count; now without it."`
	NotAfter  time.Time     `placeholder:"RFC3339" help:"When the key ends; without it, --life after its beginning."`
	Life      time.Duration `default:"17520h" help:"How long the key counts without --not-after (17520h is two years)."`
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

// publicKey reads a public key's file and tells which algorithm it is for.
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

// fingerprint is the SHA-256 of a public key's DER, to be compared by telephone.
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

// ownKeyFlags describe a new key of ours.
type ownKeyFlags struct {
	OwnSerial string `placeholder:"TEXT" help:"Serial of our new key; RN-CODE-date without it."`
	Algorithm string `enum:"RSA-SHA256,SM2-SM3," default:"" help:"Algorithm of our new key; that of the bank's without it."`
}

// generate makes a new key of ours for the bank, which takes a while with RSA.
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

// add gives the bank the key of ours that was made.
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

// bankKey reads a bank's public key. It refuses keys whose private part everybody
// has, but on an embedded default.
func (c connection) bankKey(file, serial string) (bank.Key, error) {
	text, algorithm, err := publicKey(file)
	if err != nil {
		return bank.Key{}, err
	}
	if c.URL == "" && banksandbox.Published(text) {
		return bank.Key{}, errors.New("this is a test key of docs/bank-integration.md, whose private part is public: it cannot stand for a bank here")
	}
	return bank.Key{Serial: serial, Algorithm: algorithm, PublicKey: text}, nil
}
