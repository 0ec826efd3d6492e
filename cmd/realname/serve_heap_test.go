package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

// collections counts the runs of the garbage collector while a megabyte is allocated
// n times.
func collections(n int) uint32 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range n {
		garbage = make([]byte, 1<<20)
	}
	runtime.ReadMemStats(&after)
	return after.NumGC - before.NumGC
}

var garbage []byte

func TestASmallServiceIsSeldomCollected(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	const megabytes = 200
	release := raiseHeapFloor()
	with := collections(megabytes)
	release()
	if without := collections(megabytes); with > 4 || without < 2*with {
		t.Errorf("%d collections with the reserve, %d without", with, without)
	}
}

func TestAMemoryLimitLeavesNoReserve(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(1 << 40))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	release := raiseHeapFloor()
	runtime.ReadMemStats(&after)
	release()
	if grown := after.HeapAlloc - min(before.HeapAlloc, after.HeapAlloc); grown >= heapFloor {
		t.Errorf("reserved %d bytes under a limit", grown)
	}
}
