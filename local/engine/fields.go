package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

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
	for _, name := range slices.Sorted(maps.Keys(top.States)) {
		s, at := top.States[name], "States."+name
		var stateType string
		if err := json.Unmarshal(s["Type"], &stateType); err != nil {
			return fmt.Errorf("%s.Type: %w", at, err)
		}
		allowed := fields(stateType)
		if allowed == nil {
			return fmt.Errorf("%s.Type: %q is not supported", at, stateType)
		}
		for _, f := range slices.Sorted(maps.Keys(s)) {
			if !slices.Contains(allowed, f) {
				return fmt.Errorf("%s.%s: not supported", at, f)
			}
		}
		for _, f := range []string{"InputPath", "OutputPath"} {
			if string(s[f]) == "null" {
				return fmt.Errorf("%s.%s: null is not supported", at, f)
			}
		}
		if err := checkRules(s, at); err != nil {
			return err
		}
	}
	return nil
}

// checkRules refuses every field of a state's retriers, catchers and choices that the
// engine does not read.
func checkRules(s map[string]json.RawMessage, at string) error {
	for list, known := range map[string][]string{
		"Retry":   {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"},
		"Catch":   {"ErrorEquals", "ResultPath", "Next"},
		"Choices": {"Variable", "StringEquals", "Next"},
	} {
		if s[list] == nil {
			continue
		}
		var rules []json.RawMessage
		if err := json.Unmarshal(s[list], &rules); err != nil {
			return fmt.Errorf("%s.%s: %w", at, list, err)
		}
		for i, r := range rules {
			if err := only(r, fmt.Sprintf("%s.%s[%d].", at, list, i), known...); err != nil {
				return err
			}
		}
	}
	return nil
}

// only refuses every field of an object other than the known ones.
func only(raw []byte, at string, known ...string) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("%s: %w", strings.TrimSuffix(at, "."), err)
	}
	for _, f := range slices.Sorted(maps.Keys(m)) {
		if !slices.Contains(known, f) {
			return fmt.Errorf("%s%s: not supported", at, f)
		}
	}
	return nil
}
