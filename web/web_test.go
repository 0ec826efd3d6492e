package web

import (
	"io/fs"
	"regexp"
	"testing"
)

// inline matches what the policy would refuse: scripts and styles written into
// the page.
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
