package web

import (
	"encoding/json"
	"io/fs"
	"os"
	"regexp"
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
	for _, entry := range []string{"qualifications", "seals", "importClient"} {
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
