package awsapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"
)

// mostAttempts bounds the requests for one call, as in the SDK.
const mostAttempts = 3

// The longest first pause, which doubles with each further one. A service with too many
// requests needs longer than one that failed.
const (
	firstPause     = 50 * time.Millisecond
	throttledPause = time.Second
)

// mostAnswer is above the largest answer, that of BatchGetItem with 16 MB of items.
const mostAnswer = 64 << 20

// Refused reads the code of a refusal from its header and body.
type Refused func(header http.Header, body []byte, e *Error)

// Post sends the body to the service and returns the body of the answer. A request
// that a service throttled or failed to process, or that got no answer, is repeated.
// Errors: *Error.
func (c *Client) Post(
	ctx context.Context, operation, contentType string, body []byte, refused Refused,
) ([]byte, error) {
	ctx = context.WithValue(ctx, calledKey{}, called{c.Name, operation, c.Region})
	repeated := false
	for attempt := 1; ; attempt++ {
		answer, e := c.try(ctx, operation, contentType, body, refused)
		if e == nil {
			return answer, nil
		}
		e.Repeated = repeated
		repeated = repeated || !e.Throttled() && !e.Unsent()
		if attempt >= c.attempts || !e.passes() || ctx.Err() != nil || c.Wait(ctx, e.pause(attempt)) != nil {
			return nil, e
		}
	}
}

// passes reports whether another attempt may succeed.
func (e *Error) passes() bool {
	return e.Status == 0 && !e.unconfigured() ||
		e.Status >= http.StatusInternalServerError || e.Throttled() || e.Code == "RequestTimeout"
}

// pause returns a random time before the next attempt, so that many clients that failed
// at once do not come back at once.
func (e *Error) pause(attempt int) time.Duration {
	longest := firstPause
	if e.Throttled() {
		longest = throttledPause
	}
	return Pause(longest, attempt)
}

// Pause returns a random time before the attempt after the given one, counted from 1. The
// longest first pause doubles with each attempt.
func Pause(longest time.Duration, attempt int) time.Duration { return rand.N(longest << (attempt - 1)) }

var (
	errCredentials = errors.New("credentials")
	errRegion      = errors.New("no region: set AWS_REGION")
)

func (c *Client) try(
	ctx context.Context, operation, contentType string, body []byte, refused Refused,
) ([]byte, *Error) {
	e := &Error{Service: c.Name, Operation: operation}
	if c.Region == "" {
		e.cause = errRegion
		return nil, e
	}
	credentials, err := c.Credentials(ctx)
	if err != nil {
		e.cause = fmt.Errorf("%w: %w", errCredentials, err)
		return nil, e
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url(), bytes.NewReader(body))
	if err != nil {
		e.cause = err
		return nil, e
	}
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", "realname")
	r.Header.Set("Accept-Encoding", "identity") // the checksum is of the body as sent
	if c.Target != "" {
		r.Header.Set("X-Amz-Target", c.Target+operation)
	}
	if err := sign(r, body, credentials, c.Region, c.Signs, c.Now()); err != nil {
		e.cause = err
		return nil, e
	}
	response, err := c.HTTP.Do(r)
	if err != nil {
		e.cause = err
		return nil, e
	}
	answer, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	if err = errors.Join(err, response.Body.Close(), intact(response.Header, answer)); err != nil {
		e.cause = err
		return nil, e
	}
	if response.StatusCode == http.StatusOK {
		return answer, nil
	}
	e.Status, e.RequestID = response.StatusCode, response.Header.Get("X-Amzn-Requestid")
	refused(response.Header, answer, e)
	return nil, e
}

// intact checks the checksum that DynamoDB sends (API reference, "HTTP response").
func intact(header http.Header, body []byte) error {
	text := header.Get("X-Amz-Crc32")
	if text == "" {
		return nil
	}
	want, err := strconv.ParseUint(text, 10, 32)
	if err != nil || uint32(want) != crc32.ChecksumIEEE(body) {
		return errors.New("the answer does not have its checksum")
	}
	return nil
}
