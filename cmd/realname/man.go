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
	// The library omits .TP before the first option of a command, so that the option
	// and its help would share a line.
	text = strings.ReplaceAll(text, ".RS 4\n\\fB--", ".RS 4\n.TP\n\\fB--")
	_, err := io.WriteString(os.Stdout, text)
	return err
}
