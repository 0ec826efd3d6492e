package main

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestCoverageNamesWhatWasNotServed(t *testing.T) {
	c, err := newCoverage()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/v1/sessions/01a2", 200},
		{"GET", "/v1/bank-returns/CCB", 303},
		{"POST", "/v1/login", 401},
		{"GET", "/v1/nothing", 200},
	} {
		answer := &http.Response{
			StatusCode: a.status, Request: httptest.NewRequest(a.method, "https://gateway.example:4566"+a.path, nil),
		}
		if err := c.note(answer); err != nil {
			t.Fatal(err)
		}
	}
	missing := c.missing()
	if missing == nil {
		t.Fatal("nothing is missing")
	}
	left := strings.Split(missing.Error(), "\n")[1:]
	for operation, want := range map[string]bool{
		"GET /v1/sessions/{id}": false, "GET /v1/bank-returns/{bank}": false, "POST /v1/login": true,
		"DELETE /v1/sessions/{id}": true,
	} {
		if found := slices.Contains(left, operation); found != want {
			t.Errorf("%s is missing: %v, want %v", operation, found, want)
		}
	}
}
