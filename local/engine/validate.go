package engine

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// validate refuses a definition that cannot run to its end.
func (m machine) validate() error {
	if m.QueryLanguage != "" && m.QueryLanguage != "JSONPath" {
		return fmt.Errorf("QueryLanguage: %q is not supported", m.QueryLanguage)
	}
	reached := map[string]bool{m.StartAt: true}
	goTo := func(at, next string) error {
		if _, ok := m.States[next]; !ok {
			return fmt.Errorf("%s: there is no state %q", at, next)
		}
		reached[next] = true
		return nil
	}
	if err := goTo("StartAt", m.StartAt); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		if err := m.States[name].validate("States."+name, goTo); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.States)) {
		if !reached[name] {
			return fmt.Errorf("state %s: no state leads to it", name)
		}
	}
	return nil
}

func (s state) validate(at string, goTo func(at, next string) error) error {
	for name, path := range map[string]*string{"InputPath": s.InputPath, "OutputPath": s.OutputPath} {
		if path == nil {
			continue
		}
		if strings.HasPrefix(*path, "$$") {
			return fmt.Errorf("%s.%s: the context object is not supported here", at, name)
		}
		if err := validPath(*path); err != nil {
			return fmt.Errorf("%s.%s: %w", at, name, err)
		}
	}
	switch s.Type {
	case "Choice":
		if len(s.Choices) == 0 {
			return fmt.Errorf("%s.Choices: empty", at)
		}
		for i, c := range s.Choices {
			if c.StringEquals == nil {
				return fmt.Errorf("%s.Choices[%d].StringEquals: missing", at, i)
			}
			if strings.HasPrefix(c.Variable, "$$") {
				return fmt.Errorf("%s.Choices[%d].Variable: the context object is not supported here", at, i)
			}
			if err := validPath(c.Variable); err != nil {
				return fmt.Errorf("%s.Choices[%d].Variable: %w", at, i, err)
			}
			if err := goTo(fmt.Sprintf("%s.Choices[%d].Next", at, i), c.Next); err != nil {
				return err
			}
		}
		if s.Default != "" {
			return goTo(at+".Default", s.Default)
		}
		return nil
	case "Fail", "Succeed":
		return nil
	}
	if s.End == (s.Next != "") {
		return fmt.Errorf("%s: want exactly one of Next and End", at)
	}
	if s.Next != "" {
		if err := goTo(at+".Next", s.Next); err != nil {
			return err
		}
	}
	if s.Type == "Task" {
		return s.validateTask(at, goTo)
	}
	return errors.Join(validTemplate(at+".Parameters", s.Parameters), s.ResultPath.validate(at))
}

func (s state) validateTask(at string, goTo func(at, next string) error) error {
	kind, err := resourceOf(s.Resource)
	if err != nil {
		return fmt.Errorf("%s.Resource: %w", at, err)
	}
	for i, r := range s.Retry {
		here := fmt.Sprintf("%s.Retry[%d]", at, i)
		if err := validErrors(here, r.ErrorEquals, i == len(s.Retry)-1); err != nil {
			return err
		}
		if r.JitterStrategy != "" && r.JitterStrategy != "FULL" && r.JitterStrategy != "NONE" {
			return fmt.Errorf("%s.JitterStrategy: %q is not supported", here, r.JitterStrategy)
		}
		if r.BackoffRate != 0 && r.BackoffRate < 1 {
			return fmt.Errorf("%s.BackoffRate: less than 1", here)
		}
	}
	for i, c := range s.Catch {
		here := fmt.Sprintf("%s.Catch[%d]", at, i)
		if err := validErrors(here, c.ErrorEquals, i == len(s.Catch)-1); err != nil {
			return err
		}
		if err := goTo(here+".Next", c.Next); err != nil {
			return err
		}
		if err := c.ResultPath.validate(here); err != nil {
			return err
		}
	}
	return errors.Join(kind.validParameters(at+".Parameters", s.Parameters), validTemplate(at+".Parameters", s.Parameters),
		validTemplate(at+".ResultSelector", s.ResultSelector), s.ResultPath.validate(at))
}

// validParameters refuses parameters that the task would ignore, such as a
// condition on a put.
func (kind resource) validParameters(at string, parameters any) error {
	known := []string{"TableName", "Item"}
	if kind == lambdaInvoke {
		known = []string{"FunctionName", "Payload"}
	}
	p, ok := parameters.(map[string]any)
	if !ok {
		return fmt.Errorf("%s: want an object", at)
	}
	for _, name := range slices.Sorted(maps.Keys(p)) {
		if !slices.Contains(known, strings.TrimSuffix(name, ".$")) {
			return fmt.Errorf("%s.%s: not supported", at, name)
		}
	}
	for _, name := range known {
		if p[name] == nil && p[name+".$"] == nil {
			return fmt.Errorf("%s.%s: missing", at, name)
		}
	}
	return nil
}

func validErrors(at string, names []string, last bool) error {
	if len(names) == 0 {
		return fmt.Errorf("%s.ErrorEquals: empty", at)
	}
	if slices.Contains(names, "States.ALL") && (len(names) > 1 || !last) {
		return fmt.Errorf("%s.ErrorEquals: want States.ALL alone and last", at)
	}
	return nil
}
