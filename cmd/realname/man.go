package main

import (
	"io"
	"os"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

type man struct{}

// Run prints the manual page: realname man | man -l -
func (man) Run(k *kong.Kong) error {
	page := mangokong.NewManPage(1, k.Model)
	_, err := io.WriteString(os.Stdout, page.Build(roff.NewDocument()))
	return err
}
