package ses_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"realname/shared/accounts"
	"realname/shared/awsapi"
	"realname/shared/awsapi/awsapitest"
	"realname/shared/provider/ses"
)

// email is the part of a SendEmail request of the SES API v2 that this test reads.
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
		signed := strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 ")
		if r.Method != http.MethodPost || r.URL.Path != "/v2/email/outbound-emails" || !signed {
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
	client := awsapi.New(awsapitest.Config(service.URL), awsapi.SES)
	m := ses.New(func() *awsapi.Client { return client }, "noreply@realname.example", "https://realname.example")
	confirmation := accounts.ConfirmationMail{To: "clerk@example.com", Secret: "s3cret", Language: "zh-CN", Hours: 24}
	if err := m.SendConfirmation(t.Context(), confirmation); err != nil {
		t.Fatal(err)
	}
	to := got.Destination.ToAddresses
	if got.FromEmailAddress != "noreply@realname.example" || len(to) != 1 || to[0] != "clerk@example.com" {
		t.Errorf("%+v", got)
	}
	subject, text := &got.Content.Simple.Subject, got.Content.Simple.Body.Text
	if text.Charset != "UTF-8" || !strings.Contains(subject.Data, "确认") ||
		!strings.Contains(text.Data, "https://realname.example/confirm-email#s3cret\n") {
		t.Errorf("%+v", got)
	}
	if strings.Contains(text.Data, "clerk") {
		t.Error("the text holds personal data")
	}
	confirmation.Language = "en"
	if err := m.SendConfirmation(t.Context(), confirmation); err != nil || !strings.Contains(subject.Data, "Confirm") {
		t.Errorf("%+v %v", subject, err)
	}
	status = http.StatusBadRequest
	answer = `{"message":"Email address is not verified. ` +
		`The following identities failed the check in region US-EAST-1: clerk@example.com"}`
	err := m.SendConfirmation(t.Context(), confirmation)
	if err == nil || strings.Contains(err.Error(), "clerk") ||
		!strings.Contains(err.Error(), "MessageRejected (request request-1)") {
		t.Errorf("a refused message: %v", err)
	}
}
