// Package realname is the domain of enterprise real-name authentication
// (企业实名认证): accounts, enterprises, the two aspects that are verified, the
// sessions that verify them, and every rule over them. It does no I/O. What it
// needs from outside it names as ports (ports.go, checks.go).
//
// The way to read it: method.go says which steps a method has, session.go what
// a session is, transition.go what may happen to it. How one answered step walks
// from the caller to the store and the workflow is in shared/verification/submit.go.
package realname
