package edge

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"time"
)

// certificateWait is how long the address has to answer.
const certificateWait = 10 * time.Second

// CertificateEnds returns when the certificate of a TLS server ends, also if it is no
// longer valid: the IAM certificate store, which CloudFront uses in China, has no metric
// of it.
func CertificateEnds(ctx context.Context, address string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, certificateWait)
	defer cancel()
	conn, err := new(tls.Dialer).DialContext(ctx, "tcp", address)
	var invalid *tls.CertificateVerificationError
	if errors.As(err, &invalid) && len(invalid.UnverifiedCertificates) > 0 {
		return invalid.UnverifiedCertificates[0].NotAfter, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	defer func() { _ = conn.Close() }() // nothing was sent
	return conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter, nil
}

// AddressOf returns the address of a host with TLS, which may name a port.
func AddressOf(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(host, "443")
}
