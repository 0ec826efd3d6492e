package auth_test

import (
	"crypto/rand"
	"runtime"
	"testing"

	"realname/shared/auth"
)

// The next hash would take its memory beside that of the one before.
func TestAHashLeavesNoMemoryBehind(t *testing.T) {
	h := auth.NewHasher(rand.Reader)
	if _, err := h.Hash("Renew-2026-shijiazhuang"); err != nil {
		t.Fatal(err)
	}
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > 16<<20 {
		t.Errorf("%d MiB are still allocated", m.HeapAlloc>>20)
	}
}
