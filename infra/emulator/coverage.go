package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"

	"realname/api/contract"
	"realname/shared/workflow"
)

// coverage records the operations of the contract that the deployed API served. A
// refused operation does not count.
type coverage struct {
	doc    *openapi3.T
	router routers.Router
	mu     sync.Mutex
	served map[*openapi3.Operation]bool
}

func newCoverage() (*coverage, error) {
	doc, err := contract.Load()
	if err != nil {
		return nil, err
	}
	doc.Servers = nil // find routes only by path
	router, err := legacy.NewRouter(doc)
	return &coverage{doc: doc, router: router, served: map[*openapi3.Operation]bool{}}, err
}

// note records an answer of the deployed API.
func (c *coverage) note(answer *http.Response) error {
	if answer.StatusCode >= 400 {
		return nil
	}
	if route, _, err := c.router.FindRoute(answer.Request); err == nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.served[route.Operation] = true
	}
	return nil
}

// missing lists the operations that were not served.
func (c *coverage) missing() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var left []string
	for path, item := range c.doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if !c.served[operation] {
				left = append(left, method+" "+path)
			}
		}
	}
	if len(left) == 0 {
		return nil
	}
	slices.Sort(left)
	return fmt.Errorf("%d of the contract's operations were not served through the deployed API:\n%s", len(left),
		strings.Join(left, "\n"))
}

// unentered returns an error that names each state of the deployed state machines that
// no execution has entered.
func (w *workshop) unentered(ctx context.Context) error {
	var all error
	for name := range workflow.Definitions() {
		all = errors.Join(all, w.unenteredOf(ctx, name))
	}
	return all
}

func (w *workshop) unenteredOf(ctx context.Context, name string) error {
	var machine struct{ States map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(workflow.Definitions()[name]), "${WaitSeconds}", "1")),
		&machine); err != nil {
		return err
	}
	// Only infra/conformance reaches it: the service closes a session at its end before the
	// workflow's wait runs out.
	delete(machine.States, "Expire")
	client, arn := sfn.NewFromConfig(w.aws()), w.outputs.Core.StateMachineARN+"-"+name
	executions := sfn.NewListExecutionsPaginator(client, &sfn.ListExecutionsInput{StateMachineArn: &arn})
	for executions.HasMorePages() && len(machine.States) > 0 {
		page, err := executions.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, x := range page.Executions {
			history := sfn.NewGetExecutionHistoryPaginator(client, &sfn.GetExecutionHistoryInput{ExecutionArn: x.ExecutionArn})
			for history.HasMorePages() {
				events, err := history.NextPage(ctx)
				if err != nil {
					return err
				}
				for _, e := range events.Events {
					if e.StateEnteredEventDetails != nil {
						delete(machine.States, *e.StateEnteredEventDetails.Name)
					}
				}
			}
		}
	}
	var left error
	for state := range machine.States {
		left = errors.Join(left, fmt.Errorf("no execution of %s entered the state %s", name, state))
	}
	return left
}
