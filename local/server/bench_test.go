package server

import (
	"strings"
	"testing"

	"realname/shared/table"
)

// BenchmarkVerificationCost counts what one legal-representative verification
// costs from start to verified: calls to the table, function invocations beside
// the authorizer's, and state transitions of the workflow.
func BenchmarkVerificationCost(b *testing.B) {
	for range b.N {
		s := demo(b)
		var calls, invocations int64
		submit := func(function, method, path, body string) string {
			status, id, n := s.call(b, function, method, path, body)
			if status >= 300 {
				b.Fatalf("%s: %d", function, status)
			}
			calls, invocations = calls+n, invocations+1
			return id
		}
		id := submit("sessions", "POST", "/v1/sessions", `{"method":"legal_representative","consentVersion":"2026-01"}`)
		for _, step := range passingSteps {
			s.opened(b, id, step.name)
			submit(step.function, "POST", "/v1/sessions/"+id+"/"+step.function, step.body)
		}
		ctx, counter := table.WithCounter(b.Context())
		if _, err := s.Invoke(ctx, "finish", []byte(`{"sessionId":"`+id+`"}`)); err != nil {
			b.Fatal(err)
		}
		calls, invocations = calls+counter.Calls(), invocations+1
		transitions := 0
		x, err := s.engine.Describe(id)
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range x.Events {
			if strings.HasSuffix(e.Type, "StateEntered") {
				transitions++
			}
		}
		b.ReportMetric(float64(calls), "table-calls")
		b.ReportMetric(float64(invocations), "invocations")
		b.ReportMetric(float64(transitions), "transitions")
	}
}
