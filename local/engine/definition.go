package engine

import (
	"encoding/json"
	"fmt"
	"regexp"
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
