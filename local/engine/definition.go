package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
)

type machine struct {
	name          string
	Comment       string
	QueryLanguage string
	StartAt       string
	States        map[string]state
}

// state is one state. Its type determines the allowed fields.
type state struct {
	Type     string
	Comment  string
	Next     string
	End      bool
	Resource string
	kind     resource // of a task

	InputPath      *string
	OutputPath     *string
	ResultPath     optionalPath
	Parameters     any
	ResultSelector any
	Result         any
	TimeoutSeconds int
	Retry          []retrier
	Catch          []catcher

	Choices []choice
	Default string

	Seconds int

	Error string
	Cause string
}

// optionalPath distinguishes an absent path ("$") from null, which discards.
type optionalPath struct {
	set     bool
	discard bool
	path    string
}

func (p *optionalPath) UnmarshalJSON(raw []byte) error {
	p.set = true
	if string(raw) == "null" {
		p.discard = true
		return nil
	}
	return json.Unmarshal(raw, &p.path)
}

type retrier struct {
	ErrorEquals     []string
	IntervalSeconds *int
	MaxAttempts     *int
	BackoffRate     float64
	MaxDelaySeconds int
	JitterStrategy  string
}

type catcher struct {
	ErrorEquals []string
	ResultPath  optionalPath
	Next        string
}

// choice is a rule. StringEquals is the only supported comparison.
type choice struct {
	Variable     string
	StringEquals *string
	Next         string
}

// fields lists the fields that this engine implements for each type of state. Load
// refuses any other field.
func fields(stateType string) []string {
	flow := []string{"Type", "Comment", "InputPath", "OutputPath"}
	switch stateType {
	case "Task":
		return append(flow, "Next", "End", "Resource", "Parameters", "ResultSelector", "ResultPath", "TimeoutSeconds",
			"Retry", "Catch")
	case "Choice":
		return append(flow, "Choices", "Default")
	case "Pass":
		return append(flow, "Next", "End", "Result", "ResultPath", "Parameters")
	case "Wait":
		return append(flow, "Next", "End", "Seconds")
	case "Succeed":
		return flow
	case "Fail":
		return []string{"Type", "Comment", "Error", "Cause"}
	}
	return nil
}

var placeholder = regexp.MustCompile(`\$\{([A-Za-z0-9_]+)\}`)

func parse(definition []byte, values map[string]string) (machine, error) {
	var missing error
	filled := placeholder.ReplaceAllFunc(definition, func(m []byte) []byte {
		v, ok := values[string(m[2:len(m)-1])]
		if !ok {
			missing = fmt.Errorf("no value for %s", m)
		}
		return []byte(v)
	})
	if missing != nil {
		return machine{}, missing
	}
	if err := checkFields(filled); err != nil {
		return machine{}, err
	}
	var m machine
	if err := json.Unmarshal(filled, &m); err != nil {
		return machine{}, err
	}
	if err := m.validate(); err != nil {
		return machine{}, err
	}
	for name, s := range m.States {
		s.kind, _ = resourceOf(s.Resource) // validated
		m.States[name] = s
	}
	return m, nil
}

// checkFields refuses every field that the engine does not read.
func checkFields(raw []byte) error {
	var top struct {
		States map[string]map[string]json.RawMessage
	}
	if err := json.Unmarshal(raw, &top); err != nil {
		return err
	}
	if err := only(raw, "", "Comment", "QueryLanguage", "StartAt", "States"); err != nil {
		return err
	}
	for _, name := range sortedKeys(top.States) {
		s, at := top.States[name], "States."+name
		var stateType string
		if err := json.Unmarshal(s["Type"], &stateType); err != nil {
			return fmt.Errorf("%s.Type: %w", at, err)
		}
		allowed := fields(stateType)
		if allowed == nil {
			return fmt.Errorf("%s.Type: %q is not supported", at, stateType)
		}
		for _, f := range sortedKeys(s) {
			if !slices.Contains(allowed, f) {
				return fmt.Errorf("%s.%s: not supported", at, f)
			}
		}
		for _, f := range []string{"InputPath", "OutputPath"} {
			if string(s[f]) == "null" {
				return fmt.Errorf("%s.%s: null is not supported", at, f)
			}
		}
		for list, known := range map[string][]string{
			"Retry":   {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"},
			"Catch":   {"ErrorEquals", "ResultPath", "Next"},
			"Choices": {"Variable", "StringEquals", "Next"},
		} {
			var rules []json.RawMessage
			if s[list] == nil {
				continue
			}
			if err := json.Unmarshal(s[list], &rules); err != nil {
				return fmt.Errorf("%s.%s: %w", at, list, err)
			}
			for i, r := range rules {
				if err := only(r, fmt.Sprintf("%s.%s[%d].", at, list, i), known...); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func only(raw []byte, at string, known ...string) error {
	var m map[string]json.RawMessage
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(&m); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSuffix(at, "."), err)
	}
	for _, f := range sortedKeys(m) {
		if !slices.Contains(known, f) {
			return fmt.Errorf("%s%s: not supported", at, f)
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
