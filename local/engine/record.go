package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode/utf8"
)

// record is the stored form of an execution.
type record struct {
	Execution
	History history     `json:"history"`
	State   string      `json:"state,omitempty"`
	Entered time.Time   `json:"entered,omitzero"`
	Retries map[int]int `json:"retries,omitempty"`
	Data    any         `json:"data,omitempty"`
	Token   string      `json:"token,omitempty"`
	Until   time.Time   `json:"until,omitzero"`
	Pausing bool        `json:"pausing,omitempty"`
}

// history lists events as [type, state, error, milliseconds], without their outputs, each
// of which is the data of the next state. It grows with each record, so it is written
// without the help of encoding/json.
type history []Event

// MarshalJSON implements json.Marshaler.
func (h history) MarshalJSON() ([]byte, error) {
	raw := make([]byte, 0, 2+80*len(h))
	raw = append(raw, '[')
	for i, v := range h {
		if i > 0 {
			raw = append(raw, ',')
		}
		raw = append(raw, '[')
		for _, text := range []string{v.Type, v.State, v.Error} {
			raw = append(appendText(raw, text), ',')
		}
		raw = append(strconv.AppendInt(raw, v.At.UnixMilli(), 10), ']')
	}
	return append(raw, ']'), nil
}

// appendText writes a text as JSON.
func appendText(to []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			raw, _ := json.Marshal(text) // cannot fail for a text
			return append(to, raw...)
		}
	}
	return append(append(append(to, '"'), text...), '"')
}

// UnmarshalJSON implements json.Unmarshaler.
func (h *history) UnmarshalJSON(raw []byte) error {
	var events []event
	err := json.Unmarshal(raw, &events)
	*h = make(history, len(events))
	for i, v := range events {
		(*h)[i] = Event(v)
	}
	return err
}

type event Event

// UnmarshalJSON implements json.Unmarshaler.
func (v *event) UnmarshalJSON(raw []byte) error {
	var at int64
	fields := []any{&v.Type, &v.State, &v.Error, &at}
	err := json.Unmarshal(raw, &fields)
	v.At = time.UnixMilli(at)
	return err
}

func read(raw []byte) (*execution, error) {
	var r record
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("engine: stored execution: %w", err)
	}
	x := &execution{
		Execution: r.Execution, state: r.State, entered: r.Entered, retries: r.Retries, data: r.Data, token: r.Token,
		until: r.Until, pausing: r.Pausing,
	}
	x.given, _ = decode(x.Input) // it was decoded at the start
	if x.retries == nil {
		x.retries = map[int]int{}
	}
	for i, v := range r.History {
		v.ID = i + 1
		x.Events = append(x.Events, v)
	}
	return x, nil
}
