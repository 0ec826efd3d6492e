package bank_test

import (
	"context"
	"testing"
	"time"

	"realname/shared/bank"
	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table/memory"
)

func TestAFloodOfRefusalsCostsFewWrites(t *testing.T) {
	at := now
	st := store.New(memory.New(func() time.Time { return at }))
	writes := 0
	refusals := &bank.Refusals{
		Writer: "w1",
		Now:    func() time.Time { return at },
		Save: func(ctx context.Context, r store.Refusals) error {
			writes++
			return st.SaveRefusals(ctx, r)
		},
	}
	count := func(n int, code realname.Code) {
		for range n {
			if err := refusals.Count(t.Context(), "CCB", code); err != nil {
				t.Fatal(err)
			}
		}
	}
	count(3, realname.CodeBankClock)
	if writes != 3 {
		t.Errorf("%d writes for the first 3", writes)
	}
	count(1_000_000, realname.CodeBankSignature)
	if writes > 40 {
		t.Errorf("%d writes", writes)
	}
	at = at.Add(time.Minute)
	count(1, realname.CodeBankSignature)
	list, err := st.LoadRefusals(t.Context(), "CCB", 10)
	if err != nil || len(list) != 3 {
		t.Fatalf("%+v %v", list, err)
	}
	last := list[0]
	if last.Count != 1 || !last.Minute.Equal(at.Truncate(time.Minute)) || last.Code != realname.CodeBankSignature {
		t.Errorf("%+v", last)
	}
	if flood := list[1]; flood.Count < 500_000 || flood.Count > 1_000_000 {
		t.Errorf("%+v", flood)
	}
}
