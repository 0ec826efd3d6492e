package awsapi

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// The signatures are those of the AWS SDK for the same requests.
func TestSignaturesAreThoseOfTheSDK(t *testing.T) {
	at := time.Date(2026, 3, 2, 23, 30, 0, 0, time.FixedZone("", -3600)) // another day in UTC
	for _, c := range []struct {
		service     Service
		region      string
		body, token string
	}{
		{DynamoDB, "eu-west-1", `{"TableName":"t"}`, ""},
		{DynamoDB, "cn-north-1", `{"TableName":"表"}`, "session/token+with=signs"},
		{KMS, "us-east-1", "", "token"},
		{SES, "us-east-1", `{"FromEmailAddress":"a@example.com"}`, "token"},
		{SNS, "ap-southeast-1", "Action=Publish&Message=%E4%B8%AD", ""},
	} {
		client := Client{Config: Config{Region: c.region}, Service: c.service}
		request := func() *http.Request {
			r, err := http.NewRequest(http.MethodPost, client.url(), http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", cmp.Or(c.service.Type, "application/x-www-form-urlencoded"))
			if c.service.Target != "" {
				r.Header.Set("X-Amz-Target", c.service.Target+"Do")
			}
			return r
		}
		own, theirs := request(), request()
		sign(own, []byte(c.body), Credentials{"AKID", "secret/key", c.token}, c.region, c.service.Signs, at)
		sum := sha256.Sum256([]byte(c.body))
		err := v4.NewSigner().SignHTTP(context.Background(), aws.Credentials{
			AccessKeyID: "AKID", SecretAccessKey: "secret/key", SessionToken: c.token,
		}, theirs, hex.EncodeToString(sum[:]), c.service.Signs, c.region, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token"} {
			if got, want := own.Header.Get(name), theirs.Header.Get(name); got != want {
				t.Errorf("%s, %s:\n%s\n%s", c.service.Name, name, got, want)
			}
		}
		if !strings.Contains(own.Header.Get("Authorization"), "/20260303/"+c.region+"/") {
			t.Error(own.Header)
		}
	}
}
