package sfn_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/realname"
	workflow "realname/shared/workflow/sfn"
)

const machines = "arn:aws:states:eu-west-1:111122223333:stateMachine:verification"

// service speaks the Step Functions JSON 1.0 protocol and responds with the error that
// a test sets.
type service struct {
	operation string
	input     map[string]string
	fault     string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.operation = strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSStepFunctions.")
	s.input = map[string]string{}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if err := json.NewDecoder(r.Body).Decode(&s.input); err != nil {
		s.fault = "SerializationException"
	}
	if s.fault != "" {
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": s.fault})
		return
	}
	_, _ = w.Write([]byte(`{"executionArn":"arn:e","startDate":1700000000}`))
}

func newWorkflow(t *testing.T) (*workflow.Workflow, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	client := awsapi.New(awsapitest.Config(server.URL), awsapi.SFN)
	return workflow.New(func() *awsapi.Client { return client }, machines), s
}

func TestStartNamesTheExecutionAfterItsSession(t *testing.T) {
	w, s := newWorkflow(t)
	execution := realname.Execution{SessionID: "session-1", Method: realname.BankUKey, RequestID: "r1"}
	if err := w.Start(t.Context(), execution); err != nil {
		t.Fatal(err)
	}
	if s.operation != "StartExecution" || s.input["stateMachineArn"] != machines+"-bank-ukey" ||
		s.input["name"] != "session-1" ||
		s.input["input"] != `{"sessionId":"session-1","method":"bank_ukey","requestId":"r1"}` {
		t.Errorf("%s %v", s.operation, s.input)
	}
}

func TestAnswersCarryTheToken(t *testing.T) {
	w, s := newWorkflow(t)
	err := w.Passed(t.Context(), "token-1")
	if err != nil || s.operation != "SendTaskSuccess" || s.input["taskToken"] != "token-1" {
		t.Errorf("%v %s %v", err, s.operation, s.input)
	}
	err = w.Ended(t.Context(), "token-1", realname.Canceled)
	if err != nil || s.operation != "SendTaskFailure" || s.input["error"] != "Realname.canceled" {
		t.Errorf("%v %s %v", err, s.operation, s.input)
	}
}

func TestARepeatedStartIsNotAnErrorAndARepeatedAnswerTellsIt(t *testing.T) {
	w, s := newWorkflow(t)
	s.fault = "ExecutionAlreadyExists"
	if err := w.Start(t.Context(), realname.Execution{SessionID: "s", Method: realname.BankUKey}); err != nil {
		t.Error(err)
	}
	for _, s.fault = range []string{"TaskTimedOut", "TaskDoesNotExist", "InvalidToken"} {
		if err := w.Passed(t.Context(), "t"); !errors.Is(err, realname.ErrNotWaiting) {
			t.Errorf("%s: %v", s.fault, err)
		}
		if err := w.Ended(t.Context(), "t", realname.Failed); !errors.Is(err, realname.ErrNotWaiting) {
			t.Errorf("%s: %v", s.fault, err)
		}
	}
}

func TestOtherFaultsAreErrors(t *testing.T) {
	w, s := newWorkflow(t)
	for _, s.fault = range []string{"ThrottlingException", "StateMachineDoesNotExist", "AccessDeniedException"} {
		if w.Start(t.Context(), realname.Execution{SessionID: "s", Method: realname.BankUKey}) == nil {
			t.Errorf("Start ignores %s", s.fault)
		}
		if w.Passed(t.Context(), "t") == nil {
			t.Errorf("Passed ignores %s", s.fault)
		}
		if w.Ended(t.Context(), "t", realname.Failed) == nil {
			t.Errorf("Ended ignores %s", s.fault)
		}
	}
}
