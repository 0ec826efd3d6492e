// Package e2e tests a running realname as a black box. REALNAME_URL names the
// service. Without it, the suite starts the embedded default from REALNAME_BIN,
// or builds it first. A stack elsewhere needs the accounts of package world.
package e2e
