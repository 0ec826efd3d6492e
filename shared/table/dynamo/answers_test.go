package dynamo_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/table"
	"realname/shared/table/dynamo"
)

// service gives the answers one after the other, the last one again and again.
type service struct {
	answers []answer
	waited  []time.Duration

	mu    sync.Mutex // a handler that gives no answer may still run when its client has failed
	asked []request
}

func (s *service) requests() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

type answer struct {
	status int // 0 for none
	body   string
}

type request struct {
	operation, body string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	operation := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "DynamoDB_20120810.")
	s.mu.Lock()
	s.asked = append(s.asked, request{operation, string(body)})
	a := s.answers[min(len(s.asked), len(s.answers))-1]
	s.mu.Unlock()
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // the client is gone if it fails
}

func over(t *testing.T, answers ...answer) (table.Table, *service) {
	t.Helper()
	s := &service{answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	config := awsapitest.Config(server.URL)
	config.Wait = func(_ context.Context, d time.Duration) error {
		s.waited = append(s.waited, d)
		return nil
	}
	client := awsapi.New(config, awsapi.DynamoDB)
	return dynamo.New(func() *awsapi.Client { return client }, "t", table.KeysOnly(), time.Now), s
}

func fault(code string) answer { return answer{400, `{"__type":"com.amazonaws#` + code + `"}`} }

func put(pk string) table.Write {
	return table.Put(table.Item{Key: table.Key{PK: pk, SK: "s"}, Version: 1}, table.Absent())
}

// A transaction whose answer was lost may have been written. Its repetition has the same
// token, so that DynamoDB writes it once.
func TestARepeatedTransactionHasTheSameToken(t *testing.T) {
	at, s := over(t, answer{}, answer{500, ""}, answer{200, "{}"})
	if err := at.Transact(t.Context(), put("a"), put("b")); err != nil || len(s.requests()) != 3 {
		t.Fatal(err, len(s.requests()))
	}
	token := func(r request) string {
		var in struct{ ClientRequestToken string }
		if err := json.Unmarshal([]byte(r.body), &in); err != nil || r.operation != "TransactWriteItems" {
			t.Fatalf("%+v %v", r, err)
		}
		return in.ClientRequestToken
	}
	tried := s.requests()
	if token(tried[0]) == "" || token(tried[0]) != token(tried[1]) || token(tried[0]) != token(tried[2]) {
		t.Errorf("%+v", tried)
	}
	err := at.Transact(t.Context(), put("a"), put("b"))
	if another := s.requests()[3]; err != nil || token(another) == token(tried[0]) {
		t.Errorf("%+v %v", another, err)
	}
}

// A single put has no token. If the answer was lost and the repetition is refused, the put
// was written if the table holds it.
func TestARepeatedPutThatWasWrittenIsNotRefused(t *testing.T) {
	const refused = "ConditionalCheckFailedException"
	none := answer{200, `{}`}
	ours := answer{200, `{"Item":{"PK":{"S":"a"},"SK":{"S":"s"},"version":{"N":"1"},"body":{"M":{}}}}`}
	theirs := answer{200, strings.Replace(ours.body, `"1"`, `"2"`, 1)}
	for name, c := range map[string]struct {
		answers []answer
		written bool
		asked   int
	}{
		"written":                 {[]answer{{}, fault(refused), ours}, true, 3},
		"written after a fault":   {[]answer{{500, ""}, fault(refused), ours}, true, 3},
		"another is there":        {[]answer{{}, fault(refused), theirs}, false, 3},
		"none is there":           {[]answer{{}, fault(refused), none}, false, 3},
		"it cannot be read":       {[]answer{{}, fault(refused), fault("ValidationException")}, false, 3},
		"refused at once":         {[]answer{fault(refused), ours}, false, 1},
		"refused after a refusal": {[]answer{fault("ThrottlingException"), fault(refused), ours}, false, 2},
	} {
		t.Run(name, func(t *testing.T) {
			at, s := over(t, c.answers...)
			err := at.Transact(t.Context(), put("a"))
			var conflict *table.ConflictError
			if (err == nil) != c.written || err != nil && !errors.As(err, &conflict) || len(s.requests()) != c.asked {
				t.Errorf("%v after %d requests", err, len(s.requests()))
			}
		})
	}
}

// unconnected has no connection for the first request.
type unconnected struct{ asked int }

func (u *unconnected) Do(r *http.Request) (*http.Response, error) {
	if u.asked++; u.asked == 1 {
		return nil, &net.OpError{Op: "dial", Err: errors.New("refused")}
	}
	return http.DefaultClient.Do(r)
}

// A put that was never sent was not written, even if the table holds the same.
func TestAPutWithoutAConnectionWasNotWritten(t *testing.T) {
	s := &service{answers: []answer{fault("ConditionalCheckFailedException")}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	config := awsapitest.Config(server.URL)
	config.HTTP = &unconnected{}
	client := awsapi.New(config, awsapi.DynamoDB)
	at := dynamo.New(func() *awsapi.Client { return client }, "t", table.KeysOnly(), time.Now)
	var conflict *table.ConflictError
	if err := at.Transact(t.Context(), put("a")); !errors.As(err, &conflict) || len(s.asked) != 1 {
		t.Errorf("%v after %d requests", err, len(s.asked))
	}
}

func TestRefusalsNameTheirWrites(t *testing.T) {
	for name, c := range map[string]struct {
		answer answer
		writes []table.Write
		want   []table.Refusal
	}{
		"a condition of one write": {
			fault("ConditionalCheckFailedException"),
			[]table.Write{put("a")},
			[]table.Refusal{{Index: 0, Key: table.Key{PK: "a", SK: "s"}, Reason: table.ConditionFailed}},
		},
		"one write against a transaction": {
			fault("TransactionConflictException"),
			[]table.Write{put("a")},
			[]table.Refusal{{Index: 0, Key: table.Key{PK: "a", SK: "s"}, Reason: table.LostRace}},
		},
		"the second write of a transaction": {
			answer{400, `{"__type":"TransactionCanceledException","CancellationReasons":[` +
				`{"Code":"None"},{"Code":"ConditionalCheckFailed"},{"Code":"TransactionConflict"},` +
				`{"Code":"TransactionConflict"}]}`},
			[]table.Write{put("a"), put("b"), put("c")},
			[]table.Refusal{
				{Index: 1, Key: table.Key{PK: "b", SK: "s"}, Reason: table.ConditionFailed},
				{Index: 2, Key: table.Key{PK: "c", SK: "s"}, Reason: table.LostRace},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			at, s := over(t, c.answer)
			err := at.Transact(t.Context(), c.writes...)
			var conflict *table.ConflictError
			if !errors.As(err, &conflict) || len(conflict.Refused) != len(c.want) || len(s.requests()) != 1 {
				t.Fatalf("%v after %d requests", err, len(s.requests()))
			}
			for i := range c.want {
				if conflict.Refused[i] != c.want[i] {
					t.Errorf("%+v, want %+v", conflict.Refused[i], c.want[i])
				}
			}
		})
	}
}

func TestOtherRefusalsAreThrottlesOrOutages(t *testing.T) {
	canceled := answer{400, `{"__type":"TransactionCanceledException","CancellationReasons":[` +
		`{"Code":"None"},{"Code":"ThrottlingError"}]}`}
	for name, c := range map[string]struct {
		answer answer
		want   error
		asked  int
	}{
		"throttled":              {fault("ProvisionedThroughputExceededException"), table.ErrThrottled, 3},
		"too many requests":      {fault("RequestLimitExceeded"), table.ErrThrottled, 3},
		"a canceled transaction": {canceled, table.ErrThrottled, 1},
		"away":                   {answer{500, ""}, table.ErrUnavailable, 3},
		"denied":                 {fault("AccessDeniedException"), table.ErrUnavailable, 1},
		"no answer":              {answer{}, table.ErrUnavailable, 3},
	} {
		t.Run(name, func(t *testing.T) {
			at, s := over(t, c.answer)
			if err := at.Transact(t.Context(), put("a"), put("b")); !errors.Is(err, c.want) || len(s.requests()) != c.asked {
				t.Errorf("a write: %v after %d requests", err, len(s.requests()))
			}
			if _, err := at.Get(t.Context(), table.Key{PK: "a", SK: "s"}); !errors.Is(err, c.want) {
				t.Errorf("a get: %v", err)
			}
			if _, err := at.Query(t.Context(), table.Query{PK: "a", Limit: 1}); !errors.Is(err, c.want) {
				t.Errorf("a query: %v", err)
			}
		})
	}
}

// DynamoDB leaves keys out of a batch that is too large or throttled. They are asked for
// again, and only they.
func TestUnprocessedKeysAreAskedForAgain(t *testing.T) {
	stored := func(pk string) string {
		return `{"PK":{"S":"` + pk + `"},"SK":{"S":"s"},"version":{"N":"1"},"body":{"M":{}}}`
	}
	at, s := over(t,
		answer{200, `{"Responses":{"t":[` + stored("a") + `]},"UnprocessedKeys":{"t":{"ConsistentRead":true,` +
			`"Keys":[{"PK":{"S":"b"},"SK":{"S":"s"}}]}}}`},
		answer{200, `{"Responses":{"t":[` + stored("b") + `]},"UnprocessedKeys":{}}`})
	items, err := at.Get(t.Context(), table.Key{PK: "a", SK: "s"}, table.Key{PK: "b", SK: "s"})
	if err != nil || len(items) != 2 || items[0].Key.PK != "a" || items[1].Key.PK != "b" {
		t.Fatal(items, err)
	}
	const again = `{"RequestItems":{"t":{"Keys":[{"PK":{"S":"b"},"SK":{"S":"s"}}],"ConsistentRead":true}}}`
	if len(s.requests()) != 2 || s.requests()[1].body != again {
		t.Errorf("%+v", s.requests())
	}
}

// A caller waits two seconds at most for keys that DynamoDB leaves out again and again.
func TestUnprocessedKeysAreGivenUpSoon(t *testing.T) {
	const left = `{"UnprocessedKeys":{"t":{"Keys":[{"PK":{"S":"b"},"SK":{"S":"s"}}]}}}`
	at, s := over(t, answer{200, left})
	_, err := at.Get(t.Context(), table.Key{PK: "a", SK: "s"}, table.Key{PK: "b", SK: "s"})
	if !errors.Is(err, table.ErrThrottled) || len(s.requests()) != 5 || len(s.waited) != 4 {
		t.Fatalf("%v after %d requests and %v", err, len(s.requests()), s.waited)
	}
	longest := 125 * time.Millisecond
	for _, d := range s.waited {
		if d >= longest {
			t.Errorf("waited %v, at most %v", d, longest)
		}
		longest *= 2
	}
}
