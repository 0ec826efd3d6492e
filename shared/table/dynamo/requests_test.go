package dynamo_test

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/table"
	"realname/shared/table/dynamo"
)

// at is the clock of the tests of requests.
func at() time.Time { return time.Unix(1_767_225_600, 0) }

// The requests are those of the Amazon DynamoDB API reference. The contract, which needs
// an endpoint, shows that they mean what they should.
func TestRequestsAreThoseOfTheReference(t *testing.T) {
	const (
		name, key = `"TableName":"t"`, `"Key":{"PK":{"S":"p"},"SK":{"S":"s"}}`
		stored    = `"Item":{"PK":{"S":"p"},"SK":{"S":"s"},"version":{"N":"2"},"body":{"M":{"a":{"S":"b"}}}}`
		now       = `":now":{"N":"1767225600"}`
		absent    = `"ConditionExpression":"attribute_not_exists(PK) OR expires <= :now",` +
			`"ExpressionAttributeValues":{` + now + `}`
		version = `"ConditionExpression":"version = :version AND (attribute_not_exists(expires) OR expires > :now)",` +
			`"ExpressionAttributeValues":{":version":{"N":"1"},` + now + `}`
		query  = name + `,"ScanIndexForward":true,"Limit":100,`
		listed = `"IndexName":"GSI1Keys","ConsistentRead":false,"ProjectionExpression":"PK, SK, GSI1PK, GSI1SK",`
	)
	k := table.Key{PK: "p", SK: "s"}
	item := table.Item{Key: k, Version: 2, Body: map[string]any{"a": "b"}}
	write := func(all ...table.Write) func(table.Table) error {
		return func(over table.Table) error { return over.Transact(t.Context(), all...) }
	}
	get := func(keys ...table.Key) func(table.Table) error {
		return func(over table.Table) error {
			_, err := over.Get(t.Context(), keys...)
			return err
		}
	}
	read := func(q table.Query) func(table.Table) error {
		return func(over table.Table) error {
			_, err := over.Query(t.Context(), q)
			return err
		}
	}
	after := func(q table.Query, last table.Item) table.Query {
		q.After = q.Cursor(last)
		return q
	}
	listedItem := table.Item{Key: k, GSI1: table.IndexKey{PK: "i", SK: "j"}}
	for what, c := range map[string]struct {
		do              func(table.Table) error
		operation, body string
	}{
		"a put": {write(table.Put(item, table.Always())), "PutItem", `{` + name + `,` + stored + `}`},
		"a put of a new item": {
			write(table.Put(item, table.Absent())), "PutItem", `{` + name + `,` + stored + `,` + absent + `}`,
		},
		"a deletion": {
			write(table.Delete(k, table.VersionIs(1))), "DeleteItem", `{` + name + `,` + key + `,` + version + `}`,
		},
		"a check alone": {
			write(table.Check(k, table.Absent())), "TransactWriteItems",
			`{"TransactItems":[{"ConditionCheck":{` + name + `,` + key + `,` + absent + `}}]}`,
		},
		"a transaction": {
			write(table.Put(item, table.VersionIs(1)), table.Delete(table.Key{PK: "q", SK: "s"}, table.Always()),
				table.Check(table.Key{PK: "r", SK: "s"}, table.Absent())),
			"TransactWriteItems",
			`{"TransactItems":[{"Put":{` + name + `,` + stored + `,` + version + `}},` +
				`{"Delete":{` + name + `,"Key":{"PK":{"S":"q"},"SK":{"S":"s"}}}},` +
				`{"ConditionCheck":{` + name + `,"Key":{"PK":{"S":"r"},"SK":{"S":"s"}},` + absent + `}}]}`,
		},
		"a key":       {get(k), "GetItem", `{` + name + `,` + key + `,"ConsistentRead":true}`},
		"a key twice": {get(k, k), "GetItem", `{` + name + `,` + key + `,"ConsistentRead":true}`},
		"keys, one of them twice": {
			get(k, table.Key{PK: "q", SK: "s"}, k), "BatchGetItem",
			`{"RequestItems":{"t":{"Keys":[{"PK":{"S":"p"},"SK":{"S":"s"}},{"PK":{"S":"q"},"SK":{"S":"s"}}],` +
				`"ConsistentRead":true}}}`,
		},
		"a partition": {
			read(table.Query{PK: "p"}), "Query",
			`{` + query + `"ConsistentRead":true,"KeyConditionExpression":"PK = :pk",` +
				`"ExpressionAttributeValues":{":pk":{"S":"p"}}}`,
		},
		"a part of it, backward": {
			read(table.Query{PK: "p", SKPrefix: "x", Descending: true, Limit: 7}), "Query",
			`{` + name + `,"ScanIndexForward":false,"Limit":7,"ConsistentRead":true,` +
				`"KeyConditionExpression":"PK = :pk AND begins_with(SK, :prefix)",` +
				`"ExpressionAttributeValues":{":pk":{"S":"p"},":prefix":{"S":"x"}}}`,
		},
		"what is below": {
			read(table.Query{PK: "p", SKBelow: "x"}), "Query",
			`{` + query + `"ConsistentRead":true,"KeyConditionExpression":"PK = :pk AND SK < :below",` +
				`"ExpressionAttributeValues":{":pk":{"S":"p"},":below":{"S":"x"}}}`,
		},
		"the next page": {
			read(after(table.Query{PK: "p"}, item)), "Query",
			`{` + query + `"ConsistentRead":true,"KeyConditionExpression":"PK = :pk",` +
				`"ExpressionAttributeValues":{":pk":{"S":"p"}},"ExclusiveStartKey":{"PK":{"S":"p"},"SK":{"S":"s"}}}`,
		},
		"an index": {
			read(table.Query{Index: table.GSI1, PK: "i", SKBelow: "x"}), "Query",
			`{` + query + listed + `"KeyConditionExpression":"GSI1PK = :pk AND GSI1SK < :below",` +
				`"ExpressionAttributeValues":{":pk":{"S":"i"},":below":{"S":"x"}}}`,
		},
		"the next page of an index": {
			read(after(table.Query{Index: table.GSI1, PK: "i"}, listedItem)), "Query",
			`{` + query + listed + `"KeyConditionExpression":"GSI1PK = :pk","ExpressionAttributeValues":{":pk":{"S":"i"}},` +
				`"ExclusiveStartKey":{"PK":{"S":"p"},"SK":{"S":"s"},"GSI1PK":{"S":"i"},"GSI1SK":{"S":"j"}}}`,
		},
	} {
		t.Run(what, func(t *testing.T) {
			s := &service{answers: []answer{{200, "{}"}}}
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			client := awsapi.New(awsapitest.Config(server.URL), awsapi.DynamoDB)
			over := dynamo.New(func() *awsapi.Client { return client }, "t", table.KeysOnly(), at)
			if err := c.do(over); err != nil || len(s.requests()) != 1 || s.requests()[0].operation != c.operation {
				t.Fatalf("%+v %v", s.requests(), err)
			}
			var got, want map[string]any
			if err := json.Unmarshal([]byte(c.body), &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(s.requests()[0].body), &got); err != nil {
				t.Fatal(err)
			}
			delete(got, "ClientRequestToken")
			if !reflect.DeepEqual(got, want) {
				t.Errorf("asked %s, want %s", s.requests()[0].body, c.body)
			}
		})
	}
}

// An answer of DynamoDB has at most a megabyte before it leaves out expired items, so a
// page may take several.
func TestAPageIsFilledOverAnswers(t *testing.T) {
	stored := func(sk, more string) string {
		return `{"PK":{"S":"p"},"SK":{"S":"` + sk + `"},"version":{"N":"1"},"body":{"M":{}}` + more + `}`
	}
	page := func(items, last string) answer {
		return answer{200, `{"Items":[` + items + `],"LastEvaluatedKey":{"PK":{"S":"p"},"SK":{"S":"` + last + `"}}}`}
	}
	s := &service{answers: []answer{
		page(stored("a", "")+","+stored("b", `,"expires":{"N":"1767225600"}`), "b"),
		page(stored("c", "")+","+stored("d", ""), "d"),
	}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := awsapi.New(awsapitest.Config(server.URL), awsapi.DynamoDB)
	over := dynamo.New(func() *awsapi.Client { return client }, "t", table.KeysOnly(), at)
	q := table.Query{PK: "p", Limit: 2}
	got, err := over.Query(context.Background(), q)
	if err != nil || len(s.requests()) != 2 || len(got.Items) != 2 || got.Items[1].Key.SK != "c" ||
		got.Next != q.Cursor(got.Items[1]) {
		t.Errorf("%+v after %d requests: %v", got, len(s.requests()), err)
	}
}
