package eport

// ParseScope is parseScope, for its fuzz target.
func ParseScope(der []byte) { _, _ = parseScope(der) } // an unreadable scope is an error, never a crash
