package awsapi

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// sign signs a request with the SDK's signer. Unlike the SDK's clients, it costs nothing at
// start (AWS Signature Version 4, "Create a signed AWS API request").
func sign(r *http.Request, body []byte, c Credentials, region, service string, now time.Time) error {
	sum := sha256.Sum256(body)
	return v4.NewSigner().SignHTTP(r.Context(), aws.Credentials{
		AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey, SessionToken: c.SessionToken,
	}, r, hex.EncodeToString(sum[:]), service, region, now)
}
