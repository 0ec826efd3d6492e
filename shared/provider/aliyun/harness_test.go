package aliyun_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	sandbox "realname/local/sandbox/aliyun"
	"realname/local/sandbox/conformance"
	"realname/local/sandbox/trouble"
	"realname/shared/provider/aliyun"
	"realname/shared/provider/credential"
)

var (
	zhao, li                  = conformance.Zhao, conformance.Li
	enterprise, institution   = conformance.Enterprise, conformance.Institution
	idCard, bankCard, message = conformance.IDCard, conformance.BankCard, conformance.Message
)

type harness struct {
	*sandbox.Sim
	client *aliyun.Client
	config aliyun.Config
}

// start runs a simulator with the data of conformance, and a client of it.
func start(t *testing.T, change func(*aliyun.Config, *sandbox.Config)) harness {
	t.Helper()
	sim := sandbox.Config{
		AccessKeyID: "LTAItest", AccessKeySecret: "key of a test", Now: time.Now, Random: func() float64 { return 1 },
		Data: conformance.Data(),
	}
	config := aliyun.Config{
		Now: time.Now, NewID: uuid.NewString,
		Credentials: credential.Fixed(aliyun.Credentials{AccessKeyID: sim.AccessKeyID, AccessKeySecret: sim.AccessKeySecret}),
		SMS:         aliyun.SMSConfig{Sign: "单一窗口", Template: "SMS_1", Parameters: []string{"code", "minutes"}},
	}
	if change != nil {
		change(&config, &sim)
	}
	h := harness{Sim: sandbox.New(sim)}
	config.Endpoint = conformance.Serve(t, h.Sim)
	h.config, h.client = config, aliyun.New(config)
	return h
}

func (h harness) force(t *testing.T, target trouble.Target, response map[string]any) {
	t.Helper()
	if err := h.Force(target, response); err != nil {
		t.Fatal(err)
	}
}
