package store_test

import (
	"encoding/json"
	"slices"
	"testing"

	"realname/shared/realname"
	"realname/shared/store"
	"realname/shared/table"
)

func TestSealedValuesNameTheirBinding(t *testing.T) {
	for name, tt := range map[string]struct {
		key  table.Key
		body map[string]any
		want []store.SealedValue
	}{
		"account": {
			table.Key{PK: "ACCOUNT#1", SK: "PROFILE"},
			map[string]any{"mobile": "m", "loginName": "x"},
			[]store.SealedValue{{Value: "m", Item: "account/1", Field: realname.FieldMobile}},
		},
		"another item of the account": {table.Key{PK: "ACCOUNT#1", SK: "DAY#1"}, map[string]any{"mobile": "m"}, nil},
		"enterprise": {
			table.Key{PK: "ENTERPRISE#U", SK: "PROFILE"},
			map[string]any{"legalRepresentative": "l", "name": "n"},
			[]store.SealedValue{{Value: "l", Item: "enterprise/U", Field: realname.FieldLegalRepresentative}},
		},
		"session": {
			table.Key{PK: "SESSION#s", SK: "STATE"},
			map[string]any{"subject": "s"},
			[]store.SealedValue{{Value: "s", Item: "session/s", Field: realname.FieldSubject}},
		},
		"confirmation": {
			table.Key{PK: "EMAIL#h", SK: "CONFIRMATION"},
			map[string]any{"email": "e"},
			[]store.SealedValue{{Value: "e", Item: "email-confirmation/h", Field: realname.FieldPendingEmail}},
		},
		"message": {
			table.Key{PK: "MESSAGE#3", SK: "m"},
			map[string]any{"loginName": "l", "mobile": "m", "code": "c"},
			[]store.SealedValue{
				{Value: "l", Item: "reset-message/m", Field: realname.FieldLoginName},
				{Value: "m", Item: "reset-message/m", Field: realname.FieldMobile},
				{Value: "c", Item: "reset-message/m", Field: realname.FieldCode},
			},
		},
		"reply": {
			table.Key{PK: "IDEMPOTENCY#k", SK: "REPLY"},
			map[string]any{"sealed": "r", "fingerprint": "f", "status": json.Number("201")},
			[]store.SealedValue{{Value: "r", Item: "reply/k", Field: "f/201"}},
		},
		"bank": {
			table.Key{PK: "CONFIG#bank", SK: "CCB"},
			map[string]any{"ownKeys": []any{map[string]any{"privateKey": "p", "serial": "1"}}},
			[]store.SealedValue{{Value: "p", Item: "config/bank/CCB", Field: "privateKey/1"}},
		},
		"webhook": {
			table.Key{PK: "CONFIG#webhook", SK: "platform"},
			map[string]any{"secrets": []any{map[string]any{"sealed": "w", "id": "2"}}},
			[]store.SealedValue{{Value: "w", Item: "config/webhook/platform", Field: "secret/2"}},
		},
	} {
		if got := store.SealedValues(table.Item{Key: tt.key, Body: tt.body}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
