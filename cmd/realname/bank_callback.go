package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"realname/api"
	banksandbox "realname/local/sandbox/bank"
	"realname/shared/bank"
	"realname/shared/realname"
)

//nolint:lll // kong reads the help from the tags
type bankCallback struct {
	connection
	output
	Code      string        `arg:"" help:"The bank's code."`
	Request   string        `required:"" placeholder:"ID" help:"The request's ID: requestId of the handover."`
	To        string        `placeholder:"URL" help:"Address of the service. Defaults to --url."`
	Key       string        `type:"existingfile" placeholder:"FILE" help:"The bank's private key. Defaults to the sandbox bank's."`
	Serial    string        `placeholder:"TEXT" help:"Serial of the key."`
	Result    string        `enum:"PASS,FAIL" default:"PASS" help:"PASS or FAIL."`
	Reason    string        `placeholder:"CODE" help:"With FAIL, a reason from docs/bank-integration.md."`
	Name      string        `placeholder:"TEXT" help:"The enterprise's name. With --url, defaults to the session's."`
	USCC      string        `name:"uscc" placeholder:"CODE" help:"Its unified social credit code."`
	OrgCode   string        `placeholder:"CODE" help:"Its organization code."`
	Nonce     string        `placeholder:"TEXT" help:"The nonce. Defaults to a new one."`
	ClockSkew time.Duration `placeholder:"5m" help:"How far to shift the timestamp."`
}

// callbackAnswer is the service's answer as received.
type callbackAnswer struct {
	Status int    `json:"status"`
	Body   string `json:"body"`
}

// Run sends one signed callback and prints the service's answer. It fails if the
// service does not accept the callback.
func (c *bankCallback) Run(ctx context.Context) error {
	if c.To == "" {
		c.To = c.URL
	}
	if c.To == "" {
		return errors.New("no service is given: set --to or --url")
	}
	if err := c.lookUp(ctx); err != nil {
		return err
	}
	body, err := json.Marshal(api.BankCallback{
		RequestId: c.Request, Result: api.BankCallbackResult(c.Result), Reason: &c.Reason,
		CompletedAt: time.Now().Format(time.RFC3339),
		Enterprise:  api.CallbackEnterprise{Name: c.Name, Uscc: c.USCC, OrgCode: c.OrgCode},
	})
	if err != nil {
		return err
	}
	headers, err := c.signed(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.To+"/v1/bank-callbacks/"+c.Code, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = headers
	r.Header.Set("Content-Type", "application/json")
	answer, err := (&http.Client{Timeout: 30 * time.Second}).Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end
	text, err := io.ReadAll(io.LimitReader(answer.Body, 64*1024))
	if err != nil {
		return err
	}
	value := callbackAnswer{Status: answer.StatusCode, Body: string(text)}
	if err := c.print(os.Stdout, value, func(w io.Writer) { say(w, "%s\n%s", answer.Status, text) }); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("callback: want status 200, got %d", answer.StatusCode)
	}
	return nil
}

// lookUp fills in the missing facts of the enterprise from the session that the
// request belongs to.
func (c *bankCallback) lookUp(ctx context.Context) error {
	if c.Name != "" && c.USCC != "" && c.OrgCode != "" {
		return nil
	}
	if c.running() == nil {
		return errors.New("no enterprise is given: set --name, --uscc and --org-code, or --url or --state to look it up")
	}
	sessionID, ok := realname.SessionOfBankRequest(c.Request)
	if !ok {
		return fmt.Errorf("--request %q: want the requestId of a handover", c.Request)
	}
	s, err := c.open(ctx)
	if err != nil {
		return err
	}
	view, err := s.Store.LoadSession(ctx, realname.SessionQuery{SessionID: sessionID})
	if err != nil {
		return err
	}
	e := view.Session.Enterprise
	for field, value := range map[*string]string{&c.Name: e.Name, &c.USCC: e.USCC, &c.OrgCode: e.OrgCode()} {
		if *field == "" {
			*field = value
		}
	}
	return nil
}

func (c *bankCallback) signed(body []byte) (http.Header, error) {
	at, nonce := time.Now().Add(c.ClockSkew), c.Nonce
	if nonce == "" {
		nonce = rand.Text()
	}
	if c.Key == "" {
		return banksandbox.Sign(c.Code, at, nonce, body)
	}
	text, err := os.ReadFile(c.Key)
	if err != nil {
		return nil, err
	}
	for _, a := range []bank.Algorithm{bank.RSASHA256, bank.SM2SM3} {
		private, perr := bank.ParsePrivate(string(text), a)
		if perr == nil {
			return bank.SignCallback(bank.Key{Serial: c.Serial, Algorithm: a}, private, at, nonce, body)
		}
		err = errors.Join(err, fmt.Errorf("%s: as %s: %w", c.Key, a, perr))
	}
	return nil, err
}
