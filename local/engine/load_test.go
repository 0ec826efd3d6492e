package engine

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// machineWith is a definition of one state.
func machineWith(state string) string {
	return `{"StartAt":"A","States":{"A":` + state + `,"B":{"Type":"Succeed"}}}`
}

func TestWhatIsNotImplementedStopsTheLoadWithItsPath(t *testing.T) {
	task := func(more string) string {
		if !strings.Contains(more, `"Parameters"`) {
			more += `,"Parameters":{"FunctionName":"f","Payload":{}}`
		}
		return machineWith(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"B"` + more + `}`)
	}
	for _, tt := range []struct{ name, definition, path string }{
		{"state type", machineWith(`{"Type":"Map","Next":"B"}`), "States.A.Type"},
		{"field of a task", task(`,"HeartbeatSeconds":5`), "States.A.HeartbeatSeconds"},
		{"field of a pass", machineWith(`{"Type":"Pass","Retry":[],"Next":"B"}`), "States.A.Retry"},
		{"JSONata", `{"StartAt":"A","QueryLanguage":"JSONata","States":{"A":{"Type":"Succeed"}}}`, "QueryLanguage"},
		{"top level", `{"StartAt":"A","TimeoutSeconds":5,"States":{"A":{"Type":"Succeed"}}}`, "TimeoutSeconds"},
		{
			"comparison", machineWith(`{"Type":"Choice","Choices":[{"Variable":"$.a","NumericEquals":1,"Next":"B"}]}`),
			"States.A.Choices[0].NumericEquals",
		},
		{
			"no comparison", machineWith(`{"Type":"Choice","Choices":[{"Variable":"$.a","Next":"B"}]}`),
			"States.A.Choices[0].StringEquals",
		},
		{"no choices", machineWith(`{"Type":"Choice","Choices":[],"Default":"B"}`), "States.A.Choices"},
		{"retry field", task(`,"Retry":[{"ErrorEquals":["States.ALL"],"Color":"red"}]`), "States.A.Retry[0].Color"},
		{
			"jitter", task(`,"Retry":[{"ErrorEquals":["States.ALL"],"JitterStrategy":"SOME"}]`),
			"States.A.Retry[0].JitterStrategy",
		},
		{"back-off", task(`,"Retry":[{"ErrorEquals":["States.ALL"],"BackoffRate":0.5}]`), "States.A.Retry[0].BackoffRate"},
		{"no errors", task(`,"Catch":[{"ErrorEquals":[],"Next":"B"}]`), "States.A.Catch[0].ErrorEquals"},
		{
			"States.ALL not last", task(`,"Catch":[{"ErrorEquals":["States.ALL"],"Next":"B"},{"ErrorEquals":["X"],"Next":"B"}]`),
			"States.A.Catch[0].ErrorEquals",
		},
		{"catch to nowhere", task(`,"Catch":[{"ErrorEquals":["X"],"Next":"C"}]`), "States.A.Catch[0].Next"},
		{
			"resource", machineWith(`{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","Next":"B"}`),
			"States.A.Resource",
		},
		{
			"callback of Lambda",
			machineWith(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Next":"B"}`),
			"States.A.Resource",
		},
		{
			"intrinsic function", task(`,"Parameters":{"FunctionName":"f","Payload":{"x.$":"States.UUID()"}}`),
			"States.A.Parameters.Payload.x.$",
		},
		{
			"wildcard path", task(`,"Parameters":{"FunctionName":"f","Payload":{"x.$":"$..a"}}`),
			"States.A.Parameters.Payload.x.$",
		},
		{
			"parameter of a function", task(`,"Parameters":{"FunctionName":"f","Payload":{},"Qualifier":"1"}`),
			"States.A.Parameters.Qualifier",
		},
		{"no payload", task(`,"Parameters":{"FunctionName":"f"}`), "States.A.Parameters.Payload"},
		{"no parameters", task(`,"Comment":"Parameters are missing","Parameters":null`), "States.A.Parameters"},
		{
			"condition of a put",
			machineWith(`{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:dynamodb:putItem","Next":"B","Parameters":{"TableName":"t","Item":{},"ConditionExpression":"x"}}`), //nolint:lll // a definition in one line
			"States.A.Parameters.ConditionExpression",
		},
		{"input path of the context", task(`,"InputPath":"$$.Execution"`), "States.A.InputPath"},
		{"input path that is none", task(`,"InputPath":"a"`), "States.A.InputPath"},
		{"output path of many", task(`,"OutputPath":"$..a"`), "States.A.OutputPath"},
		{"null as a path", task(`,"OutputPath":null`), "States.A.OutputPath"},
		{
			"choice by the context",
			machineWith(`{"Type":"Choice","Choices":[{"Variable":"$$.State.Name","StringEquals":"A","Next":"B"}]}`),
			"States.A.Choices[0].Variable",
		},
		{"path that is no text", task(`,"ResultSelector":{"x.$":1}`), "States.A.ResultSelector.x.$"},
		{"result path", task(`,"ResultPath":"$.a[0]"`), "States.A.ResultPath"},
		{"next and end", machineWith(`{"Type":"Pass","Next":"B","End":true}`), "States.A"},
		{"no next", machineWith(`{"Type":"Pass"}`), "States.A"},
		{"next to nowhere", machineWith(`{"Type":"Pass","Next":"C"}`), "States.A.Next"},
		{"no start", `{"StartAt":"Z","States":{"A":{"Type":"Succeed"}}}`, "StartAt"},
		{"unreached", `{"StartAt":"A","States":{"A":{"Type":"Succeed"},"B":{"Type":"Succeed"}}}`, "B"},
		{"substitution", strings.Replace(task(""), "arn:aws", "arn:${Nothing}", 1), "${Nothing}"},
		{"not JSON", `{"StartAt"`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var cfg Config
			cfg.only([]byte(tt.definition))
			_, err := Load(cfg)
			if err == nil || !strings.Contains(err.Error(), tt.path) {
				t.Errorf("error %v, want one that names %q", err, tt.path)
			}
		})
	}
}

func run(t *testing.T, definition, input string) Execution {
	t.Helper()
	r := newRig(t, func(c *Config) { c.only([]byte(definition)) })
	if err := r.Start(t.Context(), "s1", []byte(input)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Minute)
	synctest.Wait()
	x, err := r.Describe("s1")
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestPathsAndStates(t *testing.T) {
	for _, tt := range []struct{ name, state, input, output, failure string }{
		{
			"result into the input", `{"Type":"Pass","Result":{"n":1},"ResultPath":"$.a.b","Next":"B"}`, `{"a":{"c":2}}`,
			`{"a":{"b":{"n":1},"c":2}}`, "",
		},
		{"result instead of the input", `{"Type":"Pass","Result":7,"Next":"B"}`, `{}`, `7`, ""},
		{"result discarded", `{"Type":"Pass","Result":7,"ResultPath":null,"Next":"B"}`, `{"a":1}`, `{"a":1}`, ""},
		{
			"input and output path", `{"Type":"Pass","InputPath":"$.in","OutputPath":"$.out","Next":"B"}`, `{"in":{"out":"x"}}`,
			`"x"`, "",
		},
		{
			"parameters",
			`{"Type":"Pass","Parameters":{"k.$":"$.list[1]","s":["v",{"t.$":"States.Format('{}-{}', $.a, $.list[0])"}]},"Next":"B"}`, //nolint:lll // a definition in one line
			`{"list":[1,2],"a":"y"}`, `{"k":2,"s":["v",{"t":"y-1"}]}`, "",
		},
		{
			"context object", `{"Type":"Pass","Parameters":{"n.$":"$$.Execution.Name","st.$":"$$.State.Name"},"Next":"B"}`, `{}`,
			`{"n":"s1","st":"A"}`, "",
		},
		{"wait", `{"Type":"Wait","Seconds":59,"Next":"B"}`, `{"a":1}`, `{"a":1}`, ""},
		{
			"choice", `{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"x","Next":"B"}]}`, `{"a":"x"}`, `{"a":"x"}`,
			"",
		},
		{
			"no choice", `{"Type":"Choice","Choices":[{"Variable":"$.a","StringEquals":"x","Next":"B"}]}`, `{"a":"y"}`, ``,
			"States.NoChoiceMatched",
		},
		{"a path that finds nothing", `{"Type":"Pass","InputPath":"$.b","Next":"B"}`, `{"a":"y"}`, ``, "States.Runtime"},
		{
			"output over 256 KiB", `{"Type":"Pass","Result":"` + strings.Repeat("x", maxData) + `","Next":"B"}`, `{}`, ``,
			"States.DataLimitExceeded",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				x := run(t, machineWith(tt.state), tt.input)
				if string(x.Output) != tt.output || x.Error != tt.failure {
					t.Errorf("output %s error %q (%s), want %s %q", x.Output, x.Error, x.Cause, tt.output, tt.failure)
				}
			})
		})
	}
}

func TestAFunctionThatTakesTooLongTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		definition := machineWith(`{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","TimeoutSeconds":3,
			"Parameters":{"FunctionName":"f","Payload":{}},"Next":"B",
			"Retry":[{"ErrorEquals":["States.TaskFailed"]}],"Catch":[{"ErrorEquals":["States.Timeout"],"Next":"B"}]}`)
		r := newRig(t, func(c *Config) {
			c.only([]byte(definition))
			c.Invoke = func(ctx context.Context, _ string, _ []byte) ([]byte, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
		})
		if err := r.Start(t.Context(), "s1", []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if x, err := r.Describe("s1"); err != nil || x.Status != Succeeded {
			t.Errorf("%s %s %v", x.Status, x.Error, err)
		}
	})
}

// Load returns for any file, and a definition that it accepts runs to an end or a
// wait without a crash.
func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"StartAt":"A","States":{"A":{"Type":"Choice","Choices":[{"Variable":"$.method","StringEquals":"bank_ukey","Next":"A"}],"Default":"B"},"B":{"Type":"Fail","Error":"x"}}}`)) //nolint:lll // a definition in one line
	f.Add([]byte(machineWith(`{"Type":"Pass","Parameters":{"x.$":"States.Format('{}', $.a)"},"Next":"B"}`)))
	f.Add([]byte(machineWith(`{"Type":"Wait","Seconds":1,"Next":"B"}`)))
	f.Fuzz(func(t *testing.T, definition []byte) {
		r := &rig{T: t, tokens: map[string]string{}, finished: map[string]int{}}
		cfg := config(r)
		cfg.only(definition)
		steps := 0
		cfg.Now = func() time.Time {
			if steps++; steps > 1000 {
				r.cancel() // the states form a cycle
			}
			return time.Unix(0, 0)
		}
		cfg.After = func(time.Duration, func()) func() bool { return func() bool { return true } }
		cfg.PutItem = nil
		e, err := Load(cfg)
		if err != nil {
			return
		}
		for _, s := range e.machines[""].States {
			if s.Type == "Task" {
				return // other tests cover tasks
			}
		}
		r.Engine = e
		if err := e.Start(t.Context(), "x", []byte(`{"a":"b","method":"bank_ukey"}`)); err != nil {
			t.Fatal(err)
		}
		e.running.Wait()
	})
}

// A valid path or intrinsic function returns one value of the data or an error, and
// the engine does not treat the inserted text as a template.
func FuzzValue(f *testing.F) {
	f.Add("States.Format('SESSION#{}', $.sessionId)", "s1", "{}")
	f.Add("States.Format('{}{}', $.sessionId, $.other)", "{}", "x")
	f.Add("$$.Task.Token", "s1", "t")
	f.Add("$.list[0].a", "'", ",")
	f.Fuzz(func(t *testing.T, text, id, other string) {
		data := map[string]any{"sessionId": id, "other": other, "list": []any{map[string]any{"a": id}}}
		if validTemplate("x", map[string]any{"x.$": text}) != nil {
			return
		}
		context := func() any { return map[string]any{"Task": map[string]any{"Token": other}} }
		_, _ = value(text, data, context) // a path may find nothing
		if both, err := value("States.Format('{}#{}', $.sessionId, $.other)", data, nil); err != nil || both != id+"#"+other {
			t.Errorf("%q and %q are joined as %q: %v", id, other, both, err)
		}
	})
}
