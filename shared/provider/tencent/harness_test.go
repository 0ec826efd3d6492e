package tencent_test

import (
	"crypto/rand"
	"crypto/rsa"
	"testing"
	"time"

	"realname/local/sandbox/conformance"
	tencentsandbox "realname/local/sandbox/tencent"
	"realname/shared/provider/credential"
	"realname/shared/provider/tencent"
)

var (
	zhao, enterprise          = conformance.Zhao, conformance.Enterprise
	idCard, bankCard, message = conformance.IDCard, conformance.BankCard, conformance.Message
)

type harness struct {
	*tencentsandbox.Sim
	client *tencent.Client
	config tencent.Config
}

// start runs a simulator with the data of conformance, and a client of it.
func start(t *testing.T, change func(*tencent.Config, *tencentsandbox.Config)) harness {
	t.Helper()
	sim := tencentsandbox.Config{
		SecretID: "AKIDtest", SecretKey: "key of a test", Now: time.Now, Random: func() float64 { return 1 },
		Data: conformance.Data(),
	}
	config := tencent.Config{
		Region: "ap-guangzhou", Now: time.Now,
		Credentials: credential.Fixed(tencent.Credentials{SecretID: sim.SecretID, SecretKey: sim.SecretKey}),
		SMS: tencent.SMSConfig{
			AppID: "1400006666", Sign: "单一窗口", Template: "1110", Parameters: []string{"code", "minutes"},
		},
	}
	if change != nil {
		change(&config, &sim)
	}
	h := harness{Sim: tencentsandbox.New(sim)}
	config.Endpoint = conformance.Serve(t, h.Sim)
	h.config, h.client = config, tencent.New(config)
	return h
}

func (h harness) force(t *testing.T, target tencentsandbox.Target, response map[string]any) {
	t.Helper()
	if err := h.Force(target, response); err != nil {
		t.Fatal(err)
	}
}

// forceError makes the ID-card check return an error code.
func (h harness) forceError(t *testing.T, code, text string) {
	t.Helper()
	h.force(t, tencentsandbox.IDCard, map[string]any{"Error": map[string]any{"Code": code, "Message": text}})
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
