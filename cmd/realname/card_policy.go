package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"realname/shared/eport"
	"realname/shared/store"
)

type cardPolicy struct {
	connection
	SHA1       string   `name:"sha1" enum:"on,off," default:"" help:"Accept RSA-SHA1 signatures over our challenge: on or off."`
	MinRSABits int      `name:"min-rsa-bits" placeholder:"BITS" help:"Shortest RSA key."`
	Revocation string   `enum:"strict,soft," default:"" help:"When nobody can tell whether a card is revoked: strict refuses, soft accepts and notes it."`
	Attribute  []string `placeholder:"OID=KIND[:PREFIX]" help:"Where a certificate names its enterprise; KIND is uscc, org_code or name. All that are given replace all that were."`
	Usage      []string `placeholder:"OID" help:"Extended key usage that a signing certificate may have. All that are given replace all that were."`
}

// Run changes what is given and prints the policy.
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
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(after)
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
