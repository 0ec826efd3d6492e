// Package idcode knows China's national identifiers: their formats, check
// characters and dates. It is pure: today comes in as a parameter.
//
// Validators take normalised input (normalize.go) and return nil or an *Error
// that names the broken rule and never holds the value. A valid code costs no
// allocation.
package idcode
