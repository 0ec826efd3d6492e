// Package realname is the domain of enterprise real-name verification
// (企业实名认证): accounts, enterprises, the two aspects, the sessions that verify
// them, and all rules. It does no I/O. It declares its dependencies as ports
// (ports.go, checks.go).
//
// Start reading here: method.go defines the steps of each method, session.go the
// state of a session, and transition.go every change of that state.
// shared/verification/submit.go follows one answered step from the caller to the
// store and the workflow.
package realname
