// Package bank is a bank for development and demonstration: it plays the
// three banks of the operating manual, with the pages that an enterprise goes
// through with its UKey, and speaks the protocol of docs/bank-integration.md
// from the bank's side. It holds keys of its own, which are published and prove
// nothing; no deployed stack has it.
package bank
