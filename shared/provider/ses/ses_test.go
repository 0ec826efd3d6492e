package ses_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"realname/shared/accounts"
	"realname/shared/provider/ses"
)

// email is a SendEmail request of the SES API v2, as far as this test reads it.
type email struct {
	FromEmailAddress string
	Destination      struct{ ToAddresses []string }
	Content          struct {
		Simple struct {
			Subject struct{ Data, Charset string }
			Body    struct {
				Text struct{ Data, Charset string }
			}
		}
	}
}

func TestAConfirmationIsSent(t *testing.T) {
	var got email
	status, answer := http.StatusOK, `{"MessageId":"1"}`
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" || !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ") {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Requestid", "request-1")
		if status != http.StatusOK {
			w.Header().Set("X-Amzn-Errortype", "MessageRejected")
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer)) // the client is gone if it fails
	}))
	defer service.Close()
	client := sesv2.New(sesv2.Options{
		Region: "us-east-1", BaseEndpoint: &service.URL, Credentials: credentials.NewStaticCredentialsProvider("id", "secret", ""), RetryMaxAttempts: 1,
	})
	m := ses.New(func() *sesv2.Client { return client }, "noreply@realname.example", "https://realname.example")
	confirmation := accounts.ConfirmationMail{To: "clerk@example.com", Secret: "s3cret", Language: "zh-CN", Hours: 24}
	if err := m.SendConfirmation(t.Context(), confirmation); err != nil {
		t.Fatal(err)
	}
	text := got.Content.Simple.Body.Text
	if got.FromEmailAddress != "noreply@realname.example" || len(got.Destination.ToAddresses) != 1 || got.Destination.ToAddresses[0] != "clerk@example.com" ||
		text.Charset != "UTF-8" || !strings.Contains(text.Data, "https://realname.example/confirm-email#s3cret\n") || !strings.Contains(got.Content.Simple.Subject.Data, "确认") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(text.Data, "clerk") {
		t.Error("the text holds something personal")
	}
	confirmation.Language = "en"
	if err := m.SendConfirmation(t.Context(), confirmation); err != nil || !strings.Contains(got.Content.Simple.Subject.Data, "Confirm") {
		t.Errorf("%+v %v", got.Content.Simple.Subject, err)
	}
	status = http.StatusBadRequest
	answer = `{"message":"Email address is not verified. The following identities failed the check in region US-EAST-1: clerk@example.com"}`
	if err := m.SendConfirmation(t.Context(), confirmation); err == nil || strings.Contains(err.Error(), "clerk") || !strings.Contains(err.Error(), "MessageRejected (request request-1)") {
		t.Errorf("a refused message: %v", err)
	}
}
