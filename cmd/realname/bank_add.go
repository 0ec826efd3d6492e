package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"realname/shared/bank"
	"realname/shared/store"
)

type bankAdd struct {
	connection
	output
	Code        string `arg:"" help:"The bank's code: 2 to 16 capital letters and digits, such as CCB."`
	NameZh      string `placeholder:"TEXT" help:"Full name in Chinese. The names of CCB, ABC and CMBC are built in."`
	NameEn      string `placeholder:"TEXT" help:"Full name in English."`
	ShortNameZh string `placeholder:"TEXT" help:"Short name in Chinese, as in 认证方式：建设银行."`
	ShortNameEn string `placeholder:"TEXT" help:"Short name in English."`
	EntryURL    string `name:"entry-url" placeholder:"URL" help:"The bank's page that receives the handover."`
	Logo        string `placeholder:"PATH" help:"Logo on the page of banks: a path of the site, such as /banks/ccb.svg."`
	Key         string `type:"existingfile" placeholder:"FILE" help:"The bank's public key."`
	Serial      string `placeholder:"TEXT" help:"Serial of the bank's key."`
	ownKeyFlags
	keyTimes
}

// Run adds or changes the bank. It validates all values before it writes, and
// keeps the stored value of every flag that is not given.
func (c *bankAdd) Run(ctx context.Context) error {
	if (c.Key == "") != (c.Serial == "") {
		return errors.New("--key and --serial: give both or neither")
	}
	if c.Logo != "" && !bank.SitePath(c.Logo) {
		return errors.New("--logo: want a path of the site, such as /banks/ccb.svg: the pages show no other site's pictures")
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	var now bank.Bank
	err = store.ChangeSetting(ctx, s.Store, store.BankSettings, c.Code, func(e *store.Setting[bank.Bank]) error {
		if e.Version == 0 {
			e.Value = template(c.Code)
		}
		c.describe(&e.Value)
		if err := c.addKeys(&e.Value, s); err != nil {
			return err
		}
		now = e.Value
		return e.Value.Validate()
	})
	if err != nil {
		return fmt.Errorf("bank %s: %w", c.Code, err)
	}
	own := now.OwnKeys[len(now.OwnKeys)-1]
	value := struct {
		bankLine
		OwnSerial    string `json:"ownSerial"`
		OwnPublicKey string `json:"ownPublicKey"`
	}{bankLineOf(now, s.Now()), own.Serial, own.PublicKey}
	return c.print(os.Stdout, value, func(w io.Writer) {
		say(w, "%s %s takes effect within a minute.", now.Code, now.Name.Chinese)
		if c.Key != "" {
			say(w, "SHA-256 of the bank's key %s: %s", c.Serial, fingerprint(now.Keys[len(now.Keys)-1].PublicKey))
		}
		say(w, "Send the bank our key %s (%s), SHA-256 %s:\n%s", own.Serial, own.Algorithm,
			fingerprint(own.PublicKey), strings.TrimSuffix(own.PublicKey, "\n"))
	})
}

func template(code string) bank.Bank {
	known := bank.Known()
	if i := slices.IndexFunc(known, func(b bank.Bank) bool { return b.Code == code }); i >= 0 {
		return known[i]
	}
	return bank.Bank{Code: code}
}

func (c *bankAdd) describe(b *bank.Bank) {
	for field, value := range map[*string]string{
		&b.Name.Chinese: c.NameZh, &b.Name.English: c.NameEn, &b.ShortName.Chinese: c.ShortNameZh,
		&b.ShortName.English: c.ShortNameEn,
		&b.EntryURL:          c.EntryURL, &b.Logo: c.Logo,
	} {
		if value != "" {
			*field = value
		}
	}
	for field, otherwise := range map[*string]string{
		&b.ShortName.Chinese: b.Name.Chinese, &b.ShortName.English: b.Name.English,
	} {
		if *field == "" {
			*field = otherwise
		}
	}
	b.RetiredAt = time.Time{} // adding a retired bank reopens it
}

func (c *bankAdd) addKeys(b *bank.Bank, s service) error {
	from, until := c.of(s.Now())
	if c.Key != "" {
		key, err := c.bankKey(c.Key, c.Serial)
		if err != nil {
			return err
		}
		key.NotBefore, key.NotAfter = from, until
		b.Keys = append(slices.Clip(b.Keys), key)
	}
	if len(b.OwnKeys) > 0 {
		return nil
	}
	algorithm, private, err := c.generate(*b)
	if err != nil {
		return err
	}
	return c.add(b, s.Sealer, algorithm, private, from, until)
}
