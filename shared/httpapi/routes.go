package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Routes serves a function's routes. Each route is a method and a path, as for
// http.ServeMux. A mux is not used here, because it looks up the source line of each
// registration, which is a sixth of what a cold start takes beyond a bare handler's.
func (a API) Routes(handlers map[string]Handler) http.Handler {
	var all routes
	for pattern, h := range handlers {
		method, path, _ := strings.Cut(pattern, " ")
		all = append(all, route{pattern, method, strings.Split(path, "/"), a.Handle(pattern, h)})
	}
	// A name sorts before a parameter in its place.
	slices.SortFunc(all, func(a, b route) int { return slices.Compare(a.segments, b.segments) })
	return all
}

type route struct {
	pattern  string
	method   string
	segments []string
	handler  http.Handler
}

type routes []route

// ServeHTTP answers a request for no route with 404. API Gateway does not send any.
func (rs routes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := strings.Split(r.URL.EscapedPath(), "/")
	for _, of := range rs {
		values, ok := of.match(r.Method, given)
		if !ok {
			continue
		}
		for name, value := range values {
			r.SetPathValue(name, value)
		}
		r.Pattern = of.pattern
		of.handler.ServeHTTP(w, r)
		return
	}
	http.NotFound(w, r)
}

// match returns the values of the parameters of the path.
func (of route) match(method string, given []string) (values map[string]string, ok bool) {
	if method != of.method && (method != http.MethodHead || of.method != http.MethodGet) ||
		len(given) != len(of.segments) {
		return nil, false
	}
	values = map[string]string{}
	for i, segment := range of.segments {
		text, err := url.PathUnescape(given[i])
		name, parameter := strings.CutPrefix(segment, "{")
		switch {
		case err != nil:
			return nil, false
		case parameter && text != "" && given[i] != "." && given[i] != "..":
			values[strings.TrimSuffix(name, "}")] = text
		case text != segment:
			return nil, false
		}
	}
	return values, true
}
