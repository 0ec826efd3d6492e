package realname_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"realname/shared/realname"
	"realname/shared/vault"
)

func TestALongKeptReplyIsCompressed(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }, Sealer: vault.Ephemeral()}
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	step := `{"attemptsLeft":5,"by":null,"decidedAt":null,"name":"legal_representative","outcome":"pending"}`
	body := `{"hints":[],"id":"01a22168-66d1-7e79-a327-39e1c624f197","name":"河北寰宇贸易有限公司","steps":[` +
		strings.Repeat(step+",", 7) + step + `]}`
	kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, idem)
	if err != nil || !kept.Packed || len(kept.Sealed) > len(body)/2 {
		t.Fatalf("%d of %d bytes, %v", len(kept.Sealed), len(body), err)
	}
	if got, err := p.Replay(kept, idem); err != nil || got.Packed || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	former := *kept // a function of a former version does not know what Packed says
	former.Packed = false
	if got, err := p.Replay(&former, idem); !errors.Is(err, realname.ErrSealed) || got.Body != nil {
		t.Errorf("a former version answers %q, %v", got.Body, err)
	}
	sealed, err := p.Sealer.Seal([]byte(body), realname.ReplyItem(former), realname.ReplyField(former))
	if err != nil {
		t.Fatal(err)
	}
	former.Sealed = sealed // an answer that a former version kept
	if got, err := p.Replay(&former, idem); err != nil || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	broken := *kept
	broken.Sealed, err = p.Sealer.Seal([]byte(body), realname.ReplyItem(broken), realname.ReplyField(broken))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := p.Replay(&broken, idem); err == nil || got.Body != nil {
		t.Errorf("%q, %v", got.Body, err)
	}
}

func TestAKeptReplyAnswersTheSameRequest(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }, Sealer: vault.Ephemeral()}
	idem := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	body := `{"challenge":"c"}`
	kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, idem)
	if err != nil || kept.Body != nil || strings.Contains(string(kept.Sealed), "challenge") {
		t.Errorf("%+v %v", kept, err)
	}
	if kept.Key != "k" || kept.Fingerprint != "f" || kept.Running || !kept.ExpiresAt.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("%+v", kept)
	}
	running := p.Running(idem)
	if !running.Running || !running.ExpiresAt.Equal(noon.Add(30*time.Second)) {
		t.Errorf("%+v", running)
	}
	if none, err := p.Keep(realname.Reply{}, nil); none != nil || err != nil || p.Running(nil) != nil {
		t.Error("a reply is kept without a key")
	}
	if got, err := p.Replay(kept, idem); err != nil || got.Status != 200 || string(got.Body) != body {
		t.Errorf("%+v, %v", got, err)
	}
	older := &realname.Reply{Key: "k", Fingerprint: "f", Status: 422, Body: []byte(body)}
	if got, err := p.Replay(older, idem); err != nil || got.Status != 422 || string(got.Body) != body {
		t.Errorf("an answer of an earlier release: %+v, %v", got, err)
	}
	moved := func(change func(*realname.Reply)) *realname.Reply {
		r := *kept
		change(&r)
		return &r
	}
	for what, r := range map[string]*realname.Reply{
		"another status": moved(func(r *realname.Reply) { r.Status = 201 }),
		"another key":    moved(func(r *realname.Reply) { r.Key = "l" }),
	} {
		if got, err := p.Replay(r, idem); !errors.Is(err, realname.ErrSealed) || got.Body != nil {
			t.Errorf("%s: %+v, %v", what, got, err)
		}
	}
	if _, err := p.Replay(running, idem); realname.CodeOf(err) != realname.CodeKeyInProgress {
		t.Errorf("running: %v", err)
	}
	other := &realname.Idempotency{Key: "k", Fingerprint: "g"}
	if _, err := p.Replay(kept, other); realname.CodeOf(err) != realname.CodeKeyReused {
		t.Errorf("another body: %v", err)
	}
}

// The table does not grow by compressing what cannot be compressed.
func TestABodyIsCompressedOnlyIfThatIsShorter(t *testing.T) {
	noise := make([]byte, 400)
	for i := range noise {
		noise[i] = byte(rand.New(rand.NewPCG(1, uint64(i))).Uint32())
	}
	p := &realname.Ports{Sealer: vault.Ephemeral(), Now: func() time.Time { return noon }}
	empty, err := p.Keep(realname.Reply{Status: 204}, &realname.Idempotency{Key: "k"})
	if err != nil || empty.Sealed != "" || empty.Packed {
		t.Errorf("%+v, %v", empty, err)
	}
	for body, packed := range map[string]bool{string(noise): false, strings.Repeat("a", 400): true, "a": false} {
		kept, err := p.Keep(realname.Reply{Status: 200, Body: []byte(body)}, &realname.Idempotency{Key: "k"})
		if err != nil || kept.Packed != packed || len(kept.Body) != 0 {
			t.Fatalf("%+v, %v", kept, err)
		}
		back, err := p.Replay(kept, &realname.Idempotency{Key: "k"})
		if err != nil || !bytes.Equal(back.Body, []byte(body)) {
			t.Errorf("%d bytes come back as %d, %v", len(body), len(back.Body), err)
		}
	}
}

func TestAMarkTellsTheRequestAndItsBody(t *testing.T) {
	var none *realname.Idempotency
	request := &realname.Idempotency{Key: "k", Fingerprint: "f"}
	mark := request.Mark()
	for name, c := range map[string]struct {
		of        *realname.Idempotency
		mark      string
		key, same bool
	}{
		"the request":             {request, mark, true, true},
		"another body":            {&realname.Idempotency{Key: "k", Fingerprint: "g"}, mark, true, false},
		"another key":             {&realname.Idempotency{Key: "l", Fingerprint: "f"}, mark, false, false},
		"no decision":             {request, "", false, false},
		"a request without a key": {none, mark, false, false},
		"neither has a key":       {none, none.Mark(), false, false},
	} {
		if key, same := c.of.Marked(c.mark); key != c.key || same != c.same {
			t.Errorf("%s: %v, %v", name, key, same)
		}
	}
	if none.Mark() != "" || len(mark) != 25 {
		t.Errorf("%q, %q", none.Mark(), mark)
	}
}

func TestARunningRequestIsRememberedForHalfAMinute(t *testing.T) {
	p := &realname.Ports{Now: func() time.Time { return noon }}
	if p.Running(nil) != nil {
		t.Error("a request without a key is remembered")
	}
	r := p.Running(&realname.Idempotency{Key: "k", Fingerprint: "f"})
	if r.Key != "k" || r.Fingerprint != "f" || !r.Running || !r.ExpiresAt.Equal(noon.Add(30*time.Second)) {
		t.Errorf("%+v", r)
	}
}
