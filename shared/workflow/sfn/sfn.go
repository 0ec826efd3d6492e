// Package sfn implements the workflow with AWS Step Functions.
package sfn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"realname/shared/realname"
	"realname/shared/workflow"
)

// Workflow implements realname.Workflow over a state machine for each method.
type Workflow struct {
	client   func() *sfn.Client
	machines string
}

// New returns the workflow of the state machines whose ARNs begin with that of the stage
// and end with a hyphen and the name of the method's; the first use makes the client.
func New(client func() *sfn.Client, stateMachineARN string) *Workflow {
	return &Workflow{client, stateMachineARN}
}

// Start begins an execution of the method's state machine, named after the session. Names are unique, so an existing
// execution belongs to this session and is not an error.
func (w *Workflow) Start(ctx context.Context, e realname.Execution) error {
	input, err := json.Marshal(e)
	if err != nil {
		return err
	}
	_, err = w.client().StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(w.machines + "-" + workflow.Name(e.Method)), Name: &e.SessionID,
		Input: aws.String(string(input)),
	})
	var exists *types.ExecutionAlreadyExists
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("start execution: %w", err)
	}
	return nil
}

// Passed completes the waiting task.
func (w *Workflow) Passed(ctx context.Context, taskToken string) error {
	_, err := w.client().SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{
		TaskToken: &taskToken, Output: aws.String(`{}`),
	})
	return sent("send task success", err)
}

// Ended fails the waiting task, which ends the execution.
func (w *Workflow) Ended(ctx context.Context, taskToken string, closed realname.Status) error {
	_, err := w.client().SendTaskFailure(ctx, &sfn.SendTaskFailureInput{
		TaskToken: &taskToken, Error: aws.String("Realname." + string(closed)),
	})
	return sent("send task failure", err)
}

// sent ignores the error of a token that was used or has timed out: the task does not
// wait any more.
func sent(doing string, err error) error {
	var timedOut *types.TaskTimedOut
	var gone *types.TaskDoesNotExist
	var invalid *types.InvalidToken
	if err == nil || errors.As(err, &timedOut) || errors.As(err, &gone) || errors.As(err, &invalid) {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}
