package wiring

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// site reads where the service is reached: scheme and host, nothing behind them.
func (r *reader) site(name string) string {
	v := r.getenv(name)
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != v {
		r.err = errors.Join(r.err, fmt.Errorf("%s: %q is not of the form https://host", name, v))
	}
	return v
}

// page reads a page of this site or a URL; "none" is none.
func (r *reader) page(name, otherwise string) string {
	v := r.getenv(name)
	switch {
	case v == "":
		return otherwise
	case v == "none":
		return ""
	case strings.HasPrefix(v, "https://"), strings.HasPrefix(v, "/") && !strings.HasPrefix(v, "//"):
		if u, err := url.Parse(v); err == nil && u.RawQuery == "" && u.Fragment == "" {
			return v
		}
	}
	r.err = errors.Join(r.err, fmt.Errorf("%s: %q is no path of this site, https URL without a query, or none", name, v))
	return v
}
