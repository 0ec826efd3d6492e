package main

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// client is an HTTP client that trusts the emulator's certificate.
func (w *workshop) client() *http.Client { return &http.Client{Transport: w.transport()} }

func (w *workshop) transport() *http.Transport {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(w.roots)
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}, MaxIdleConnsPerHost: 256}
}

// aws is the SDK configuration that staff would use.
func (w *workshop) aws() aws.Config {
	return aws.Config{
		Region: awsRegion, BaseEndpoint: &w.endpoint, HTTPClient: w.client(),
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, ""),
	}
}
