package store

import (
	"strings"

	"realname/shared/realname"
	"realname/shared/table"
)

// SealedValue is a sealed value of an item, and what the vault bound it to.
type SealedValue struct {
	Value       realname.Sealed
	Item, Field string
}

// sealedFields lists the sealed fields of items by the prefix of their partition key,
// with the name that the vault binds the item by.
var sealedFields = []struct {
	prefix, sk string
	item       func(rest string) string
	fields     map[string]string // by name in the body
}{
	{"ACCOUNT#", "PROFILE", realname.AccountItem, map[string]string{
		"administrator": realname.FieldAdministrator, "mobile": realname.FieldMobile, "email": realname.FieldEmail,
		"pendingEmail": realname.FieldPendingEmail, "erasureReason": realname.FieldErasureReason,
	}},
	{"ENTERPRISE#", "PROFILE", realname.EnterpriseItem, map[string]string{
		"legalRepresentative": realname.FieldLegalRepresentative,
	}},
	{"SESSION#", "STATE", realname.SessionItem, map[string]string{"subject": realname.FieldSubject}},
	{
		"EMAIL#", "CONFIRMATION",
		func(hash string) string { return "email-confirmation/" + hash },
		map[string]string{"email": realname.FieldPendingEmail},
	},
}

// SealedValues returns the sealed values of an item.
func SealedValues(it table.Item) []SealedValue {
	var all []SealedValue
	for _, of := range sealedFields {
		rest, ok := strings.CutPrefix(it.Key.PK, of.prefix)
		if !ok || it.Key.SK != of.sk {
			continue
		}
		for name, field := range of.fields {
			if text, _ := it.Body[name].(string); text != "" {
				all = append(all, SealedValue{realname.Sealed(text), of.item(rest), field})
			}
		}
	}
	if MessagePartition.Has(it.Key.PK) {
		m, err := readResetMessage(it)
		if item := realname.ResetMessageItem(m.ID); err == nil {
			all = append(all, SealedValue{m.LoginName, item, realname.FieldLoginName},
				SealedValue{m.Mobile, item, realname.FieldMobile}, SealedValue{m.Code, item, realname.FieldCode})
		}
	}
	if key, ok := strings.CutPrefix(it.Key.PK, replyKey("").PK); ok {
		r := realname.Reply{Key: key}
		if read(it, &r) == nil && len(r.Sealed) > 0 {
			all = append(all, SealedValue{r.Sealed, realname.ReplyItem(r), realname.ReplyField(r)})
		}
	}
	if kind, ok := strings.CutPrefix(it.Key.PK, settingPK("")); ok {
		item := SettingItem(SettingKind(kind), it.Key.SK)
		all = append(all, sealedIn(it.Body["ownKeys"], "privateKey", item, "privateKey/", "serial")...)
		all = append(all, sealedIn(it.Body["secrets"], "sealed", item, "secret/", "id")...)
	}
	return all
}

// sealedIn returns the sealed values of a list of objects, whose fields are bound by
// a name and the object's ID.
func sealedIn(list any, name, item, prefix, id string) []SealedValue {
	var all []SealedValue
	objects, _ := list.([]any)
	for _, o := range objects {
		object, _ := o.(map[string]any)
		text, _ := object[name].(string)
		which, _ := object[id].(string)
		if text != "" {
			all = append(all, SealedValue{realname.Sealed(text), item, prefix + which})
		}
	}
	return all
}
