// Package verification runs the use cases of a session: start, submit a step, bank
// callback, card, SMS code, repair and finish.
//
// It reads and writes through the ports of shared/realname, whose rules decide
// every transition. Account changes, which can end a session, are in
// shared/accounts.
package verification
