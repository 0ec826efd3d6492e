package conformance

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	"github.com/aws/aws-sdk-go-v2/service/sfn/types"

	"realname/shared/workflow"
)

// states is Step Functions at an endpoint.
type states struct {
	sfn   *sfn.Client
	table *dynamodb.Client
	name  string // of table, function and role, and the beginning of the machines'

	arns map[string]string // of the machines, by name

	mu         sync.Mutex
	executions map[string]*string // their ARNs
}

// finishCode is the finish function of the test. It fails if the session's name requires it.
const finishCode = `
import os, tempfile

def handler(event, context):
    session = event["sessionId"]
    if session.startswith("` + flaky + `"):
        for call in "12":  # counted in files, which processes of one environment share
            mark = os.path.join(tempfile.gettempdir(), session + call)
            if not os.path.exists(mark):
                open(mark, "w").close()
                raise RuntimeError("not yet")
    return {"status": "decided for " + event.get("requestId", "")}
`

func newStates(t *testing.T, endpoint string) *states {
	cfg, err := config.LoadDefaultConfig(t.Context(), config.WithBaseEndpoint(endpoint))
	if err != nil {
		t.Fatal(err)
	}
	s := &states{
		sfn: sfn.NewFromConfig(cfg), table: dynamodb.NewFromConfig(cfg),
		name: "conformance-" + strings.ToLower(fmt.Sprintf("%x", t.Name()))[:8], arns: map[string]string{},
		executions: map[string]*string{},
	}
	s.makeTable(t)
	role := s.makeRole(t, iam.NewFromConfig(cfg))
	finish := s.makeFinish(t, lambda.NewFromConfig(cfg), role)
	for on := range waitSeconds {
		for name := range workflow.Definitions() {
			s.makeMachine(t, on, name, role, finish)
		}
	}
	return s
}

func (s *states) makeMachine(t *testing.T, on variant, name, role, finish string) {
	table := s.name
	if on == homeless {
		table = "nowhere"
	}
	definition := strings.NewReplacer("${Partition}", "aws", "${TableName}", table, "${FinishFunctionArn}", finish,
		"${WaitSeconds}", fmt.Sprint(waitSeconds[on])).Replace(string(workflow.Definitions()[name]))
	made, err := s.sfn.CreateStateMachine(t.Context(), &sfn.CreateStateMachineInput{
		Name: aws.String(s.machine(on, name)), RoleArn: &role, Definition: &definition,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.arns[s.machine(on, name)] = *made.StateMachineArn
	t.Cleanup(func() {
		if _, err := s.sfn.DeleteStateMachine(context.Background(), &sfn.DeleteStateMachineInput{
			StateMachineArn: made.StateMachineArn,
		}); err != nil {
			t.Error(err)
		}
	})
}

// machine is the name of a state machine in a variant.
func (s *states) machine(on variant, name string) string {
	return s.name + "-" + string(on) + "-" + name
}

func (s *states) makeTable(t *testing.T) {
	in := &dynamodb.CreateTableInput{TableName: &s.name, BillingMode: dynamotypes.BillingModePayPerRequest}
	for name, kind := range map[string]dynamotypes.KeyType{"PK": dynamotypes.KeyTypeHash, "SK": dynamotypes.KeyTypeRange} {
		in.AttributeDefinitions = append(in.AttributeDefinitions, dynamotypes.AttributeDefinition{
			AttributeName: aws.String(name), AttributeType: dynamotypes.ScalarAttributeTypeS,
		})
		in.KeySchema = append(in.KeySchema, dynamotypes.KeySchemaElement{AttributeName: aws.String(name), KeyType: kind})
	}
	if in.KeySchema[0].KeyType != dynamotypes.KeyTypeHash {
		in.KeySchema[0], in.KeySchema[1] = in.KeySchema[1], in.KeySchema[0]
	}
	if _, err := s.table.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := s.table.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: &s.name}); err != nil {
			t.Error(err)
		}
	})
}

func (s *states) makeRole(t *testing.T, client *iam.Client) string {
	made, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName:                 &s.name,
		AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["states.amazonaws.com","lambda.amazonaws.com"]},"Action":"sts:AssumeRole"}]}`), //nolint:lll // a policy as sent
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{
		RoleName: &s.name, PolicyName: aws.String("conformance"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["dynamodb:PutItem","lambda:InvokeFunction"],"Resource":"*"}]}`), //nolint:lll // a policy as sent
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, err := client.DeleteRolePolicy(context.Background(), &iam.DeleteRolePolicyInput{
			RoleName: &s.name, PolicyName: aws.String("conformance"),
		})
		if err == nil {
			_, err = client.DeleteRole(context.Background(), &iam.DeleteRoleInput{RoleName: &s.name})
		}
		if err != nil {
			t.Error(err)
		}
	})
	return *made.Role.Arn
}

func (s *states) makeFinish(t *testing.T, client *lambda.Client, role string) string {
	var code bytes.Buffer
	z := zip.NewWriter(&code)
	f, err := z.Create("finish.py")
	if err == nil {
		_, err = f.Write([]byte(finishCode))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	made, err := client.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &s.name, Role: &role, Runtime: lambdatypes.RuntimePython313, Handler: aws.String("finish.handler"),
		Code: &lambdatypes.FunctionCode{ZipFile: code.Bytes()},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := client.DeleteFunction(context.Background(), &lambda.DeleteFunctionInput{
			FunctionName: &s.name,
		}); err != nil {
			t.Error(err)
		}
	})
	return *made.FunctionArn
}

func (s *states) start(ctx context.Context, on variant, name, input string) error {
	out, err := s.sfn.StartExecution(ctx, &sfn.StartExecutionInput{
		StateMachineArn: aws.String(s.arns[s.machine(on, workflow.Of([]byte(input)))]), Name: &name, Input: &input,
	})
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.executions[name] = out.ExecutionArn
	return nil
}

func (s *states) open(ctx context.Context, _ variant, session, step string) (string, error) {
	return eventually(ctx, func() (string, bool, error) {
		key := map[string]dynamotypes.AttributeValue{
			"PK": &dynamotypes.AttributeValueMemberS{Value: "SESSION#" + session},
			"SK": &dynamotypes.AttributeValueMemberS{Value: "STEP"},
		}
		out, err := s.table.GetItem(ctx, &dynamodb.GetItemInput{
			TableName: &s.name, ConsistentRead: aws.Bool(true), Key: key,
		})
		if err != nil || out.Item == nil {
			return "", false, err
		}
		body := out.Item["body"].(*dynamotypes.AttributeValueMemberM).Value
		if body["step"].(*dynamotypes.AttributeValueMemberS).Value != step {
			return "", false, nil
		}
		return body["taskToken"].(*dynamotypes.AttributeValueMemberS).Value, true, nil
	})
}

func (s *states) succeed(ctx context.Context, token string) error {
	_, err := s.sfn.SendTaskSuccess(ctx, &sfn.SendTaskSuccessInput{TaskToken: &token, Output: aws.String(`{}`)})
	return err
}

func (s *states) fail(ctx context.Context, token, errorName string) error {
	_, err := s.sfn.SendTaskFailure(ctx, &sfn.SendTaskFailureInput{TaskToken: &token, Error: &errorName})
	return err
}

func (s *states) execution(name string) *string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.executions[name]
}

func (s *states) stop(ctx context.Context, _ variant, name string) error {
	_, err := s.sfn.StopExecution(ctx, &sfn.StopExecutionInput{
		ExecutionArn: s.execution(name), Error: aws.String("Operator"), Cause: aws.String("by hand"),
	})
	return err
}

func (s *states) ended(ctx context.Context, _ variant, name string) (outcome, error) {
	return eventually(ctx, func() (outcome, bool, error) {
		x, err := s.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: s.execution(name)})
		if err != nil || x.Status == types.ExecutionStatusRunning {
			return outcome{}, false, err
		}
		o := outcome{Status: string(x.Status), Error: aws.ToString(x.Error)}
		if x.Status == types.ExecutionStatusSucceeded && x.Output != nil { // otherwise AWS has no output
			err = json.Unmarshal([]byte(*x.Output), &o.Output)
		}
		if err == nil {
			err = s.history(ctx, name, &o)
		}
		return o, true, err
	})
}

func (s *states) history(ctx context.Context, name string, o *outcome) error {
	pages := sfn.NewGetExecutionHistoryPaginator(s.sfn, &sfn.GetExecutionHistoryInput{ExecutionArn: s.execution(name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, e := range page.Events {
			if e.StateEnteredEventDetails != nil {
				o.States, o.Tries = append(o.States, *e.StateEnteredEventDetails.Name), 0
			}
			if e.Type == types.HistoryEventTypeTaskFailed || e.Type == types.HistoryEventTypeLambdaFunctionFailed {
				o.Tries++
			}
		}
	}
	return nil
}
