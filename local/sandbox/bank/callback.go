package bank

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"realname/api"
)

// callbackTries is the maximum number of attempts of a callback while the service
// gives no answer or a 5xx. The pauses are 1, 2, 4 and 8 seconds; each attempt has
// a new signature.
const callbackTries = 5

// deliver sends the visit's result with its trouble.
func (b *Bank) deliver(v visit) {
	defer b.visits.change(v.ID, func(v *visit) { v.Over = true })
	if v.Trouble == troubleSlow && b.cfg.Wait(b.run, b.cfg.Slow) != nil || v.Trouble == troubleSilent {
		return
	}
	copies := 1
	if v.Trouble == troubleDuplicate {
		copies = 2
	}
	for range copies {
		b.sendUntilAnswered(v)
	}
}

func (b *Bank) sendUntilAnswered(v visit) {
	pause := time.Second
	for try := range callbackTries {
		status, err := b.send(b.run, v)
		note := strconv.Itoa(status)
		if err != nil {
			note = "no answer"
		}
		b.visits.change(v.ID, func(v *visit) { v.Sent = append(v.Sent, note) })
		if err == nil && status < http.StatusInternalServerError || try == callbackTries-1 {
			return
		}
		if b.cfg.Wait(b.run, pause) != nil {
			return
		}
		pause *= 2
	}
}

func (b *Bank) send(ctx context.Context, v visit) (status int, err error) {
	body, err := b.body(v)
	if err != nil {
		return 0, err
	}
	if v.Trouble == troubleSignature { // it signs one thing and sends another
		body = append(body, ' ')
	}
	headers, err := Sign(v.Code, b.cfg.Now(), b.cfg.Nonce(), bytes.TrimRight(body, " "))
	if err != nil {
		return 0, err
	}
	target := *v.Handed.ReturnURL
	target.Path, target.RawQuery = "/v1/bank-callbacks/"+v.Code, ""
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target.String(), bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header = headers
	r.Header.Set("Content-Type", "application/json")
	answer, err := b.cfg.Client.Do(r)
	if err != nil {
		return 0, fmt.Errorf("call back: %w", err)
	}
	return answer.StatusCode, answer.Body.Close()
}

func (b *Bank) body(v visit) ([]byte, error) {
	serial := "5A4E8D10" + v.Code
	c := api.BankCallback{
		RequestId: v.Handed.RequestID, Result: api.BankCallbackResult(v.Result), Reason: &v.Reason,
		CertificateSerial: &serial,
		Enterprise: api.CallbackEnterprise{
			Name: v.Handed.EnterpriseName, Uscc: v.Handed.USCC, OrgCode: v.Handed.OrgCode,
		},
		CompletedAt: b.cfg.Now().Format(time.RFC3339),
	}
	if v.Trouble == troubleOther {
		c.Enterprise = api.CallbackEnterprise{Name: "沙箱其他企业有限公司", Uscc: "91130000MA0SANDB0X", OrgCode: "MA0SANDB0"}
	}
	return json.Marshal(c)
}
