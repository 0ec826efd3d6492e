package main

import (
	"math"
	"runtime"
	"runtime/debug"
)

// heapFloor is memory that the service reserves and never touches, so that it costs
// address space only. The garbage collector runs when the heap has doubled; with the
// reserve it never runs before 64 MB of new objects, however little the service holds.
// Otherwise a small service under load spends a third of its processor time in it.
const heapFloor = 64 << 20

// raiseHeapFloor makes the reserve until release. It leaves a service alone whose
// environment sets GOMEMLIMIT, because the limit would count the reserve.
func raiseHeapFloor() (release func()) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return func() {}
	}
	reserve := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(reserve) }
}
