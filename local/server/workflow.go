package server

import (
	"context"
	"encoding/json"
	"errors"

	"realname/local/engine"
	"realname/shared/realname"
)

// embedded is realname.Workflow on the engine of this process.
type embedded struct{ engine *engine.Engine }

func (e embedded) Start(ctx context.Context, x realname.Execution) error {
	input, err := json.Marshal(x)
	if err != nil {
		return err
	}
	if err := e.engine.Start(ctx, x.SessionID, input); err != nil && !errors.Is(err, engine.ErrExecutionAlreadyExists) {
		return err
	}
	return nil
}

func (e embedded) Passed(ctx context.Context, taskToken string) error {
	return told(e.engine.Succeed(ctx, taskToken, []byte(`{}`)))
}

func (e embedded) Ended(ctx context.Context, taskToken string, closed realname.Status) error {
	return told(e.engine.Fail(ctx, taskToken, "Realname."+string(closed), ""))
}

// told returns ErrNotWaiting for a token that was used or has timed out.
func told(err error) error {
	if errors.Is(err, engine.ErrTaskTimedOut) || errors.Is(err, engine.ErrInvalidToken) {
		return realname.ErrNotWaiting
	}
	return err
}
