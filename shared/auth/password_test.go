package auth_test

import (
	"crypto/rand"
	"runtime"
	"testing"

	"realname/shared/auth"
)

// If a hash kept its memory, the next one would need twice as much.
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
