package e2e

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"realname/api"
)

// control is the page's connection to the E-Port client control.
type control struct {
	testing.TB
	conn *websocket.Conn
	id   int
}

type controlAnswer struct {
	ID     int    `json:"_id"`
	Method string `json:"_method"`
	Status string `json:"_status"`
	Args   struct {
		Result bool
		Data   []string
		Error  []string
	} `json:"_args"`
}

const pin = "88888888"

// insert connects to the sandbox's control with that kind of card of the
// clerk's enterprise, in a reader of its own.
func (c *clerk) insert(kind string) *control {
	c.Helper()
	return c.insertCardOf(c.who.USCC, kind)
}

func (c *clerk) insertCardOf(uscc, kind string) *control {
	c.Helper()
	return c.connect(url.Values{"card": {uscc}, "kind": {kind}})
}

func (c *clerk) connect(desk url.Values) *control {
	c.Helper()
	var state struct{ Control string }
	if a := c.get("/sandbox/card"); a.Status != http.StatusOK || json.Unmarshal(a.Body, &state) != nil ||
		state.Control == "" {
		c.Skipf("no sandbox card here: %d %s", a.Status, a.Body)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, state.Control+"/?"+desk.Encode(),
		&websocket.DialOptions{HTTPHeader: http.Header{"Origin": {"http://localhost:5173"}}})
	if err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { _ = conn.CloseNow() }) // the test is over
	k := &control{TB: c.TB, conn: conn}
	if hello := k.read(); hello.Method != "open" || hello.Status != "00" || hello.ID != 0 {
		c.Fatalf("hello: %+v", hello)
	}
	return k
}

func (k *control) read() controlAnswer {
	k.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var a controlAnswer
	if err := wsjson.Read(ctx, k.conn, &a); err != nil {
		k.Fatal(err)
	}
	return a
}

func (k *control) ask(method string, args map[string]string) controlAnswer {
	k.Helper()
	k.id++
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := wsjson.Write(ctx, k.conn,
		map[string]any{"_id": k.id, "_method": "cus-sec_" + method, "args": args}); err != nil {
		k.Fatal(err)
	}
	a := k.read()
	if a.ID != k.id || a.Method != "cus-sec_"+method {
		k.Fatalf("answer to another request: %+v", a)
	}
	return a
}

func (k *control) data(method string, args map[string]string) []string {
	k.Helper()
	a := k.ask(method, args)
	if !a.Args.Result || len(a.Args.Data) == 0 {
		k.Fatalf("%s: %+v", method, a)
	}
	return a.Args.Data
}

// sign acts as the page does: it reads the certificate and then requests the
// signature.
func (k *control) sign(challenge string) map[string]any {
	k.Helper()
	certificate := k.data("SpcGetSignCertAsPEM", map[string]string{})[0]
	signature := k.data("SpcSignDataAsPEM", map[string]string{"inData": challenge, "passwd": pin})[0]
	return map[string]any{"challenge": challenge, "certificate": certificate, "signature": signature}
}

// beginCard starts a session of the card method.
func (c *clerk) beginCard() api.Session {
	c.Helper()
	return c.beginBy("ic_card")
}

func (c *clerk) challenge(session string) string {
	c.Helper()
	return c.challengeAt("/v1/sessions/" + session + "/card-challenge")
}

func (c *clerk) challengeAt(path string) string {
	c.Helper()
	a := c.post(path, map[string]any{})
	var ch api.CardChallenge
	if a.Status != http.StatusCreated || json.Unmarshal(a.Body, &ch) != nil {
		c.Fatalf("challenge: %d %s", a.Status, a.Body)
	}
	return ch.Challenge
}

func (c *clerk) answerCard(session string, body map[string]any) answer {
	c.Helper()
	return c.post("/v1/sessions/"+session+"/card-answer", body)
}
