package login

import (
	"net/http"
	"regexp"
	"sync"

	"realname/shared/realname"
)

// deviceCookie holds the secret of the browser. Only a sign-in reads it, and it is worth
// nothing without the password. Browsers accept it over https, and over plain http
// from this computer itself if they count that as secure, as Chromium does.
const deviceCookie = "__Host-realname-device"

// secretForm is the form of auth.NewSecret. It is compiled at its first use, not at each
// start of the function.
var secretForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_-]{27}$`) })

// deviceSecret returns the secret that the browser got at an earlier sign-in, or "".
func deviceSecret(r *http.Request) string {
	c, err := r.Cookie(deviceCookie)
	if err != nil || !secretForm().MatchString(c.Value) {
		return ""
	}
	return c.Value
}

// keepDevice lets the browser keep the secret.
func keepDevice(w http.ResponseWriter, secret string) {
	http.SetCookie(w, &http.Cookie{
		Name: deviceCookie, Value: secret, Path: "/", MaxAge: int(realname.DeviceLife.Seconds()),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	})
}
