package remote_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"realname/local/remote"
	"realname/shared/auth"
	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/memory"
	"realname/shared/vault"
)

func service(t *testing.T, now func() time.Time, keyset []byte) *httptest.Server {
	mux := http.NewServeMux()
	remote.Register(mux, remote.Sandbox, memory.New(now), fixed(keyset))
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// fixed is a keyset that is never replaced.
type fixed []byte

func (f fixed) Clear() []byte { return f }

func (f fixed) Replace(_, _ []byte) (bool, error) { return false, nil }

func (f fixed) TokenKeys(context.Context, auth.Kind) ([]string, error) { return nil, nil }

func (f fixed) RenewToken(auth.Kind, string) (string, error) { return "", nil }

func TestContract(t *testing.T) {
	contract.Run(t, func(t *testing.T, now func() time.Time) table.Table {
		return remote.New(service(t, now, nil).URL).Table()
	})
}

// The control socket carries the same table.
func TestContractOverASocket(t *testing.T) {
	contract.Run(t, func(t *testing.T, now func() time.Time) table.Table {
		socket := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		mux := http.NewServeMux()
		remote.Register(mux, remote.Control, memory.New(now), fixed(nil))
		s := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
		go func() { _ = s.Serve(l) }() // ends with Close
		t.Cleanup(func() { _ = s.Close() })
		return remote.At(socket).Table()
	})
}

func TestASocketWithoutAServiceIsNamed(t *testing.T) {
	_, err := remote.At(filepath.Join(t.TempDir(), "s")).Table().Get(t.Context(), table.Key{PK: "a", SK: "b"})
	if !errors.Is(err, remote.ErrNotRunning) {
		t.Errorf("%v", err)
	}
}

// To start a second service is not what helps a user without rights.
func TestASocketOfAnotherUserIsNamed(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may open every socket")
	}
	dir := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(dir, 0); err != nil {
		t.Fatal(err)
	}
	_, err := remote.At(filepath.Join(dir, "s")).Table().Get(t.Context(), table.Key{PK: "a", SK: "b"})
	if !errors.Is(err, remote.ErrNotPermitted) || errors.Is(err, remote.ErrNotRunning) {
		t.Errorf("%v", err)
	}
}

func TestTheVaultIsTheRunningServices(t *testing.T) {
	keyset, err := vault.Generate()
	if err != nil {
		t.Fatal(err)
	}
	its := vault.New(func() (vault.Keys, error) { return vault.Read(keyset) }, time.Now)
	sealed, err := its.Seal([]byte("李玲芳"), "account/1", "administrator")
	if err != nil {
		t.Fatal(err)
	}
	ours := remote.New(service(t, time.Now, keyset).URL + "/").Vault()
	if plain, err := ours.Open(sealed, "account/1", "administrator"); err != nil || string(plain) != "李玲芳" {
		t.Errorf("%s %v", plain, err)
	}
	here, err := ours.Index("holder", "x")
	if err != nil {
		t.Fatal(err)
	}
	if there, err := its.Index("holder", "x"); err != nil || here != there {
		t.Errorf("the indexes differ: %v", err)
	}
}

func TestAnAddressWithoutTheServiceIsNamed(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	other.Close()
	for _, url := range []string{other.URL, "http://127.0.0.1:1"} {
		_, err := remote.New(url).Table().Get(t.Context(), table.Key{PK: "a", SK: "b"})
		if !errors.Is(err, remote.ErrNoService) || !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// A page of another origin can send a form without a preflight request. It must
// not reach the table.
func TestAFormIsRefused(t *testing.T) {
	s := service(t, time.Now, nil)
	r, err := http.Post(s.URL+"/sandbox/table/get", "text/plain", strings.NewReader(`{"Keys":[{"PK":"a","SK":"b"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	if r.StatusCode != http.StatusUnsupportedMediaType {
		t.Errorf("status %d", r.StatusCode)
	}
}

// A command of version 1.0.0 shows the message of a refusal. A command that meets a
// service of that version must not take its items for something else, or try again.
func TestAnotherVersionIsNamed(t *testing.T) {
	s := service(t, time.Now, nil)
	const request = `{"Keys":[{"PK":"a","SK":"b"}]}`
	r, err := http.Post(s.URL+"/sandbox/table/get", "application/json", strings.NewReader(request))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Body.Close() }()
	var refused struct{ Kind, Message string }
	if err := json.NewDecoder(r.Body).Decode(&refused); err != nil {
		t.Fatal(err)
	}
	if r.StatusCode != http.StatusBadRequest || refused.Kind != "invalid" ||
		refused.Message != remote.ErrOtherVersion.Error() {
		t.Errorf("a former command gets %d, %+v", r.StatusCode, refused)
	}
	for _, answer := range []string{
		`{"Items":[{"PK":{"S":"a"},"SK":{"S":"b"},"version":{"N":"1"},"body":{"M":{}}}]}`,
		`{"Items":[]}`, // what is absent is not known either
	} {
		former := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(answer)) // the client is gone if it fails
		}))
		_, err := remote.New(former.URL).Table().Get(t.Context(), table.Key{PK: "a", SK: "b"})
		if !errors.Is(err, remote.ErrOtherVersion) || errors.Is(err, table.ErrUnavailable) {
			t.Errorf("from a former service: %v", err)
		}
		former.Close()
	}
}

// An import is mostly items on their way: as DynamoDB JSON, each took 225 allocations, of
// the command and the service together.
func TestAnItemIsCheapOnTheWay(t *testing.T) {
	remoteTable := remote.New(service(t, time.Now, nil).URL).Table()
	const items = 25
	var writes []table.Write
	for n := range items {
		writes = append(writes, table.Put(table.Item{
			Key: table.Key{PK: fmt.Sprint("ACCOUNT#", n), SK: "PROFILE"}, Version: 1,
			Body: map[string]any{
				"loginName": "moved", "flags": []any{true, false, nil}, "count": json.Number("1"), "uscc": "91130100MA0R01NM09",
				"administrator": "sealed", "holder": map[string]any{"state": "passed", "at": "2026"},
			},
		}, table.Always()))
	}
	const most = 60
	if n := testing.AllocsPerRun(20, func() {
		if err := remoteTable.Transact(t.Context(), writes...); err != nil {
			t.Fatal(err)
		}
	}) / items; n > most {
		t.Errorf("%v allocations for an item, at most %v", n, most)
	}
}
