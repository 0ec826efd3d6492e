package web

import (
	"encoding/json"
	"html"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// inline matches inline scripts and styles, which the policy blocks.
var inline = regexp.MustCompile(`(?i)<script(?:[^>]*)>[^<]|<style|\sstyle=|\son[a-z]+=`)

func TestTheBuiltPageHoldsNothingInline(t *testing.T) {
	pages, ok := Pages()
	if !ok {
		t.Skip("the pages are not built: make web/dist/index.html")
	}
	index, err := fs.ReadFile(pages, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	if found := inline.Find(index); found != nil {
		t.Errorf("index.html holds %q", found)
	}
}

// policyInPage matches the policy in the built page.
var policyInPage = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]+)">`)

// A script before the policy would run without it.
func TestTheBuiltPageRepeatsThePolicyOfTheHeader(t *testing.T) {
	pages, ok := Pages()
	if !ok {
		t.Skip("the pages are not built: make web/dist/index.html")
	}
	index, err := fs.ReadFile(pages, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	found := policyInPage.FindSubmatchIndex(index)
	if found == nil {
		t.Fatalf("no policy in %s", index)
	}
	if script := strings.Index(string(index), "<script"); script < found[0] {
		t.Error("a script comes before the policy")
	}
	repeated := slices.DeleteFunc(strings.Split(ContentSecurityPolicy(), "; "), func(directive string) bool {
		return strings.HasPrefix(directive, "form-action ") || strings.HasPrefix(directive, "frame-ancestors ")
	})
	if got := html.UnescapeString(string(index[found[2]:found[3]])); got != strings.Join(repeated, "; ") {
		t.Errorf("the page has %s, the header %s", got, ContentSecurityPolicy())
	}
}

func TestTheShippedConfigNamesLinksAndContactsInBothLanguages(t *testing.T) {
	raw, err := os.ReadFile("public/config.json")
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Links    map[string]string
		Contacts []struct {
			Name  map[string]string
			Value string
		}
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	for _, entry := range []string{"qualifications", "seals", "importClient", "control"} {
		if _, ok := c.Links[entry]; !ok {
			t.Errorf("no link for %s", entry)
		}
	}
	for _, contact := range c.Contacts {
		if contact.Name["zh-CN"] == "" || contact.Name["en"] == "" || contact.Value == "" {
			t.Errorf("contact %q is not whole", contact.Value)
		}
	}
}
