package web

import (
	"path"
	"strings"
)

// ContentSecurityPolicy limits the pages to their own origin, without inline
// scripts or styles. In addition, they may connect to the E-Port client control on
// this computer, which has one address for http pages and one for https pages, and
// submit a form to the given origins: those of the banks.
//
// Browsers with Trusted Types turn text into markup or scripts only by a policy of this
// name. Vue makes the policy "vue" for the fixed markup of its templates.
func ContentSecurityPolicy(formTargets ...string) string {
	return "default-src 'none'; script-src 'self'; " +
		"style-src 'self'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self' ws://127.0.0.1:61232 wss://wss.singlewindow.cn:61231; " +
		strings.Join(append([]string{formAction}, formTargets...), " ") + "; " +
		"base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'; " +
		"require-trusted-types-for 'script'; trusted-types vue"
}

const formAction = "form-action 'self'"

// FormTargets returns the origins, other than the page's own, that a policy allows as
// targets of forms.
func FormTargets(policy string) []string {
	for directive := range strings.SplitSeq(policy, "; ") {
		if targets, ok := strings.CutPrefix(directive, formAction); ok {
			return strings.Fields(targets)
		}
	}
	return nil
}

// Header is one header line.
type Header struct{ Name, Value string }

// SecurityHeaders go with every page and file. A page may submit forms to the targets.
func SecurityHeaders(formTargets ...string) []Header {
	return []Header{
		{"Content-Security-Policy", ContentSecurityPolicy(formTargets...)},
		{"X-Content-Type-Options", "nosniff"},
		{"X-Frame-Options", "DENY"}, // for browsers that do not know frame-ancestors
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"},
	}
}

// TransportSecurity makes browsers use TLS only (RFC 6797). It goes with pages that
// they got over TLS.
var TransportSecurity = Header{"Strict-Transport-Security", "max-age=31536000; includeSubDomains"}

// Cache-Control of a file. Names under /assets/ contain a hash of the content, so
// those files never change. Browsers revalidate all others each time.
const (
	CacheForever  = "public, max-age=31536000, immutable"
	CacheValidate = "no-cache"
)

// CacheControl returns the Cache-Control of the file at a path.
func CacheControl(urlPath string) string {
	if strings.HasPrefix(urlPath, "/assets/") {
		return CacheForever
	}
	return CacheValidate
}

// IsPage reports whether a path names a page of the wizard, not a file. A page has
// no extension. All pages are index.html.
func IsPage(urlPath string) bool {
	return path.Ext(urlPath) == "" && !strings.HasPrefix(urlPath, "/assets/")
}
