package aliyun_test

import (
	"context"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"

	sandbox "realname/local/sandbox/aliyun"
	"realname/local/sandbox/provider"
	"realname/local/sandbox/trouble"
	"realname/shared/idcode"
	"realname/shared/provider/aliyun"
	"realname/shared/realname"
)

// zhao is a fictional person with an enterprise, an institution and a bank card.
var zhao = realname.Person{Name: "赵安国", IDType: "resident_id", IDNumber: "130105197803121016"}

var (
	enterprise = realname.EnterpriseQuery{
		Name: "河北安达进出口贸易有限公司", USCC: "91130100MA0R01NM09", OrgCode: "MA0R01NM0", LegalRepresentative: zhao,
	}
	institution = realname.EnterpriseQuery{
		Name: "石家庄市（测试）检测中心", USCC: "12130100MA0R01NM0K", OrgCode: "MA0R01NM0", LegalRepresentative: zhao,
	}
	idCard   = realname.IDCardQuery{Person: zhao, ValidFrom: "20160425", ValidTo: "20360425"}
	bankCard = realname.BankCardQuery{Person: zhao, CardNumber: "6222021000001000016", Mobile: "13900001001"}
	message  = realname.SMSMessage{Mobile: "13900001001", Code: "482913", CardTail: "0016", Minutes: 5}
	li       = realname.Person{Name: "李长江", IDType: "resident_id", IDNumber: "11010519491231002X"}
)

type static aliyun.Credentials

func (s static) Get(context.Context, bool) (aliyun.Credentials, error) {
	return aliyun.Credentials(s), nil
}

type harness struct {
	*sandbox.Sim
	client *aliyun.Client
	config aliyun.Config
}

// start runs a simulator with the data above, and a client of it.
func start(t *testing.T, change func(*aliyun.Config, *sandbox.Config)) harness {
	t.Helper()
	row := func(q realname.EnterpriseQuery) provider.Enterprise {
		return provider.Enterprise{
			Name: q.Name, USCC: q.USCC, OrgCode: q.OrgCode, LegalRepresentative: zhao, OperatingStatus: 1, Covered: true,
		}
	}
	sim := sandbox.Config{
		AccessKeyID: "LTAItest", AccessKeySecret: "key of a test", Now: time.Now, Random: func() float64 { return 1 },
		Data: provider.Data{
			Registry: []provider.Enterprise{row(enterprise), row(institution)},
			Identities: []provider.Identity{
				{Name: zhao.Name, IDNumber: zhao.IDNumber, ValidFrom: idCard.ValidFrom, ValidTo: idCard.ValidTo},
				{Name: li.Name, IDNumber: li.IDNumber, ValidFrom: "20160425", ValidTo: idcode.LongTerm},
			},
			Cards: []provider.Card{{Holder: zhao, CardNumber: bankCard.CardNumber, Mobile: bankCard.Mobile}},
		},
	}
	config := aliyun.Config{
		Now: time.Now, NewID: uuid.NewString,
		Credentials: static{AccessKeyID: sim.AccessKeyID, AccessKeySecret: sim.AccessKeySecret},
		SMS:         aliyun.SMSConfig{Sign: "单一窗口", Template: "SMS_1", Parameters: []string{"code", "minutes"}},
	}
	if change != nil {
		change(&config, &sim)
	}
	h := harness{Sim: sandbox.New(sim)}
	server := httptest.NewServer(h.Sim)
	t.Cleanup(server.Close)
	var err error
	if config.Endpoint, err = url.Parse(server.URL); err != nil {
		t.Fatal(err)
	}
	h.config, h.client = config, aliyun.New(config)
	return h
}

func (h harness) force(t *testing.T, target trouble.Target, response map[string]any) {
	t.Helper()
	if err := h.Force(target, response); err != nil {
		t.Fatal(err)
	}
}

// checks asks each check with the data above.
func (h harness) checks(t *testing.T) map[trouble.Target]func() (realname.CheckResult, error) {
	return map[trouble.Target]func() (realname.CheckResult, error){
		trouble.Registry: func() (realname.CheckResult, error) { return h.client.CheckEnterprise(t.Context(), enterprise) },
		trouble.IDCard:   func() (realname.CheckResult, error) { return h.client.CheckIDCard(t.Context(), idCard) },
		trouble.BankCard: func() (realname.CheckResult, error) { return h.client.CheckBankCard(t.Context(), bankCard) },
		trouble.SMS:      func() (realname.CheckResult, error) { return h.client.SendCode(t.Context(), message) },
	}
}
