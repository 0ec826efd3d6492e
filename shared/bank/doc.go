// Package bank implements the protocol between this service and the banks that
// verify an enterprise by its UKey: keys and signatures, the signed hand-over of
// the browser to the bank, and the bank's signed callback. The contract with the
// banks is docs/bank-integration.md.
package bank
