package awsapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// Error is a refusal by a service, or the lack of an answer.
type Error struct {
	Service, Operation string
	Status             int // 0 without an answer
	Code               string
	Message            string // may name what the request held
	RequestID          string
	// Repeated is true if an attempt before may have been carried out.
	Repeated bool
	// Reasons are those of a canceled transaction of DynamoDB, one for each write.
	Reasons []Reason

	cause error // without an answer
}

// Reason is why a write canceled its transaction.
type Reason struct{ Code string }

// Error implements error.
func (e *Error) Error() string {
	if e.Status == 0 {
		return fmt.Sprintf("%s %s: %v", e.Service, e.Operation, e.cause)
	}
	text := fmt.Sprintf("%s %s: status %d", e.Service, e.Operation, e.Status)
	for _, part := range []struct{ before, value, after string }{
		{", ", e.Code, ""}, {": ", e.Message, ""}, {" (request ", e.RequestID, ")"},
	} {
		if part.value != "" {
			text += part.before + part.value + part.after
		}
	}
	return text
}

// Unwrap returns why there is no answer.
func (e *Error) Unwrap() error { return e.cause }

// Unsent reports whether the request lacked a connection, credentials or a region, so that
// the service has not acted.
func (e *Error) Unsent() bool {
	var op *net.OpError
	return errors.As(e.cause, &op) && op.Op == "dial" || e.unconfigured()
}

func (e *Error) unconfigured() bool {
	return errors.Is(e.cause, errCredentials) || errors.Is(e.cause, errRegion)
}

// Throttled reports whether the service had too many requests.
func (e *Error) Throttled() bool {
	switch e.Code {
	case "Throttling", "ThrottlingException", "ThrottledException", "Throttled", "RequestThrottled",
		"RequestThrottledException", "TooManyRequestsException", "ProvisionedThroughputExceededException",
		"RequestLimitExceeded", "LimitExceededException", "SlowDown", "TransactionInProgressException":
		return true
	}
	return e.Status == http.StatusTooManyRequests
}

// CodeOf returns the code of a refusal, "" for any other error.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// IsThrottled reports whether the error is a refusal of too many requests.
func IsThrottled(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Throttled()
}

// IsFinal reports whether the error is a refusal that another attempt would get again.
func IsFinal(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Status != 0 && !e.passes()
}

// refusal reads the body of a refusal in the JSON protocols.
func refusal(header http.Header, body []byte, e *Error) {
	var answer struct {
		Type    string   `json:"__type"`
		Message string   // in either case
		Reasons []Reason `json:"CancellationReasons"`
	}
	_ = json.Unmarshal(body, &answer) // a proxy's page has the status only
	e.Message, e.Reasons = answer.Message, answer.Reasons
	code := answer.Type
	if code == "" {
		code = header.Get("X-Amzn-Errortype")
	}
	code, _, _ = strings.Cut(code, ":")
	e.Code = code[strings.LastIndex(code, "#")+1:]
}
