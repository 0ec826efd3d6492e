package e2e

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"realname/local/engine"
	"realname/local/meter"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// simulatedAWS speaks the protocols of DynamoDB, Step Functions, KMS and Secrets Manager
// as far as the functions of the comparison use them. The table in memory holds the
// items, under the meter.
type simulatedAWS struct {
	table  table.Table // metered
	meter  *meter.Meter
	engine *engine.Engine
	// plaintexts are what KMS decrypts, by ciphertext; secrets are those of Secrets Manager.
	plaintexts map[string][]byte
	secrets    map[string]map[string]any
}

// fault is an error of AWS.
type fault struct {
	Type    string `json:"__type"`
	Reasons []any  `json:"CancellationReasons,omitempty"`
}

// Error implements error.
func (f *fault) Error() string { return f.Type }

// ServeHTTP answers one call.
func (a *simulatedAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in map[string]any
	d := json.NewDecoder(r.Body)
	d.UseNumber()
	err := d.Decode(&in)
	var out map[string]any
	if err == nil {
		ctx := a.meter.Invocation(r.Context(), "functions")
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		out, err = a.answer(ctx, operation, in)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	if err != nil {
		var f *fault
		if !errors.As(err, &f) {
			f = &fault{Type: "ValidationException: " + err.Error()}
		}
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(f) // the caller is gone if it fails
		return
	}
	_ = json.NewEncoder(w).Encode(out) // the caller is gone if it fails
}

func (a *simulatedAWS) answer(ctx context.Context, operation string, in map[string]any) (map[string]any, error) {
	nothing := map[string]any{}
	switch operation {
	case "GetItem":
		items, err := a.get(ctx, in["Key"])
		if err != nil || len(items) == 0 {
			return nothing, err
		}
		return map[string]any{"Item": items[0]}, nil
	case "BatchGetItem":
		responses := map[string]any{}
		for name, request := range object(in["RequestItems"]) {
			items, err := a.get(ctx, list(object(request)["Keys"])...)
			if err != nil {
				return nil, err
			}
			responses[name] = items
		}
		return map[string]any{"Responses": responses, "UnprocessedKeys": nothing}, nil
	case "Query":
		return a.query(ctx, in)
	case "PutItem":
		return nothing, a.write(ctx, map[string]any{"Put": in})
	case "DeleteItem":
		return nothing, a.write(ctx, map[string]any{"Delete": in})
	case "TransactWriteItems":
		return nothing, a.write(ctx, list(in["TransactItems"])...)
	case "StartExecution":
		name, _ := in["name"].(string)
		input, _ := in["input"].(string)
		return map[string]any{"executionArn": "arn:" + name, "startDate": 1}, a.engine.Start(ctx, name, []byte(input))
	case "SendTaskSuccess":
		token, _ := in["taskToken"].(string)
		return nothing, a.engine.Succeed(ctx, token, []byte(`{}`))
	case "Decrypt":
		ciphertext, _ := in["CiphertextBlob"].(string)
		if plain, known := a.plaintexts[ciphertext]; known {
			return map[string]any{"Plaintext": base64.StdEncoding.EncodeToString(plain), "KeyId": "key"}, nil
		}
		return nil, &fault{Type: "InvalidCiphertextException"}
	case "GetSecretValue":
		id, _ := in["SecretId"].(string)
		if secret, known := a.secrets[id]; known {
			return secret, nil
		}
		return nil, &fault{Type: "ResourceNotFoundException"}
	}
	return nil, fmt.Errorf("unknown operation %q", operation)
}

func object(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func (a *simulatedAWS) get(ctx context.Context, keys ...any) ([]map[string]any, error) {
	wanted := make([]table.Key, len(keys))
	for i, k := range keys {
		wanted[i] = keyIn(k)
	}
	items, err := a.table.Get(ctx, wanted...)
	if err != nil {
		return nil, err
	}
	found := make([]map[string]any, len(items))
	for i, it := range items {
		if found[i], err = dynamojson.Encode(it); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// query answers a query of the table by the partition key, and by a prefix of the sort key.
func (a *simulatedAWS) query(ctx context.Context, in map[string]any) (map[string]any, error) {
	if in["IndexName"] != nil {
		return nil, errors.New("a query of an index")
	}
	values := object(in["ExpressionAttributeValues"])
	q := table.Query{}
	q.PK, _ = object(values[":pk"])["S"].(string)
	q.SKPrefix, _ = object(values[":prefix"])["S"].(string)
	page, err := a.table.Query(ctx, q)
	if err != nil {
		return nil, err
	}
	found := make([]map[string]any, len(page.Items))
	for i, it := range page.Items {
		if found[i], err = dynamojson.Encode(it); err != nil {
			return nil, err
		}
	}
	return map[string]any{"Items": found, "Count": len(found)}, nil
}

func keyIn(v any) table.Key {
	text := func(name string) string {
		s, _ := object(object(v)[name])["S"].(string)
		return s
	}
	return table.Key{PK: text("PK"), SK: text("SK")}
}

// write makes the writes of a transaction.
func (a *simulatedAWS) write(ctx context.Context, items ...any) error {
	writes := make([]table.Write, len(items))
	for i, of := range items {
		for kind, w := range object(of) {
			given := object(w)
			condition, err := conditionIn(given)
			if err != nil {
				return err
			}
			switch kind {
			case "Put":
				it, err := dynamojson.Decode(object(given["Item"]))
				if err != nil {
					return err
				}
				writes[i] = table.Put(it, condition)
			case "Delete":
				writes[i] = table.Delete(keyIn(given["Key"]), condition)
			case "ConditionCheck":
				writes[i] = table.Check(keyIn(given["Key"]), condition)
			}
		}
	}
	err := a.table.Transact(ctx, writes...)
	var conflict *table.ConflictError
	if !errors.As(err, &conflict) {
		return err
	}
	if len(writes) == 1 {
		return &fault{Type: "ConditionalCheckFailedException"}
	}
	f := &fault{Type: "TransactionCanceledException", Reasons: make([]any, len(writes))}
	for i := range writes {
		f.Reasons[i] = map[string]string{"Code": "None"}
	}
	for _, r := range conflict.Refused {
		f.Reasons[r.Index] = map[string]string{"Code": "ConditionalCheckFailed"}
	}
	return f
}

// conditionIn returns the condition of a write: that the item is absent, or its version.
func conditionIn(w map[string]any) (table.Condition, error) {
	expression, _ := w["ConditionExpression"].(string)
	switch {
	case expression == "" || strings.HasPrefix(expression, "attribute_exists(PK) OR"):
		return table.Always(), nil
	case strings.HasPrefix(expression, "attribute_not_exists(PK)"):
		return table.Absent(), nil
	case strings.HasPrefix(expression, "version = :version"):
		var version int64
		n, _ := object(object(w["ExpressionAttributeValues"])[":version"])["N"].(string)
		_, err := fmt.Sscan(n, &version)
		return table.VersionIs(version), err
	}
	return table.Condition{}, fmt.Errorf("unknown condition %q", expression)
}
