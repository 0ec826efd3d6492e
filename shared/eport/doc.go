// Package eport judges what a China E-Port IC card answers: the signature over
// our challenge, the chain to a configured root, validity, usage, the enterprise
// in the subject, and revocation. RSA and SM2 certificates may stand in one
// chain; the cryptography is crypto/rsa's and emmansun/gmsm's.
package eport
