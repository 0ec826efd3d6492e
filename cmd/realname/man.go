package main

import (
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

type man struct{}

// Run prints the manual page: realname man | man -l -
func (man) Run(k *kong.Kong) error {
	page := mangokong.NewManPage(1, k.Model)
	text := page.Build(roff.NewDocument())
	// The library begins a command's list of options without its first .TP, and the
	// first option would stand beside its own explanation.
	text = strings.ReplaceAll(text, ".RS 4\n\\fB--", ".RS 4\n.TP\n\\fB--")
	_, err := io.WriteString(os.Stdout, text)
	return err
}
