package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

func (c *clerk) operatorBody(n int, idNumber string) map[string]any {
	return map[string]any{
		"loginName": fmt.Sprintf("%s-op%d", c.who.LoginName, n), "name": "操作员" + chineseDigit(n), "idType": "resident_id",
		"idNumber": idNumber,
	}
}

func chineseDigit(n int) string { return string([]rune("甲乙丙丁戊己庚辛壬癸")[n%10]) }

func (c *clerk) addOperator(n int, idNumber string) api.OperatorAdded {
	c.Helper()
	var out api.OperatorAdded
	a := c.post("/v1/operators", c.operatorBody(n, idNumber))
	if a.Status != http.StatusCreated || json.Unmarshal(a.Body, &out) != nil {
		c.Fatalf("add: %d %s", a.Status, a.Body)
	}
	return out
}

// signIn activates an operator and signs in.
func (c *clerk) signIn(o api.OperatorAdded) *clerk {
	c.Helper()
	w := &clerk{TB: c.TB, at: c.at, who: c.who}
	w.wants(w.post("/v1/login", map[string]any{"loginName": o.Operator.LoginName, "password": o.ActivationCode}),
		403, "activation_required")
	body := map[string]any{
		"loginName": o.Operator.LoginName, "activationCode": o.ActivationCode, "newPassword": newPassword,
	}
	if a := w.post("/v1/activations", body); a.Status != http.StatusNoContent {
		c.Fatalf("activate: %d %s", a.Status, a.Body)
	}
	w.wants(w.post("/v1/activations", body), 422, "activation_code_wrong")
	w.who.LoginName = o.Operator.LoginName
	w.token = w.tokenFor(newPassword)
	return w
}

func (c *clerk) tokenFor(password string) string {
	c.Helper()
	var t api.LoginResponse
	a := c.post("/v1/login", map[string]any{"loginName": c.who.LoginName, "password": password})
	if a.Status != 200 || json.Unmarshal(a.Body, &t) != nil {
		c.Fatalf("login: %d %s", a.Status, a.Body)
	}
	return t.Token
}

func TestAnOperatorSignsInButDoesNotChangeTheEnterprise(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(10))
	if o.Operator.Status != "not_activated" || o.Operator.IdNumber == stranger(10) {
		t.Errorf("%+v", o.Operator)
	}
	op := c.signIn(o)
	v, etag := op.account()
	if v.Role != "operator" || v.Enterprise.Uscc != c.who.USCC || v.Administrator.Name != o.Operator.Name {
		t.Errorf("%+v", v)
	}
	facts := c.factsOfEnterprise()
	facts["currentPassword"] = newPassword
	for what, body := range map[string]map[string]any{
		"enterprise":           facts,
		"legal-representative": {"name": "张三", "idType": "resident_id", "idNumber": stranger(11)},
		"administrator": {
			"name": "张三", "idType": "resident_id", "idNumber": stranger(11), "currentPassword": newPassword,
		},
	} {
		op.wants(op.put("/v1/account/"+what, body, "If-Match", etag), 403, "forbidden")
	}
	op.wants(op.get("/v1/operators"), 403, "forbidden")
	op.wants(op.post("/v1/operators", c.operatorBody(9, stranger(12))), 403, "forbidden")
	op.wants(op.do("DELETE", "/v1/operators/"+o.Operator.Id, nil), 403, "forbidden")
	for _, method := range []string{"legal_representative", "bank_ukey", "ic_card"} {
		op.wants(op.start(method), 403, "forbidden")
	}
	for _, card := range op.methods().Methods {
		if card.Method != "account_holder" && (card.Applicable || card.Reason == nil || *card.Reason != "operators_may_not") {
			t.Errorf("%+v", card)
		}
	}
	if a := op.put("/v1/account/region", map[string]any{"region": "天津"}, "If-Match", etag); a.Status != 200 {
		t.Errorf("own settings: %d %s", a.Status, a.Body)
	}
}

func TestADisabledOperatorIsOutAtOnceAndCanComeBack(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(20))
	op := c.signIn(o)
	path := "/v1/operators/" + o.Operator.Id
	if a := c.do("DELETE", path, nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := c.do("DELETE", path, nil); a.Status != 200 {
		t.Errorf("again: %d %s", a.Status, a.Body)
	}
	op.wants(op.get("/v1/account"), 401, "token_revoked")
	op.token = ""
	op.wants(op.post("/v1/login", map[string]any{"loginName": op.who.LoginName, "password": newPassword}),
		401, "invalid_credentials")
	second := c.addOperator(2, stranger(20)) // the number is free again
	back := map[string]any{"name": "操作员乙", "idType": "resident_id", "idNumber": stranger(20)}
	var list api.OperatorList
	if a := c.get("/v1/operators"); json.Unmarshal(a.Body, &list) != nil || len(list.Operators) != 2 ||
		list.Operators[0].Status != "disabled" {
		t.Fatalf("%s", a.Body)
	}
	etag := fmt.Sprintf(`"%d"`, list.Operators[0].Version)
	c.wants(c.put(path, back, "If-Match", etag), 409, "holder_id_taken")
	c.wants(c.post(path+"/enablements", []byte(nil)), 409, "holder_id_taken")
	op.wants(op.post("/v1/login", map[string]any{"loginName": op.who.LoginName, "password": newPassword}),
		401, "invalid_credentials")
	back["idNumber"] = stranger(21)
	if a := c.put(path, back, "If-Match", etag); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	op.token = op.tokenFor(newPassword)
	c.wants(c.put("/v1/operators/"+second.Operator.Id, map[string]any{
		"name": "操作员丙", "idType": "resident_id", "idNumber": stranger(21),
	}, "If-Match", `"1"`), 409, "holder_id_taken")
	c.wants(c.do("DELETE", "/v1/operators/nobody", nil), 404, "not_found")
	var renewed api.ActivationCode
	if a := c.post(path+"/activation-codes", map[string]any{}); a.Status != 201 ||
		json.Unmarshal(a.Body, &renewed) != nil || renewed.ActivationCode == o.ActivationCode {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	op.wants(op.get("/v1/account"), 401, "token_revoked")
}

func TestFiftyOperatorsWantOneIDNumber(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	outcomes := map[string]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			raw, err := json.Marshal(c.operatorBody(n, stranger(30)))
			if err != nil {
				t.Error(err)
				return
			}
			a, err := c.exchange("POST", "/v1/operators", raw)
			if err != nil {
				t.Error(err)
				return
			}
			var p struct{ Code string }
			_ = json.Unmarshal(a.Body, &p) // the winner's answer has no code
			mu.Lock()
			defer mu.Unlock()
			outcomes[fmt.Sprint(a.Status, p.Code)]++
		})
	}
	wg.Wait()
	if outcomes["201"] != 1 || outcomes["409holder_id_taken"] != 49 {
		t.Errorf("%v", outcomes)
	}
	var list api.OperatorList
	if a := c.get("/v1/operators?limit=100"); json.Unmarshal(a.Body, &list) != nil || len(list.Operators) != 1 {
		t.Errorf("%s", a.Body)
	}
	admin := c.who.Administrator
	c.wants(c.post("/v1/operators", c.operatorBody(60, admin.IDNumber)), 409, "holder_id_taken")
	c.wants(c.changes("administrator", map[string]any{
		"name": admin.Name, "idType": "resident_id", "idNumber": stranger(30), "currentPassword": world.Password,
	}), 409, "holder_id_taken")
}

func TestOperatorsAreListedInPages(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	var want []string
	for n := range 5 {
		want = append(want, c.addOperator(n, stranger(40+n)).Operator.Id)
	}
	var got []string
	for path := "/v1/operators?limit=2"; path != ""; {
		var list api.OperatorList
		if a := c.get(path); json.Unmarshal(a.Body, &list) != nil || len(list.Operators) > 2 {
			t.Fatalf("%s", a.Body)
		}
		for _, o := range list.Operators {
			got = append(got, o.Id)
		}
		path = ""
		if list.Next != nil {
			path = "/v1/operators?limit=2&cursor=" + *list.Next
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	c.wants(c.get("/v1/operators?cursor=nonsense"), 400, "invalid_request")
}

func TestARepeatedAdditionGetsTheSameAnswer(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	body := c.operatorBody(1, stranger(50))
	first := c.post("/v1/operators", body, "Idempotency-Key", "add-1")
	again := c.post("/v1/operators", body, "Idempotency-Key", "add-1")
	if first.Status != 201 || again.Status != 201 || string(first.Body) != string(again.Body) {
		t.Errorf("%d %s\n%d %s", first.Status, first.Body, again.Status, again.Body)
	}
	c.wants(c.post("/v1/operators", c.operatorBody(2, stranger(51)), "Idempotency-Key", "add-1"),
		422, "idempotency_key_reused")
	c.wants(c.post("/v1/operators", body), 409, "holder_id_taken")
	c.wants(c.post("/v1/operators", c.operatorBody(1, stranger(52))), 409, "login_name_taken")
	if shared.embedded {
		var added api.OperatorAdded
		if json.Unmarshal(first.Body, &added) != nil || containsText(c.get("/sandbox/dump").Body, added.ActivationCode) ||
			containsText(c.get("/sandbox/dump").Body, added.Operator.Name) {
			t.Error("the activation code or the name is stored in clear")
		}
	}
}

// A change of the code moves every account of the enterprise. Its holders stay
// unique, and no enterprise can take the code of an existing one.
func TestAChangeOfTheCodeMovesTheEnterprise(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	other := shared.take(t, world.Pass)
	op := c.signIn(c.addOperator(1, stranger(60)))
	facts := c.factsOfEnterprise()
	facts["uscc"], facts["orgCode"] = other.USCC, other.OrgCode
	c.wants(c.changes("enterprise", facts), 409, "enterprise_code_taken")
	uscc, org := world.Codes(700)
	facts["uscc"], facts["orgCode"] = uscc, org
	c.changed(c.changes("enterprise", facts), world.Password)
	op.token = op.tokenFor(newPassword)
	for who, v := range map[string]*clerk{"administrator": c, "operator": op} {
		if a, _ := v.account(); a.Enterprise.Uscc != uscc || a.Enterprise.OrgCode != org ||
			a.LegalRepresentative.Name != c.who.LegalRepresentative.Name {
			t.Errorf("%s: %+v", who, a.Enterprise)
		}
	}
	c.wants(c.post("/v1/operators", c.operatorBody(2, stranger(60))), 409, "holder_id_taken")
	if o := c.addOperator(3, stranger(61)); o.Operator.Status != "not_activated" {
		t.Errorf("%+v", o)
	}
}

func TestAnOperatorIsEnabledWithoutTheIDNumber(t *testing.T) {
	c := shared.clerkOf(t, world.Pass)
	o := c.addOperator(1, stranger(70))
	op := c.signIn(o)
	path := "/v1/operators/" + o.Operator.Id
	if a := c.do("DELETE", path, nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	other := shared.clerkOf(t, world.Pass)
	other.wants(other.post(path+"/enablements", []byte(nil)), 404, "not_found")
	for range 2 { // enabling again changes nothing
		var is api.Operator
		a := c.post(path+"/enablements", []byte(nil))
		if a.Status != 200 || json.Unmarshal(a.Body, &is) != nil || is.Status != "active" ||
			is.IdNumber != o.Operator.IdNumber || is.Version != o.Operator.Version+3 {
			t.Fatalf("%d %s, before %+v", a.Status, a.Body, o.Operator)
		}
	}
	op.token = op.tokenFor(newPassword)
	op.wants(op.post(path+"/enablements", []byte(nil)), 403, "forbidden")
	c.wants(c.post("/v1/operators", c.operatorBody(2, stranger(70))), 409, "holder_id_taken") // taken again
}
