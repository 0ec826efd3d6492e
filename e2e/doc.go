// Package e2e tests a running realname as a black box. REALNAME_URL names it;
// without it the suite starts the embedded default by itself, from REALNAME_BIN
// or built on the spot. A stack elsewhere needs the accounts of package world.
package e2e
