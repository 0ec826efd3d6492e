package eport

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"realname/shared/clock"
	"realname/shared/eport"
)

// request and answer are the client control's messages (docs/card-integration.md).
type request struct {
	ID     json.RawMessage `json:"_id"`
	Method string          `json:"_method"`
	Args   struct {
		InData string `json:"inData"`
		Passwd string `json:"passwd"`
	} `json:"args"`
}

type answer struct {
	ID     json.RawMessage `json:"_id"`
	Method string          `json:"_method"`
	Status string          `json:"_status"`
	Args   result          `json:"_args"`
}

type result struct {
	Result bool     `json:"Result"`
	Data   []string `json:"Data"`
	Error  []string `json:"Error"`
}

func ok(data ...string) result { return result{true, data, []string{}} }

func failed(text, code string) result { return result{false, []string{}, []string{text, code}} }

func statusOK(r request, a result) any { return answer{r.ID, r.Method, "00", a} }

// maxMessage bounds a request.
const maxMessage = 64 * 1024

// Control is the client control's WebSocket server. A page on this machine may
// connect from any port. A connection with ?card=…&kind=… has its own desk, with
// that card in the reader, so that tests do not share one.
func (s *Sandbox) Control() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		desk, err := s.deskOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
			OriginPatterns: []string{"127.0.0.1:*", "localhost:*", `\[::1\]:*`, "127.0.0.1", "localhost"},
		})
		if err != nil {
			return // Accept has answered
		}
		defer func() { _ = c.CloseNow() }() // the peer is gone by then
		c.SetReadLimit(maxMessage)
		s.serve(r.Context(), c, desk)
	})
}

// serve greets and answers until the peer leaves.
func (s *Sandbox) serve(ctx context.Context, c *websocket.Conn, desk func() Reader) {
	hello := answer{json.RawMessage("0"), "open", "00", ok()}
	for err := wsjson.Write(ctx, c, hello); err == nil; {
		var r request
		if err = wsjson.Read(ctx, c, &r); err != nil {
			return
		}
		if len(r.ID) == 0 {
			r.ID = json.RawMessage("null")
		}
		reader := desk()
		if clock.Wait(ctx, reader.Delay) != nil {
			return
		}
		err = wsjson.Write(ctx, c, statusOK(r, s.handle(reader, r)))
	}
}

func (s *Sandbox) deskOf(r *http.Request) (func() Reader, error) {
	q := r.URL.Query()
	if q.Get("card") == "" && q.Get("reader") == "" {
		return s.onDesk, nil
	}
	desk := Reader{USCC: q.Get("card"), Kind: Kind(q.Get("kind")), Missing: q.Get("reader") == "missing"}
	if desk.Kind == "" {
		desk.Kind = Good
	}
	if text := q.Get("delay"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		desk.Delay = d
	}
	if desk.USCC != "" {
		if _, err := s.chip(desk.USCC, desk.Kind); err != nil {
			return nil, err
		}
	}
	return func() Reader { return desk }, nil
}

// Codes of the control's errors. The first is that of the real control. The others
// are the sandbox's own.
const (
	codeReader  = "Err:Custom50070"
	codeNoCard  = "Err:Custom50071"
	codePIN     = "Err:Card63C0"
	codeLocked  = "Err:Card6983"
	codeUnknown = "Err:Base60404"
)

func (s *Sandbox) handle(reader Reader, r request) result {
	if reader.Missing {
		return failed("[读卡器底层库]复位读卡器失败:错误码:50070", codeReader)
	}
	if reader.USCC == "" {
		return failed("读卡器中没有卡", codeNoCard)
	}
	c, err := s.chip(reader.USCC, reader.Kind)
	if err != nil {
		return failed("读卡器中没有卡", codeNoCard)
	}
	number := eport.Describe(c.certificate).Number
	switch r.Method {
	case "cus-sec_SpcGetCertNo":
		return ok(number)
	case "cus-sec_SpcGetEntName":
		return ok(c.owner.Name)
	case "cus-sec_SpcGetSignCertAsPEM":
		return ok(base64.StdEncoding.EncodeToString(c.certificate.Raw))
	case "cus-sec_SpcSignDataAsPEM":
		return s.signed(c, number, r)
	}
	return failed("不支持的方法", codeUnknown)
}

func (s *Sandbox) signed(c *chip, number string, r request) result {
	if left := s.tryPIN(c, r.Args.Passwd); left == 0 {
		return failed("卡密码已锁定，请到电子口岸制卡中心解锁", codeLocked)
	} else if left > 0 {
		return failed("卡密码错误，还可以再试"+string(rune('0'+left))+"次", codePIN)
	}
	sig, err := c.sign([]byte(r.Args.InData))
	if err != nil {
		return failed("签名失败", codeUnknown)
	}
	return ok(base64.StdEncoding.EncodeToString(sig), number)
}

// tryPIN checks a PIN and counts wrong ones. It returns -1 for the correct PIN, or
// the number of remaining attempts. A locked card accepts no PIN.
func (s *Sandbox) tryPIN(c *chip, pin string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case c.pinTries >= triesOfAPIN:
		return 0
	case pin == defaultPIN:
		c.pinTries = 0
		return -1
	}
	c.pinTries++
	return triesOfAPIN - c.pinTries
}
