package vault_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	gcm "github.com/tink-crypto/tink-go/v2/proto/aes_gcm_go_proto"
	"google.golang.org/protobuf/proto"

	"realname/shared/realname"
	"realname/shared/vault"
)

// Tink is a second implementation of sealing with the same keys: each opens the values
// that the other sealed.
func TestSealedValuesAreTinks(t *testing.T) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	tink, err := aead.New(handle)
	if err != nil {
		t.Fatal(err)
	}
	material := insecurecleartextkeyset.KeysetMaterial(handle)
	var key gcm.AesGcmKey
	if err := proto.Unmarshal(material.Key[0].KeyData.Value, &key); err != nil {
		t.Fatal(err)
	}
	document, err := json.Marshal(map[string]any{
		"primary": material.PrimaryKeyId, "index": make([]byte, 32),
		"keys": []map[string]any{{"id": material.Key[0].KeyId, "secret": key.KeyValue}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ours := vault.New(func() (vault.Keys, error) { return vault.Read(document) }, time.Now)
	associated := []byte("1:i/f") // the binding of item i and field f

	sealed, err := ours.Seal([]byte("季鹏"), "i", "f")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.RawStdEncoding.DecodeString(string(sealed))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := tink.Decrypt(raw, associated); err != nil || string(plain) != "季鹏" {
		t.Errorf("Tink opens ours as %q: %v", plain, err)
	}
	if raw, err = tink.Encrypt([]byte("李玲芳"), associated); err != nil {
		t.Fatal(err)
	}
	theirs := realname.Sealed(base64.RawStdEncoding.EncodeToString(raw))
	if plain, err := ours.Open(theirs, "i", "f"); err != nil || string(plain) != "李玲芳" {
		t.Errorf("the vault opens Tink's as %q: %v", plain, err)
	}
}
