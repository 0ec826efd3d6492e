package awsapi_test

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
)

// answers is a service that gives the answers one after the other, the last one again
// and again.
type answers struct {
	all []http.HandlerFunc

	mu    sync.Mutex // a handler that hangs up may still run when its client has failed
	asked []string
}

func (a *answers) requests() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.asked)
}

func (a *answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	a.asked = append(a.asked, r.Header.Get("X-Amz-Target")+" "+string(body))
	answer := a.all[min(len(a.asked), len(a.all))-1]
	a.mu.Unlock()
	w.Header().Set("X-Amzn-Requestid", "request-1")
	answer(w, r)
}

func (a *answers) client(t *testing.T) *awsapi.Client {
	t.Helper()
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	return awsapi.New(awsapitest.Config(server.URL), awsapi.DynamoDB)
}

func refuse(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, `{"__type":"com.amazonaws.dynamodb.v20120810#%s","message":"why"}`, code)
	}
}

func good(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, `{"Item":{"PK":{"S":"x"}}}`)
}

func damaged(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amz-Crc32", "1")
	good(w, r)
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

type item struct {
	Item map[string]map[string]string
}

func TestACallCarriesItsRequestAndAnswer(t *testing.T) {
	service := &answers{all: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-amz-json-1.0" ||
			r.Header.Get("Accept-Encoding") != "identity" {
			t.Errorf("%s %v", r.Method, r.Header)
		}
		body := `{"Item":{"PK":{"S":"x"}}}`
		w.Header().Set("X-Amz-Crc32", fmt.Sprint(crc32.ChecksumIEEE([]byte(body))))
		_, _ = io.WriteString(w, body)
	}}}
	var out item
	if err := service.client(t).Call(t.Context(), "GetItem", map[string]string{"TableName": "t"}, &out); err != nil {
		t.Fatal(err)
	}
	if service.requests()[0] != `DynamoDB_20120810.GetItem {"TableName":"t"}` || out.Item["PK"]["S"] != "x" {
		t.Errorf("%q %v", service.requests(), out)
	}
}

func TestWhatMayPassIsRepeatedAndNothingElse(t *testing.T) {
	type says = []http.HandlerFunc
	text := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const condition, throttled = "ConditionalCheckFailedException", "ProvisionedThroughputExceededException"
	for name, c := range map[string]struct {
		answers says
		asked   int
		code    string // of the error
		good    bool
		final   bool
	}{
		"a success":                  {says{good}, 1, "", true, false},
		"an error of the service":    {says{refuse(500, "InternalServerError")}, 3, "InternalServerError", false, false},
		"a service that is away":     {says{refuse(503, "X"), refuse(502, "X"), good}, 3, "", true, false},
		"too many requests":          {says{refuse(400, "ThrottlingException"), good}, 2, "", true, false},
		"too many, by status":        {says{refuse(429, "X"), good}, 2, "", true, false},
		"too many, again and again":  {says{refuse(400, throttled)}, 3, throttled, false, false},
		"a slow request":             {says{refuse(400, "RequestTimeout"), good}, 2, "", true, false},
		"no answer":                  {says{hangUp, hangUp, good}, 3, "", true, false},
		"never an answer":            {says{hangUp}, 3, "", false, false},
		"a damaged answer":           {says{damaged, good}, 2, "", true, false},
		"a refusal":                  {says{refuse(400, "ValidationException")}, 1, "ValidationException", false, true},
		"a failed condition":         {says{refuse(400, condition), good}, 1, condition, false, true},
		"a refusal after no answer":  {says{hangUp, refuse(403, "AccessDenied")}, 2, "AccessDenied", false, true},
		"an answer that is not JSON": {says{text(200, "<")}, 1, "", false, false},
		"a page of a proxy, no code": {says{text(404, "<html>")}, 1, "", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			service := &answers{all: c.answers}
			var out item
			err := service.client(t).Call(t.Context(), "GetItem", struct{}{}, &out)
			if len(service.requests()) != c.asked || (err == nil) != c.good || awsapi.CodeOf(err) != c.code {
				t.Errorf("asked %d times, %v, code %q", len(service.requests()), err, awsapi.CodeOf(err))
			}
			if awsapi.IsFinal(err) != c.final {
				t.Errorf("final: %t", awsapi.IsFinal(err))
			}
		})
	}
}

func TestAClientWithoutRepetitionAsksOnce(t *testing.T) {
	service := &answers{all: []http.HandlerFunc{refuse(500, "InternalServerError"), good}}
	client := service.client(t)
	once := awsapi.NewOnce(client.Config, client.Service)
	if err := once.Call(t.Context(), "GetItem", struct{}{}, &item{}); err == nil || len(service.requests()) != 1 {
		t.Errorf("%v after %d requests", err, len(service.requests()))
	}
}

func TestAnErrorHoldsWhatTheServiceSaid(t *testing.T) {
	service := &answers{all: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, `{"__type":"a.b#TransactionCanceledException","Message":"why",`+
			`"CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed","Message":"m"}]}`)
	}}}
	err := service.client(t).Call(t.Context(), "TransactWriteItems", struct{}{}, &item{})
	var e *awsapi.Error
	if !errors.As(err, &e) || e.Status != 400 || e.Code != "TransactionCanceledException" || e.Message != "why" ||
		e.RequestID != "request-1" || len(e.Reasons) != 2 || e.Reasons[1].Code != "ConditionalCheckFailed" {
		t.Errorf("%+v", e)
	}
	const want = "DynamoDB TransactWriteItems: status 400, TransactionCanceledException: why (request request-1)"
	if err.Error() != want {
		t.Errorf("got %s", err)
	}
}

// A proxy's page has neither a code nor a request ID.
func TestAnErrorNamesOnlyWhatIsThere(t *testing.T) {
	refusal := awsapi.Error{Service: "KMS", Operation: "Sign", Status: 502}
	if got := refusal.Error(); got != "KMS Sign: status 502" {
		t.Errorf("got %s", got)
	}
	refusal.RequestID = "request-1"
	if got := refusal.Error(); got != "KMS Sign: status 502 (request request-1)" {
		t.Errorf("got %s", got)
	}
}

// SES names the code in a header, with an address behind it.
func TestTheCodeMayBeInAHeader(t *testing.T) {
	service := &answers{all: []http.HandlerFunc{func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amzn-Errortype", "MessageRejected:http://internal.amazon.com/coral/")
		w.WriteHeader(http.StatusBadRequest)
	}}}
	err := service.client(t).Call(t.Context(), "SendEmail", struct{}{}, &item{})
	if awsapi.CodeOf(err) != "MessageRejected" {
		t.Error(err)
	}
}

// Pauses grow, are longer for a service with too many requests, and differ.
func TestPausesAreRandomAndGrow(t *testing.T) {
	for code, first := range map[string]time.Duration{
		"InternalServerError": 50 * time.Millisecond, "ThrottlingException": time.Second,
	} {
		service := &answers{all: []http.HandlerFunc{refuse(500, code)}}
		client := service.client(t)
		var pauses []time.Duration
		client.Wait = func(_ context.Context, d time.Duration) error {
			pauses = append(pauses, d)
			return nil
		}
		different := map[time.Duration]bool{}
		for range 20 {
			pauses = nil
			if err := client.Call(t.Context(), "GetItem", struct{}{}, &item{}); err == nil {
				t.Fatal("no error")
			}
			if len(pauses) != 2 || pauses[0] >= first || pauses[1] >= 2*first {
				t.Errorf("%s: %v", code, pauses)
			}
			different[pauses[1]] = true
		}
		if len(different) < 10 {
			t.Errorf("%s: %d different pauses of 20", code, len(different))
		}
	}
}

func TestACallThatIsGivenUpIsNotRepeated(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	service := &answers{all: []http.HandlerFunc{func(w http.ResponseWriter, r *http.Request) {
		cancel()
		refuse(500, "InternalServerError")(w, r)
	}}}
	if err := service.client(t).Call(ctx, "GetItem", struct{}{}, &item{}); err == nil || len(service.requests()) != 1 {
		t.Errorf("%v after %d requests", err, len(service.requests()))
	}
}

func TestWithoutCredentialsNothingIsSent(t *testing.T) {
	service := &answers{all: []http.HandlerFunc{good}}
	client := service.client(t)
	tried := 0
	client.Credentials = func(context.Context) (awsapi.Credentials, error) {
		tried++
		return awsapi.Credentials{}, errors.New("none")
	}
	err := client.Call(t.Context(), "GetItem", struct{}{}, &item{})
	if err == nil || !strings.Contains(err.Error(), "none") || tried != 1 || len(service.requests()) != 0 {
		t.Errorf("%v, %d times, %d requests", err, tried, len(service.requests()))
	}
}

func TestWithoutARegionNothingIsSent(t *testing.T) {
	network := &seen{}
	c := awsapitest.Config("")
	c.HTTP, c.Region = network, ""
	err := awsapi.New(c, awsapi.KMS).Call(t.Context(), "Sign", struct{}{}, &struct{}{})
	if err == nil || !strings.Contains(err.Error(), "AWS_REGION") || len(network.addresses) != 0 {
		t.Errorf("%v, asked %q", err, network.addresses)
	}
}

// seen is a connection that keeps the address of each request and its description for traces.
type seen struct{ addresses, calls []string }

func (s *seen) Do(r *http.Request) (*http.Response, error) {
	service, operation, region := awsapi.Called(r.Context())
	s.addresses, s.calls = append(s.addresses, r.URL.String()), append(s.calls, service+" "+operation+" "+region)
	return nil, errors.New("no network")
}

func TestEachServiceHasItsAddress(t *testing.T) {
	network := &seen{}
	c := awsapitest.Config("")
	c.HTTP = network
	for _, call := range []struct {
		service awsapi.Service
		region  string
		want    string
	}{
		{awsapi.DynamoDB, "eu-west-1", "https://dynamodb.eu-west-1.amazonaws.com/"},
		{awsapi.EventBridge, "us-east-1", "https://events.us-east-1.amazonaws.com/"},
		{awsapi.KMS, "cn-north-1", "https://kms.cn-north-1.amazonaws.com.cn/"},
		{awsapi.SecretsManager, "cn-northwest-1", "https://secretsmanager.cn-northwest-1.amazonaws.com.cn/"},
		{awsapi.SES, "us-east-1", "https://email.us-east-1.amazonaws.com/v2/email/outbound-emails"},
		{awsapi.SNS, "ap-southeast-1", "https://sns.ap-southeast-1.amazonaws.com/"},
		{awsapi.SFN, "cn-north-1", "https://states.cn-north-1.amazonaws.com.cn/"},
	} {
		c.Region = call.region
		if err := awsapi.NewOnce(c, call.service).Call(t.Context(), "Do", struct{}{}, &item{}); err == nil {
			t.Fatal("no error")
		}
		if got := network.addresses[len(network.addresses)-1]; got != call.want {
			t.Errorf("%s: %s, want %s", call.service.Name, got, call.want)
		}
		if got := network.calls[len(network.calls)-1]; got != call.service.Name+" Do "+call.region {
			t.Errorf("described as %q", got)
		}
	}
}
