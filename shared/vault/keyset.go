package vault

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// document holds both keysets in clear. It exists in memory and inside a KMS
// ciphertext, so that one KMS call loads everything.
type document struct {
	AEAD  []byte `json:"aead"`
	Index []byte `json:"index"`
}

// Generate makes a fresh pair of keysets: AES-256-GCM and HMAC-SHA256 PRF. The
// result is in clear; wrap it (awskms.Wrap) before it is kept anywhere.
func Generate() ([]byte, error) {
	var d document
	var err error
	if d.AEAD, err = fresh(aead.AES256GCMKeyTemplate()); err != nil {
		return nil, err
	}
	if d.Index, err = fresh(prf.HMACSHA256PRFKeyTemplate()); err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

// Rotate returns the document with a new primary AEAD key; values sealed by the
// old ones still open. The index key stays, since indexes must stay equal.
func Rotate(clear []byte) ([]byte, error) {
	var d document
	if err := json.Unmarshal(clear, &d); err != nil {
		return nil, fmt.Errorf("read keysets: %w", err)
	}
	handle, err := read(d.AEAD)
	if err != nil {
		return nil, err
	}
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("add a key: %w", err)
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, fmt.Errorf("make the new key primary: %w", err)
	}
	if handle, err = manager.Handle(); err != nil {
		return nil, err
	}
	if d.AEAD, err = write(handle); err != nil {
		return nil, err
	}
	return json.Marshal(d)
}

func fresh(t *tinkpb.KeyTemplate) ([]byte, error) {
	h, err := keyset.NewHandle(t)
	if err != nil {
		return nil, fmt.Errorf("make keyset: %w", err)
	}
	return write(h)
}

// Read turns keysets in clear into primitives.
func Read(clear []byte) (Keys, error) {
	var d document
	if err := json.Unmarshal(clear, &d); err != nil {
		return Keys{}, fmt.Errorf("read keysets: %w", err)
	}
	seal, err := read(d.AEAD)
	if err != nil {
		return Keys{}, err
	}
	index, err := read(d.Index)
	if err != nil {
		return Keys{}, err
	}
	var k Keys
	if k.AEAD, err = aead.New(seal); err != nil {
		return Keys{}, fmt.Errorf("AEAD keyset: %w", err)
	}
	set, err := prf.NewPRFSet(index)
	if err != nil {
		return Keys{}, fmt.Errorf("index keyset: %w", err)
	}
	k.Index = set
	return k, nil
}

// Ephemeral returns a vault with keys that end with the process.
func Ephemeral() *Vault {
	return New(func() (Keys, error) {
		clear, err := Generate()
		if err != nil {
			return Keys{}, err
		}
		return Read(clear)
	})
}

func read(raw []byte) (*keyset.Handle, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewBinaryReader(bytes.NewReader(raw)))
	if err != nil {
		return nil, fmt.Errorf("read keyset: %w", err)
	}
	return h, nil
}

func write(h *keyset.Handle) ([]byte, error) {
	var b bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewBinaryWriter(&b)); err != nil {
		return nil, fmt.Errorf("write keyset: %w", err)
	}
	return b.Bytes(), nil
}
