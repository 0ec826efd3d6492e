// Package eport verifies the answer of a China E-Port IC card: the signature over
// our challenge, the chain to a configured root, validity, usage, the enterprise
// in the subject, and revocation. A chain may mix RSA and SM2 certificates. The
// cryptography comes from crypto/rsa and emmansun/gmsm.
package eport
