package store_test

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"realname/shared/store"
	"realname/shared/table/memory"
)

func TestRevocationListIsKeptForAllFunctions(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s := store.New(memory.New(func() time.Time { return now }))
	const address = "http://crl.example.cn/1.crl"
	if raw, _, err := s.LoadCRL(t.Context(), address); raw != nil || err != nil {
		t.Fatalf("a list that was never stored: %d bytes, %v", len(raw), err)
	}
	list := bytes.Repeat([]byte("serial number "), 50_000) // compresses well
	if err := s.SaveCRL(t.Context(), address, list, now, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	raw, at, err := s.LoadCRL(t.Context(), address)
	if err != nil || !bytes.Equal(raw, list) || !at.Equal(now) {
		t.Errorf("%d bytes of %s, %v", len(raw), at, err)
	}
	if raw, _, err := s.LoadCRL(t.Context(), address+"x"); raw != nil || err != nil {
		t.Errorf("another address: %d bytes, %v", len(raw), err)
	}
}

// A list that does not fit into an item of the table is not stored.
func TestLongRevocationListIsNotKept(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s := store.New(memory.New(func() time.Time { return now }))
	list := make([]byte, 300*1024)
	if _, err := rand.Read(list); err != nil {
		t.Fatal(err)
	}
	if err := s.SaveCRL(t.Context(), "http://crl.example.cn/1.crl", list, now, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if raw, _, err := s.LoadCRL(t.Context(), "http://crl.example.cn/1.crl"); raw != nil || err != nil {
		t.Errorf("%d bytes, %v", len(raw), err)
	}
}
