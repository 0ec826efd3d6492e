package tencent_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"realname/local/sandbox/provider"
	tencentsandbox "realname/local/sandbox/tencent"
	"realname/shared/provider/tencent"
	"realname/shared/realname"
)

// zhao is a fictional person with an enterprise and a bank card.
var zhao = realname.Person{Name: "赵安国", IDType: "resident_id", IDNumber: "130105197803121016"}

var (
	enterprise = realname.EnterpriseQuery{
		Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0",
		LegalRepresentative: zhao,
	}
	idCard   = realname.IDCardQuery{Person: zhao, ValidFrom: "20160425", ValidTo: "20360425"}
	bankCard = realname.BankCardQuery{Person: zhao, CardNumber: "6222021000001000016", Mobile: "13900001001"}
	message  = realname.SMSMessage{Mobile: "13900001001", Code: "482913", CardTail: "0016", Minutes: 5}
)

type static tencent.Credentials

func (s static) Get(context.Context, bool) (tencent.Credentials, error) {
	return tencent.Credentials(s), nil
}

type harness struct {
	*tencentsandbox.Sim
	client *tencent.Client
	config tencent.Config
}

// start runs a simulator with the data above, and a client of it.
func start(t *testing.T, change func(*tencent.Config, *tencentsandbox.Config)) harness {
	t.Helper()
	sim := tencentsandbox.Config{
		SecretID: "AKIDtest", SecretKey: "key of a test", Now: time.Now, Random: func() float64 { return 1 },
		Data: provider.Data{
			Registry: []provider.Enterprise{{
				Name: enterprise.Name, USCC: enterprise.USCC, OrgCode: enterprise.OrgCode,
				LegalRepresentative: zhao, OperatingStatus: 1, Covered: true,
			}},
			Identities: []provider.Identity{{
				Name: zhao.Name, IDNumber: zhao.IDNumber, ValidFrom: idCard.ValidFrom, ValidTo: idCard.ValidTo,
			}},
			Cards: []provider.Card{{Holder: zhao, CardNumber: bankCard.CardNumber, Mobile: bankCard.Mobile}},
		},
	}
	config := tencent.Config{
		Region: "ap-guangzhou", Now: time.Now, Credentials: static{SecretID: sim.SecretID, SecretKey: sim.SecretKey},
		SMS: tencent.SMSConfig{
			AppID: "1400006666", Sign: "单一窗口", Template: "1110", Parameters: []string{"code", "minutes"},
		},
	}
	if change != nil {
		change(&config, &sim)
	}
	h := harness{Sim: tencentsandbox.New(sim)}
	server := httptest.NewServer(h.Sim)
	t.Cleanup(server.Close)
	var err error
	if config.Endpoint, err = url.Parse(server.URL); err != nil {
		t.Fatal(err)
	}
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

func (h harness) fault(t *testing.T, target tencentsandbox.Target, mode tencentsandbox.Mode) {
	t.Helper()
	if err := h.Fault(target, mode, 1); err != nil {
		t.Fatal(err)
	}
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
