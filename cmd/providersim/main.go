// Command providersim serves the simulators of the providers' APIs, each on an address of
// its own, for stacks in a local emulator and for manual tests of the adapters.
package main

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"realname/local/data"
	"realname/local/sandbox/aliyun"
	"realname/local/sandbox/baidu"
	"realname/local/sandbox/provider"
	"realname/local/sandbox/tencent"
)

//nolint:lll // kong reads the help from the tags
type command struct {
	Tencent       string   `default:"127.0.0.1:8090" help:"Address of Tencent Cloud. Empty disables it."`
	Aliyun        string   `default:"127.0.0.1:8091" help:"Address of Alibaba Cloud. Empty disables it."`
	Baidu         string   `default:"127.0.0.1:8092" help:"Address of Baidu AI Cloud. Empty disables it."`
	Data          string   `type:"existingdir" placeholder:"DIR" help:"Directory of registry.csv, identities.csv and bank-cards.csv, as for realname serve. Defaults to the demonstration data."`
	Unknown       []string `placeholder:"PROVIDER:USCC" help:"Enterprise that this provider does not cover. Can be repeated."`
	TencentKey    string   `default:"AKIDsimulated:simulated" placeholder:"ID:KEY" help:"Key of the account at Tencent Cloud."`
	AliyunKey     string   `default:"LTAIsimulated:simulated" placeholder:"ID:KEY" help:"Key of the account at Alibaba Cloud."`
	BaiduKey      string   `default:"simulated:simulated" placeholder:"ID:KEY" help:"Keys of the application at Baidu."`
	EncryptionKey string   `type:"existingfile" placeholder:"FILE" help:"RSA private key (PEM) for encrypted fields of Tencent Cloud. Without it, they are refused."`
	Rate          int      `default:"20" help:"Requests per second that each API accepts; 0 for no limit."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c command
	k := kong.Parse(&c, kong.Name("providersim"),
		kong.Description("Simulators of the providers' APIs that realname uses."), kong.UsageOnError())
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
	var all []simulator
	for _, p := range []struct {
		name, addr, key string
		start           func(id, secret string, d provider.Data) http.Handler
	}{
		{"tencent", c.Tencent, c.TencentKey, func(id, secret string, d provider.Data) http.Handler {
			return tencent.New(tencent.Config{
				SecretID: id, SecretKey: secret, EncryptionKey: key, Data: d, Rate: c.Rate, Now: time.Now, Random: rand.Float64,
			})
		}},
		{"aliyun", c.Aliyun, c.AliyunKey, func(id, secret string, d provider.Data) http.Handler {
			return aliyun.New(aliyun.Config{
				AccessKeyID: id, AccessKeySecret: secret, Data: d, Rate: c.Rate, Now: time.Now, Random: rand.Float64,
			})
		}},
		{"baidu", c.Baidu, c.BaiduKey, func(id, secret string, d provider.Data) http.Handler {
			return baidu.New(baidu.Config{
				APIKey: id, SecretKey: secret, Data: d, Rate: c.Rate, Now: time.Now, Random: rand.Float64,
			})
		}},
	} {
		if p.addr == "" {
			continue
		}
		d, err := c.dataOf(p.name, set.Sandbox)
		if err != nil {
			return err
		}
		id, secret, _ := strings.Cut(p.key, ":")
		all = append(all, simulator{p.name, p.addr, p.start(id, secret, d)})
	}
	return serve(ctx, all)
}

// simulator is one provider and its address.
type simulator struct {
	name, addr string
	handler    http.Handler
}

// serve serves every simulator until one of them fails or the context ends.
func serve(ctx context.Context, all []simulator) error {
	ended := make(chan error, len(all))
	for _, s := range all {
		listener, err := net.Listen("tcp", s.addr)
		if err != nil {
			return err
		}
		server := &http.Server{Handler: s.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second}
		defer func() { _ = server.Close() }() // open requests need not finish
		fmt.Printf("%s is ready: --%s http://%s\n", s.name, s.name, listener.Addr())
		go func() { ended <- server.Serve(listener) }()
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-ended:
		return err
	}
}

// dataOf returns the data without the enterprises that the provider does not cover.
func (c *command) dataOf(name string, d provider.Data) (provider.Data, error) {
	for _, u := range c.Unknown {
		of, uscc, ok := strings.Cut(u, ":")
		if !ok || !slices.Contains([]string{"tencent", "aliyun", "baidu"}, of) {
			return d, fmt.Errorf("--unknown: want PROVIDER:USCC with tencent, aliyun or baidu, got %q", u)
		}
		if of == name {
			d.Registry = slices.DeleteFunc(slices.Clone(d.Registry), func(e provider.Enterprise) bool { return e.USCC == uscc })
		}
	}
	return d, nil
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
