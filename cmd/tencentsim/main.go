// Command tencentsim serves the simulator of Tencent Cloud's APIs, for stacks in
// a local emulator and for manual tests of the adapter.
package main

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"realname/local/data"
	"realname/local/sandbox/tencent"
)

//nolint:lll // kong reads the help from the tags
type command struct {
	Addr          string `default:"127.0.0.1:8090" help:"Address to listen on."`
	Data          string `type:"existingdir" placeholder:"DIR" help:"Directory of registry.csv, identities.csv and bank-cards.csv, as for realname serve. Defaults to the demonstration data."`
	SecretID      string `default:"AKIDsimulated" help:"SecretId of the one account."`
	SecretKey     string `default:"simulated" help:"SecretKey of the one account."`
	EncryptionKey string `type:"existingfile" placeholder:"FILE" help:"RSA private key (PEM) for encrypted fields. Without it, they are refused."`
	Rate          int    `default:"20" help:"Requests per second that each API accepts; 0 for no limit."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c command
	k := kong.Parse(&c, kong.Name("tencentsim"),
		kong.Description("Simulator of the Tencent Cloud APIs that realname uses."), kong.UsageOnError())
	k.FatalIfErrorf(c.run(ctx))
}

func (c *command) run(ctx context.Context) error {
	files := data.Demo()
	if c.Data != "" {
		files = os.DirFS(c.Data)
	}
	set, err := data.Read(files, time.Now())
	if err != nil {
		return err
	}
	key, err := c.privateKey()
	if err != nil {
		return err
	}
	sim := tencent.New(tencent.Config{
		SecretID: c.SecretID, SecretKey: c.SecretKey, EncryptionKey: key, Data: set.Sandbox, Rate: c.Rate, Now: time.Now,
		Random: rand.Float64,
	})
	listener, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close() // open requests need not finish
	}()
	fmt.Printf("tencentsim is ready at http://%s\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func (c *command) privateKey() (*rsa.PrivateKey, error) {
	if c.EncryptionKey == "" {
		return nil, nil
	}
	text, err := os.ReadFile(c.EncryptionKey)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s: want PEM", c.EncryptionKey)
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.EncryptionKey, err)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: want an RSA key, got %T", c.EncryptionKey, key)
	}
	return private, nil
}
