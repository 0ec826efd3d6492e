// Package idcode validates China's national identifiers: their formats, check
// characters and dates. It is pure: today is a parameter.
//
// Validators expect normalized input (normalize.go). They return nil or an *Error,
// which names the broken rule and never holds the value. Validating a valid code
// allocates no memory.
package idcode
