package wiring

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// site reads the address of the service: only scheme and host.
func (r *reader) site(name string) string {
	v := r.getenv(name)
	if v == "" {
		return ""
	}
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != v {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want the form https://host, got %q", name, v))
	}
	return v
}

// link reads an https URL; "" if it is not set.
func (r *reader) link(name string) string {
	v := r.getenv(name)
	if v == "" {
		return ""
	}
	if u, err := url.Parse(v); err != nil || u.Scheme != "https" || u.Host == "" {
		r.err = errors.Join(r.err, fmt.Errorf("%s: want an https URL, got %q", name, v))
	}
	return v
}

// page reads a path of this site or an https URL; "none" means no page.
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
	r.err = errors.Join(r.err, fmt.Errorf(
		"%s: want a path of this site, an https URL without a query, or none, got %q", name, v))
	return v
}
