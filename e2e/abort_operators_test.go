package e2e

import (
	"encoding/json"
	"fmt"
	"testing"

	"realname/api"
	"realname/e2e/world"
)

// operatorJourneys abort the administrator's work on operators. An ID number
// never stays taken without an owner, and never has two owners.
func operatorJourneys() []journey {
	return []journey{
		{function: "operators", name: "adding", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			arm()
			a := again(t, "add", func() answer {
				return c.post("/v1/operators", c.operatorBody(1, stranger(1)), "Idempotency-Key", "k1")
			}, 201)
			var added api.OperatorAdded
			if err := json.Unmarshal(a.Body, &added); err != nil {
				t.Fatal(err)
			}
			c.signIn(added) // with the code in the answer, whichever attempt created it
			if list := c.operators(); len(list) != 1 {
				t.Errorf("%+v", list)
			}
		}},
		{function: "operators", name: "changing", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			o := c.addOperator(1, stranger(1)).Operator
			body := map[string]any{"name": "操作员丙", "idType": "resident_id", "idNumber": stranger(2)}
			arm()
			again(t, "change", func() answer {
				return c.put("/v1/operators/"+o.Id, body, "If-Match", fmt.Sprintf(`"%d"`, o.Version))
			}, 200, 412)
			if list := c.operators(); len(list) != 1 || list[0].Name != "操作员丙" {
				t.Errorf("%+v", list)
			}
			// The number is free again.
			again(t, "add",
				func() answer { return c.post("/v1/operators", c.operatorBody(2, stranger(1)), "Idempotency-Key", "k2") }, 201)
			c.wants(c.post("/v1/operators", c.operatorBody(3, stranger(2))), 409, "holder_id_taken")
		}},
		{function: "operators", name: "disabling", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			o := c.addOperator(1, stranger(1))
			op := c.signIn(o)
			arm()
			again(t, "disable", func() answer { return c.delete("/v1/operators/" + o.Operator.Id) }, 200)
			op.wants(op.get("/v1/account"), 401, "token_revoked")
			if list := c.operators(); len(list) != 1 || list[0].Status != "disabled" {
				t.Errorf("%+v", list)
			}
			// The number is free again.
			again(t, "add",
				func() answer { return c.post("/v1/operators", c.operatorBody(2, stranger(1)), "Idempotency-Key", "k2") }, 201)
		}},
		{function: "operators", name: "enabling", least: 3, drive: func(t *testing.T, p *place, arm func()) {
			c := p.clerkOf(t, world.Pass)
			o := c.addOperator(1, stranger(1)).Operator
			c.delete("/v1/operators/" + o.Id)
			arm()
			again(t, "enable", func() answer { return c.post("/v1/operators/"+o.Id+"/enablements", []byte(nil)) }, 200)
			if list := c.operators(); len(list) != 1 || list[0].Status == "disabled" {
				t.Errorf("%+v", list)
			}
			c.wants(c.post("/v1/operators", c.operatorBody(2, stranger(1))), 409, "holder_id_taken")
		}},
	}
}

func (c *clerk) operators() []api.Operator {
	c.Helper()
	var list api.OperatorList
	a := c.get("/v1/operators")
	if a.Status >= 500 { // a pending abort hit this read
		a = c.get("/v1/operators")
	}
	if a.Status != 200 || json.Unmarshal(a.Body, &list) != nil {
		c.Fatalf("operators: %d %s", a.Status, a.Body)
	}
	return list.Operators
}
