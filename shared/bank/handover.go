package bank

import (
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"realname/shared/idcode"
	"realname/shared/realname"
)

// The fields of a hand-over.
const (
	FieldRequestID      = "requestId"
	FieldEnterpriseName = "enterpriseName"
	FieldUSCC           = "uscc"
	FieldOrgCode        = "orgCode"
	FieldReturnURL      = "returnUrl"
	FieldTimestamp      = "timestamp"
	FieldNonce          = "nonce"
	FieldSerial         = "serial"
	FieldSignatureType  = "signatureType"
	FieldSignature      = "signature"
)

// Handover is a form that the browser posts to a bank.
type Handover struct {
	URL    string
	Method string
	Fields map[string]string
}

// ErrNoKey means that this service has no live key for a bank.
var ErrNoKey = errors.New("bank: this service has no live signing key; add one")

// Hander signs hand-overs.
type Hander struct {
	Sealer   realname.Sealer
	Now      func() time.Time
	NewNonce func() string // up to 32 letters and digits
	Random   io.Reader
}

// HandOver makes the form that takes the browser to the bank with the request.
// The site is the address at which browsers and banks reach this service, without
// a path.
// Errors: ErrNoKey, or the reason why the key cannot sign.
func (h Hander) HandOver(site string, b Bank, r realname.BankRequest, e realname.SessionEnterprise) (Handover, error) {
	key, err := b.signingKey(h.Now())
	if err != nil {
		return Handover{}, err
	}
	private, err := h.open(b, key)
	if err != nil {
		return Handover{}, err
	}
	address := b.EntryURL
	if SitePath(address) {
		address = site + address
	}
	target, err := url.Parse(address)
	if err != nil {
		return Handover{}, fmt.Errorf("entry URL of %s: %w", b.Code, err)
	}
	fields := map[string]string{
		FieldRequestID: r.ID, FieldEnterpriseName: idcode.Spellings(e.Name)[0], FieldUSCC: e.USCC, FieldOrgCode: e.OrgCode(),
		FieldReturnURL: site + "/v1/bank-returns/" + b.Code + "?" + FieldRequestID + "=" + url.QueryEscape(r.ID),
		FieldTimestamp: strconv.FormatInt(h.Now().Unix(), 10), FieldNonce: h.NewNonce(),
		FieldSerial: key.Serial, FieldSignatureType: string(key.Algorithm),
	}
	message := RequestMessage("POST", target, fields[FieldTimestamp], fields[FieldNonce], FormBody(fields))
	signature, err := key.Algorithm.Sign(h.Random, private, message)
	if err != nil {
		return Handover{}, fmt.Errorf("sign the hand-over to %s: %w", b.Code, err)
	}
	fields[FieldSignature] = base64.StdEncoding.EncodeToString(signature)
	return Handover{URL: address, Method: "POST", Fields: fields}, nil
}

// signingKey returns the newest live own key, so a new key takes over from its
// first instant.
func (b Bank) signingKey(now time.Time) (OwnKey, error) {
	var newest OwnKey
	for _, k := range b.OwnKeys {
		if k.Live(now) && (newest.Serial == "" || k.NotBefore.After(newest.NotBefore)) {
			newest = k
		}
	}
	if newest.Serial == "" {
		return newest, ErrNoKey
	}
	return newest, nil
}

// SealOwnKey returns an own key that holds the sealed private key.
func SealOwnKey(s realname.Sealer, code string, k Key, private crypto.Signer) (OwnKey, error) {
	public, err := PublicPEM(private.Public())
	if err != nil {
		return OwnKey{}, err
	}
	text, err := PrivatePEM(private)
	if err != nil {
		return OwnKey{}, err
	}
	sealed, err := s.Seal([]byte(text), sealedItem(code), sealedField(k.Serial))
	if err != nil {
		return OwnKey{}, err
	}
	k.PublicKey = public
	return OwnKey{Key: k, PrivateKey: sealed}, nil
}

func (h Hander) open(b Bank, k OwnKey) (crypto.Signer, error) {
	text, err := h.Sealer.Open(k.PrivateKey, sealedItem(b.Code), sealedField(k.Serial))
	if err != nil {
		return nil, fmt.Errorf("open the own key of %s: %w", b.Code, err)
	}
	return ParsePrivate(string(text), k.Algorithm)
}

func sealedItem(code string) string { return "config/bank/" + code }

func sealedField(serial string) string { return "privateKey/" + serial }
