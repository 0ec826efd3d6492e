// Package dynamo implements the table with Amazon DynamoDB.
package dynamo

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"realname/shared/awsapi"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Table is one DynamoDB table.
type Table struct {
	client  func() *awsapi.Client
	name    string
	indexes table.Indexes
	now     func() time.Time
}

// New returns the table with that name and those indexes. The first use makes the
// client, so that a cold start does not wait for it.
func New(client func() *awsapi.Client, name string, indexes table.Indexes, now func() time.Time) *Table {
	return &Table{client: client, name: name, indexes: indexes, now: now}
}

// Get implements table.Table: GetItem for one key, otherwise BatchGetItem, which refuses a
// key that it gets twice.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	keys, err := table.DistinctKeys(keys)
	if err != nil {
		return nil, failure("get", err)
	}
	var found []attributes
	if len(keys) == 1 {
		found, err = t.getOne(ctx, keys[0])
	} else {
		found, err = t.getMany(ctx, keys)
	}
	if err != nil {
		return nil, failure("get", err)
	}
	return t.live(found)
}

func (t *Table) getOne(ctx context.Context, k table.Key) ([]attributes, error) {
	var out struct{ Item attributes }
	in := getItem{TableName: t.name, Key: keyOf(k), ConsistentRead: true}
	if err := t.client().Call(ctx, "GetItem", in, &out); err != nil || len(out.Item) == 0 {
		return nil, err
	}
	return []attributes{out.Item}, nil
}

// batchAttempts bounds the requests for keys that DynamoDB leaves unprocessed, and
// batchPause is the longest first pause between them.
const (
	batchAttempts = 5
	batchPause    = 125 * time.Millisecond
)

func (t *Table) getMany(ctx context.Context, keys []table.Key) ([]attributes, error) {
	wanted := keysAndAttributes{ConsistentRead: true}
	for _, k := range keys {
		wanted.Keys = append(wanted.Keys, keyOf(k))
	}
	var found []attributes
	for attempt := 1; ; attempt++ {
		var out batchAnswer
		in := batchGetItem{RequestItems: map[string]keysAndAttributes{t.name: wanted}}
		if err := t.client().Call(ctx, "BatchGetItem", in, &out); err != nil {
			return nil, err
		}
		found = append(found, out.Responses[t.name]...)
		rest := out.UnprocessedKeys[t.name]
		if len(rest.Keys) == 0 {
			return found, nil
		}
		if attempt == batchAttempts {
			return nil, table.ErrThrottled
		}
		wanted.Keys = rest.Keys
		if err := t.client().Wait(ctx, awsapi.Pause(batchPause, attempt)); err != nil {
			return nil, err
		}
	}
}

// live decodes items and omits expired ones.
func (t *Table) live(found []attributes) ([]table.Item, error) {
	return decodeAll(found, dynamojson.Decode, func(it table.Item) bool {
		return it.Expires.IsZero() || it.Expires.Unix() > t.now().Unix()
	})
}

// Transact implements table.Table: PutItem or DeleteItem for one write, otherwise
// TransactWriteItems. The client token keeps a repetition after a lost answer from
// writing twice. A single put has none: if its repetition is refused, written tells whether
// it was written before.
func (t *Table) Transact(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	items := make([]transactItem, len(writes))
	for i, w := range writes {
		var err error
		if items[i], err = t.item(w); err != nil {
			return err
		}
	}
	var err error
	var answer struct{}
	switch {
	case len(writes) == 1 && items[0].Put != nil:
		err = t.client().Call(ctx, "PutItem", items[0].Put, &answer)
		if t.written(ctx, writes[0].Item, err) {
			return nil
		}
	case len(writes) == 1 && items[0].Delete != nil:
		err = t.client().Call(ctx, "DeleteItem", items[0].Delete, &answer)
	default:
		in := transactWriteItems{TransactItems: items, ClientRequestToken: rand.Text()}
		err = t.client().Call(ctx, "TransactWriteItems", in, &answer)
	}
	if err == nil {
		return nil
	}
	if conflict := refusals(err, writes); conflict != nil {
		return conflict
	}
	return failure("write", err)
}

// written reports whether the table holds the item as put by an attempt whose answer was
// lost, although its repetition was refused. Another request that put the same at the same
// version is not told apart: whoever needs that puts something of its own into the item.
func (t *Table) written(ctx context.Context, it table.Item, err error) bool {
	var e *awsapi.Error
	if !errors.As(err, &e) || !e.Repeated || e.Code != "ConditionalCheckFailedException" {
		return false
	}
	found, err := t.getOne(ctx, it.Key)
	if err != nil || len(found) == 0 {
		return false
	}
	is, err := json.Marshal(found[0])
	if err != nil {
		return false
	}
	put, err := dynamojson.Encode(it)
	if err != nil {
		return false
	}
	want, err := json.Marshal(put)
	return err == nil && bytes.Equal(is, want)
}

func (t *Table) item(w table.Write) (transactItem, error) {
	expr, values := t.condition(w.If)
	of := &write{TableName: t.name, ConditionExpression: expr, ExpressionAttributeValues: values}
	if w.Action == table.ActionPut {
		if table.Size(w.Item) > table.MaxBytes {
			return transactItem{}, table.ErrTooLarge
		}
		var err error
		of.Item, err = dynamojson.Encode(w.Item)
		return transactItem{Put: of}, err
	}
	of.Key = keyOf(w.Item.Key)
	if w.Action == table.ActionDelete {
		return transactItem{Delete: of}, nil
	}
	return transactItem{ConditionCheck: of}, nil
}

// condition returns the expression of a condition. Only two expressions exist.
func (t *Table) condition(c table.Condition) (string, attributes) {
	now := number(strconv.FormatInt(t.now().Unix(), 10))
	switch c.Kind {
	case table.KindAbsent:
		return "attribute_not_exists(PK) OR expires <= :now", attributes{":now": now}
	case table.KindVersion:
		return "version = :version AND (attribute_not_exists(expires) OR expires > :now)", attributes{
			":version": number(strconv.FormatInt(c.Version, 10)), ":now": now,
		}
	}
	return "", nil
}

// refusals returns the conflict of the error, or nil.
func refusals(err error, writes []table.Write) error {
	var e *awsapi.Error
	if !errors.As(err, &e) {
		return nil
	}
	reasons := e.Reasons
	switch e.Code {
	case "ConditionalCheckFailedException":
		reasons = []awsapi.Reason{{Code: "ConditionalCheckFailed"}}
	case "TransactionConflictException":
		reasons = []awsapi.Reason{{Code: "TransactionConflict"}}
	case "TransactionCanceledException":
	default:
		return nil
	}
	var refused []table.Refusal
	for i, r := range reasons {
		if i >= len(writes) {
			break
		}
		switch r.Code {
		case "ConditionalCheckFailed":
			refused = append(refused, table.Refusal{Index: i, Key: writes[i].Item.Key, Reason: table.ConditionFailed})
		case "TransactionConflict":
			refused = append(refused, table.Refusal{Index: i, Key: writes[i].Item.Key, Reason: table.LostRace})
		}
	}
	if refused == nil {
		return nil
	}
	return &table.ConflictError{Refused: refused}
}

// throttled reports whether the table had too many requests for a transaction.
func throttled(err error) bool {
	var e *awsapi.Error
	return errors.As(err, &e) && slices.ContainsFunc(e.Reasons, func(r awsapi.Reason) bool {
		return r.Code == "ThrottlingError" || r.Code == "ProvisionedThroughputExceeded"
	})
}

// failure converts an error to one of the port's errors.
func failure(doing string, err error) error {
	if errors.Is(err, table.ErrInvalid) || errors.Is(err, table.ErrThrottled) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if awsapi.IsThrottled(err) || throttled(err) {
		return fmt.Errorf("%s: %w: %w", doing, table.ErrThrottled, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, table.ErrUnavailable, err)
}
