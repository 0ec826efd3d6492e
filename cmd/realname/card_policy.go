package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"realname/shared/eport"
	"realname/shared/store"
)

//nolint:lll // kong reads the help from the tags
type cardPolicy struct {
	connection
	output
	SHA1       string   `name:"sha1" enum:"on,off," default:"" help:"Accept RSA-SHA1 signatures over our challenge: on or off."`
	MinRSABits int      `name:"min-rsa-bits" placeholder:"BITS" help:"Shortest RSA key."`
	Revocation string   `enum:"strict,soft," default:"" help:"If the revocation status of a card is unknown: strict refuses, soft accepts and records it."`
	Attribute  []string `placeholder:"OID=KIND[:PREFIX]" help:"Attribute that names the enterprise; KIND is uscc, org_code or name. The given attributes replace all existing ones."`
	Usage      []string `placeholder:"OID" help:"Extended key usage that a signing certificate may have. The given usages replace all existing ones."`
}

// Run changes the given settings and prints the policy.
func (c *cardPolicy) Run(ctx context.Context) error {
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var after eport.Policy
	change := func(e *store.Setting[eport.Setting]) error {
		after = eport.DefaultPolicy()
		if e.Value.Policy != nil {
			after = *e.Value.Policy
		}
		if err := c.apply(&after); err != nil {
			return err
		}
		e.Value.Policy = &after
		return after.Validate()
	}
	if c.changes() {
		err = store.ChangeSetting(ctx, s.Store, store.CardSettings, eport.PolicySetting, change)
	} else {
		var e store.Setting[eport.Setting]
		if e, _, err = store.LoadSetting[eport.Setting](ctx, s.Store, store.CardSettings, eport.PolicySetting); err == nil {
			err = change(&e)
		}
	}
	if err != nil {
		return err
	}
	return c.print(os.Stdout, after, func(w io.Writer) { printPolicy(w, after) })
}

// printPolicy prints the policy and names each setting by its flag.
func printPolicy(w io.Writer, p eport.Policy) {
	sha1 := "off"
	if p.SHA1 {
		sha1 = "on"
	}
	t := grid(w, "policy", "is")
	t.AppendRows([]table.Row{{"--sha1", sha1}, {"--min-rsa-bits", p.MinRSABits}, {"--revocation", p.Revocation}})
	for _, a := range p.Attributes {
		text := a.OID + "=" + string(a.Kind)
		if a.Prefix != "" {
			text += ":" + a.Prefix
		}
		t.AppendRow(table.Row{"--attribute", text})
	}
	for _, oid := range p.Usages {
		t.AppendRow(table.Row{"--usage", oid})
	}
	t.Render()
}

func (c *cardPolicy) changes() bool {
	return c.SHA1 != "" || c.MinRSABits != 0 || c.Revocation != "" || c.Attribute != nil || c.Usage != nil
}

func (c *cardPolicy) apply(p *eport.Policy) error {
	if c.SHA1 != "" {
		p.SHA1 = c.SHA1 == "on"
	}
	if c.MinRSABits != 0 {
		p.MinRSABits = c.MinRSABits
	}
	if c.Revocation != "" {
		p.Revocation = eport.Revocation(c.Revocation)
	}
	if c.Usage != nil {
		p.Usages = c.Usage
	}
	if c.Attribute != nil {
		p.Attributes = nil
	}
	for _, text := range c.Attribute {
		oid, rest, ok := strings.Cut(text, "=")
		if !ok {
			return fmt.Errorf("--attribute %q: want OID=KIND or OID=KIND:PREFIX", text)
		}
		kind, prefix, _ := strings.Cut(rest, ":")
		p.Attributes = append(p.Attributes, eport.Attribute{OID: oid, Kind: eport.Kind(kind), Prefix: prefix})
	}
	return nil
}
