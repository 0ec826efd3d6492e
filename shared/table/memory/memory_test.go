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

func TestFeed(t *testing.T) {
	contract.RunFeed(t, func(_ *testing.T, now func() time.Time) contract.Fed { return memory.New(now) })
}

func TestDynamoJSONIsStoredAsAnItem(t *testing.T) {
	m := memory.New(time.Now)
	err := dynamojson.Put(t.Context(), m, map[string]any{
		"PK":      map[string]any{"S": "SESSION#1"},
		"SK":      map[string]any{"S": "STEP"},
		"version": map[string]any{"N": "1"},
		"body":    map[string]any{"M": map[string]any{"step": map[string]any{"S": "enterprise"}}},
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

func TestRestoredItemsAreReadLikeOthers(t *testing.T) {
	m := memory.New(time.Now)
	it := table.Item{
		Key: table.Key{PK: "p", SK: "a"}, Version: 3,
		GSI1: table.IndexKey{PK: "i", SK: "old"}, Body: map[string]any{"n": "1"},
	}
	m.Restore(it)
	it.GSI1.SK = "new"
	m.Restore(it)
	page, err := m.Query(t.Context(), table.Query{Index: table.GSI1, PK: "i"})
	if err != nil || len(page.Items) != 1 || page.Items[0].GSI1.SK != "new" {
		t.Fatalf("%+v %v", page, err)
	}
	if got, err := m.Get(t.Context(), it.Key); err != nil || len(got) != 1 || got[0].Body["n"] != "1" {
		t.Fatalf("%+v %v", got, err)
	}
	if err := m.Transact(t.Context(), table.Delete(it.Key, table.VersionIs(3))); err != nil {
		t.Error(err)
	}
}
