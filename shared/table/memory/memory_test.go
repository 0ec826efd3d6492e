package memory_test

import (
	"testing"
	"time"

	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/dynamojson"
	"realname/shared/table/memory"
)

func TestContract(t *testing.T) {
	contract.Run(t, func(_ *testing.T, now func() time.Time) table.Table { return memory.New(now) })
}

func TestDynamoJSONIsStoredAsAnItem(t *testing.T) {
	m := memory.New(time.Now)
	err := dynamojson.Put(t.Context(), m, map[string]any{
		"PK": map[string]any{"S": "SESSION#1"}, "SK": map[string]any{"S": "STEP"}, "version": map[string]any{"N": "1"},
		"body": map[string]any{"M": map[string]any{"step": map[string]any{"S": "enterprise"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Get(t.Context(), table.Key{PK: "SESSION#1", SK: "STEP"})
	if err != nil || len(got) != 1 || got[0].Body["step"] != "enterprise" {
		t.Fatalf("%+v %v", got, err)
	}
	if err := dynamojson.Put(t.Context(), m, map[string]any{"PK": "bare"}); err == nil {
		t.Fatal("an untyped value was stored")
	}
}
