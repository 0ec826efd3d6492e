package main

import (
	"os"
	"runtime"
)

// waitingForTheDisk is how many more goroutines run code than the machine has processors.
// One that waits for the disk counts as running until the runtime notices, which takes
// longer than most writes: on two processors, the writer alone would stop every other
// request.
const waitingForTheDisk = 2

// runDuringWrites lets a service that keeps its data work while it waits for the disk,
// until undo. It leaves a service alone whose environment sets GOMAXPROCS.
func (c *serve) runDuringWrites() (undo func()) {
	if c.State == "" || os.Getenv("GOMAXPROCS") != "" {
		return func() {}
	}
	before := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(before + waitingForTheDisk)
	return func() { runtime.GOMAXPROCS(before) }
}
