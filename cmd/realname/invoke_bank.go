package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"time"

	"realname/local/sandbox/bank"
)

// signed puts a new signature of the sandbox bank into a callback's event. A
// signature in the sample would be too old.
func signed(event []byte) ([]byte, error) {
	var e map[string]any
	if err := json.Unmarshal(event, &e); err != nil {
		return nil, fmt.Errorf("read the event: %w", err)
	}
	headers, _ := e["headers"].(map[string]any)
	body, _ := e["body"].(string)
	where, _ := e["rawPath"].(string)
	if headers["rn-signature"] != "sample-signature" {
		return event, nil
	}
	h, err := bank.Sign(path.Base(where), time.Now(), rand.Text(), []byte(body))
	if err != nil {
		return nil, err
	}
	for name := range h {
		headers[strings.ToLower(name)] = h.Get(name)
	}
	return json.Marshal(e)
}
