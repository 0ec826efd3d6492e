// Package accounts runs the use cases of the account information page (R2):
// changes of the account and its enterprise, operators, activation, the password
// reset, and erasure.
//
// A change that a live session rests on ends that session through
// shared/verification.
package accounts
