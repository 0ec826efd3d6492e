package workflow_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"realname/shared/realname"
	"realname/shared/workflow"
)

type machine struct {
	QueryLanguage, StartAt string
	States                 map[string]map[string]any
}

func parse(t *testing.T, definition []byte) (m machine) {
	t.Helper()
	filled := regexp.MustCompile(`\$\{\w+\}`).ReplaceAll(definition, []byte("7200"))
	if err := json.Unmarshal(filled, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// without returns a copy of the state without these fields.
func without(state map[string]any, fields ...string) map[string]any {
	kept := maps.Clone(state)
	for _, f := range fields {
		delete(kept, f)
	}
	return kept
}

// A method's machine waits for the steps of the domain in their order, and then
// finishes. Nothing else costs a transition.
func TestEachMethodHasAMachineOfItsSteps(t *testing.T) {
	definitions := workflow.Definitions()
	if len(definitions) != len(realname.Methods()) {
		t.Errorf("%d machines", len(definitions))
	}
	for _, method := range realname.Methods() {
		m := parse(t, definitions[workflow.Name(method)])
		state := m.StartAt
		for _, step := range method.Steps() {
			item := m.States[state]["Parameters"].(map[string]any)["Item"].(map[string]any)
			body := item["body"].(map[string]any)["M"].(map[string]any)
			if got := body["step"].(map[string]any)["S"]; got != string(step) {
				t.Errorf("%s: %s opens %v, want %s", method, state, got, step)
			}
			state, _ = m.States[state]["Next"].(string)
		}
		if state != "Finish" || len(m.States) != len(method.Steps())+2 { // and Expire
			t.Errorf("%s: its steps lead to %s in %d states", method, state, len(m.States))
		}
	}
}

// What the machines have in common is the same in all of them: how a step waits, how it
// is tried again, and how an execution ends.
func TestTheMachinesAgree(t *testing.T) {
	first := parse(t, workflow.Definitions()[workflow.Name(realname.LegalRepresentative)])
	steps := func(v any) string {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return regexp.MustCompile(`"step":\{"S":"\w+"\}`).ReplaceAllString(string(raw), "")
	}
	for name, definition := range workflow.Definitions() {
		m := parse(t, definition)
		if m.QueryLanguage != first.QueryLanguage {
			t.Errorf("%s: %s", name, m.QueryLanguage)
		}
		for state, has := range m.States {
			want, like := first.States[state], []string{"Comment"}
			if strings.HasPrefix(state, "Await") {
				want, like = first.States[first.StartAt], []string{"Comment", "Next"}
			}
			if steps(without(has, like...)) != steps(without(want, like...)) {
				t.Errorf("%s: %s differs from the other machines", name, state)
			}
		}
	}
}

func TestAMachineIsNamedAfterItsFile(t *testing.T) {
	for name, definition := range workflow.Definitions() {
		file, err := os.ReadFile(name + ".asl.json")
		if err != nil || !bytes.Equal(file, definition) {
			t.Errorf("%s is not its file: %v", name, err)
		}
	}
}

func TestAnInputNamesItsMachine(t *testing.T) {
	for input, want := range map[string]string{
		`{"sessionId":"s","method":"bank_ukey","requestId":"r"}`: "bank-ukey",
		`{"sessionId":"s","method":"legal_representative"}`:      "legal-representative", // of an older release
		`{"sessionId":"s"}`: "", `"bank_ukey"`: "", `not JSON`: "",
	} {
		if got := workflow.Of([]byte(input)); got != want {
			t.Errorf("%s: %q, want %q", input, got, want)
		}
	}
}
