// Package bank is the protocol between this service and the banks that verify
// an enterprise by its UKey: keys and signatures, the signed hand-over of the
// browser to the bank, and the bank's signed callback. docs/bank-integration.md
// is its contract with the banks.
package bank
