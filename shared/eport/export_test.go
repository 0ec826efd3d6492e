package eport

// ParseScope exports parseScope to its fuzz target.
func ParseScope(der []byte) { _, _ = parseScope(der) } // an unreadable scope returns an error and never crashes
