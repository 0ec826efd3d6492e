// Package tokens connects a function to the key of its tokens in KMS.
package tokens

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/kms"

	"realname/shared/auth"
	"realname/shared/auth/kmssigner"
	"realname/shared/wiring"
)

// Signer returns the token key in KMS.
func Signer(p wiring.Ports) *kmssigner.Signer {
	return kmssigner.New(sync.OnceValue(func() *kms.Client { return kms.NewFromConfig(p.AWS()) }), p.Config.TokenKeyARN)
}

// Issuer returns the token issuer.
func Issuer(p wiring.Ports) *auth.Issuer {
	return &auth.Issuer{Signer: Signer(p), Name: p.Config.Issuer, Audience: p.Config.Stage, TTL: p.Config.TokenTTL, Now: p.Now, NewID: wiring.NewID}
}

// Verifier returns the token verifier.
func Verifier(p wiring.Ports) *auth.Verifier {
	return &auth.Verifier{Keys: Signer(p).PublicKeys, Name: p.Config.Issuer, Audience: p.Config.Stage, Now: p.Now}
}
