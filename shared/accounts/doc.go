// Package accounts runs the use cases of the account information page (R2): changes of
// the account and its enterprise, operators, activation, the password reset, and
// erasure.
//
// If a change affects the ground of a live session, it ends that session through
// shared/verification.
package accounts
