// Package finish is the last task of the state machine. In one transaction, it
// closes a session, updates the aspects and writes the events.
package finish

import (
	"context"
	"log/slog"

	"realname/shared/realname"
	"realname/shared/telemetry/requestid"
	"realname/shared/verification"
)

// Ports is what the function needs from outside.
type Ports struct {
	Verification *verification.Verification
	Log          *slog.Logger
}

// Input is the task's input: the input of its execution.
type Input = realname.Execution

// Output becomes part of the execution's output.
type Output struct {
	Status realname.Status `json:"status"`
}

// Function is the task of the state machine.
type Function func(ctx context.Context, in Input) (Output, error)

// New returns the function.
func New(p Ports) Function {
	return func(ctx context.Context, in Input) (Output, error) {
		ctx = requestid.With(ctx, in.RequestID)
		status, err := p.Verification.Finish(ctx, in.SessionID)
		if err != nil {
			return Output{}, err
		}
		p.Log.LogAttrs(ctx, slog.LevelInfo, "session finished", slog.String("status", string(status)),
			slog.String("sessionId", in.SessionID))
		return Output{Status: status}, nil
	}
}
