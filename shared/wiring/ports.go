package wiring

import (
	"log/slog"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"realname/shared/awsapi"
	"realname/shared/httpapi"
	"realname/shared/telemetry/build"
	"realname/shared/telemetry/requestid"
	"realname/shared/telemetry/trace"
)

// Ports holds the ports of a deployed function.
type Ports struct {
	Config Config
	Log    *slog.Logger
	Now    func() time.Time

	AWS   func() awsapi.Config
	Trace *trace.Tracer
}

// memoryLimit is the limit of a function's memory, in bytes: near it, the runtime
// returns free pages before it takes new ones. Most functions use half of it. A
// password's hash takes 19 MiB in one piece, which seldom fits in the freed memory of
// the previous hash.
const memoryLimit = 30 << 20

// Cloud reads the configuration. If it is invalid, Cloud logs the error and exits,
// since a function that cannot work must not start.
func Cloud() Ports {
	debug.SetMemoryLimit(memoryLimit)
	log := build.Stamp(slog.New(requestid.Handler(slog.NewJSONHandler(os.Stdout, nil))))
	c, err := FromEnv()
	if err != nil {
		log.Error("configuration", "error", err.Error())
		os.Exit(1)
	}
	tracer := trace.New(os.Getenv, time.Now)
	return Ports{
		Config: c, Log: log, Now: time.Now, Trace: tracer,
		AWS: sync.OnceValue(func() awsapi.Config { return traced(AWS(), tracer) }),
	}
}

// API returns the common part of all API functions.
func (p Ports) API() httpapi.API { return httpapi.API{Log: p.Log, Now: p.Now} }
