// Package sfn implements the workflow with AWS Step Functions.
package sfn

import (
	"context"
	"encoding/json"
	"fmt"

	"realname/shared/awsapi"
	"realname/shared/realname"
	"realname/shared/workflow"
)

// Workflow implements realname.Workflow over a state machine for each method.
type Workflow struct {
	client   func() *awsapi.Client
	machines string
}

// New returns the workflow of the state machines whose ARNs begin with that of the stage
// and end with a hyphen and the name of the method's; the first use makes the client.
func New(client func() *awsapi.Client, stateMachineARN string) *Workflow {
	return &Workflow{client, stateMachineARN}
}

// Start begins an execution of the method's state machine, named after the session. Names
// are unique, so an existing execution belongs to this session and is not an error.
func (w *Workflow) Start(ctx context.Context, e realname.Execution) error {
	input, err := json.Marshal(e)
	if err != nil {
		return err
	}
	err = w.client().Call(ctx, "StartExecution", map[string]string{
		"stateMachineArn": w.machines + "-" + workflow.Name(e.Method), "name": e.SessionID, "input": string(input),
	}, &struct{}{})
	if err != nil && awsapi.CodeOf(err) != "ExecutionAlreadyExists" {
		return fmt.Errorf("start execution: %w", err)
	}
	return nil
}

// Passed completes the waiting task.
// Errors: ErrNotWaiting.
func (w *Workflow) Passed(ctx context.Context, taskToken string) error {
	return w.answer(ctx, "SendTaskSuccess", map[string]string{"taskToken": taskToken, "output": "{}"})
}

// Ended fails the waiting task, which ends the execution.
// Errors: ErrNotWaiting.
func (w *Workflow) Ended(ctx context.Context, taskToken string, closed realname.Status) error {
	return w.answer(ctx, "SendTaskFailure", map[string]string{
		"taskToken": taskToken, "error": "Realname." + string(closed),
	})
}

// answer returns ErrNotWaiting for a token that was used or has timed out.
func (w *Workflow) answer(ctx context.Context, operation string, in map[string]string) error {
	err := w.client().Call(ctx, operation, in, &struct{}{})
	switch awsapi.CodeOf(err) {
	case "TaskTimedOut", "TaskDoesNotExist", "InvalidToken":
		return realname.ErrNotWaiting
	}
	return err
}
