// Package bank is a bank for development and demonstration. It plays the three
// banks of the operating manual, with their UKey pages, and implements the bank's
// side of docs/bank-integration.md. Its keys are published and prove nothing. It is
// not part of any deployed stack.
package bank
