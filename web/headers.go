package web

import (
	"path"
	"strings"
)

// ContentSecurityPolicy lets the pages use what comes from their own origin,
// and nothing inline. Beyond it they may talk to the E-Port client control of
// this computer, at the two addresses that the control listens on (an http page
// and an https page differ), and hand over to a bank by a form: banks are
// configuration, so any https one is allowed.
const ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self' ws://127.0.0.1:61232 wss://wss.singlewindow.cn:61231; form-action 'self' https:; " +
	"base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// Header is one header line.
type Header struct{ Name, Value string }

// SecurityHeaders go with every page and file.
func SecurityHeaders() []Header {
	return []Header{
		{"Content-Security-Policy", ContentSecurityPolicy},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
	}
}

// Cache-Control of a file: names under /assets/ hold a hash of their content and
// never change; all others are asked for anew each time.
const (
	CacheForever  = "public, max-age=31536000, immutable"
	CacheValidate = "no-cache"
)

// CacheControl returns the Cache-Control of the file that a path is answered with.
func CacheControl(urlPath string) string {
	if strings.HasPrefix(urlPath, "/assets/") {
		return CacheForever
	}
	return CacheValidate
}

// IsPage reports whether a path names a page of the wizard, all of which are
// index.html, rather than a file: a page has no extension.
func IsPage(urlPath string) bool {
	return path.Ext(urlPath) == "" && !strings.HasPrefix(urlPath, "/assets/")
}
