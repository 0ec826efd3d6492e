package bank

import (
	"crypto"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// SignCallback returns the headers of a callback, as a bank makes them.
func SignCallback(k Key, private crypto.Signer, at time.Time, nonce string, body []byte) (http.Header, error) {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	signature, err := k.Algorithm.Sign(rand.Reader, private, CallbackMessage(timestamp, nonce, body))
	if err != nil {
		return nil, err
	}
	h := http.Header{}
	h.Set(HeaderTimestamp, timestamp)
	h.Set(HeaderNonce, nonce)
	h.Set(HeaderSerial, k.Serial)
	h.Set(HeaderSignature, base64.StdEncoding.EncodeToString(signature))
	h.Set(HeaderSignatureType, string(k.Algorithm))
	return h, nil
}
