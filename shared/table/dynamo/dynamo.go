// Package dynamo implements the table with Amazon DynamoDB.
package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/clock"
	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Table is one DynamoDB table.
type Table struct {
	client  func() *dynamodb.Client
	name    string
	indexes table.Indexes
	now     func() time.Time
}

// New returns the table with that name and those indexes. The first use makes the
// client, so that a cold start does not wait for it.
func New(client func() *dynamodb.Client, name string, indexes table.Indexes, now func() time.Time) *Table {
	return &Table{client: client, name: name, indexes: indexes, now: now}
}

// Get implements table.Table: GetItem for one key, otherwise BatchGetItem.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Item, error) {
	if len(keys) == 0 || len(keys) > 100 {
		return nil, fmt.Errorf("%w: %d keys in a get", table.ErrInvalid, len(keys))
	}
	var found []map[string]types.AttributeValue
	var err error
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

func (t *Table) getOne(ctx context.Context, k table.Key) ([]map[string]types.AttributeValue, error) {
	out, err := t.client().GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &t.name, Key: keyOf(k), ConsistentRead: aws.Bool(true),
	})
	if err != nil || len(out.Item) == 0 {
		return nil, err
	}
	return []map[string]types.AttributeValue{out.Item}, nil
}

// batchAttempts bounds the requests for keys that DynamoDB leaves unprocessed.
const batchAttempts = 5

func (t *Table) getMany(ctx context.Context, keys []table.Key) ([]map[string]types.AttributeValue, error) {
	wanted := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, k := range keys {
		wanted.Keys = append(wanted.Keys, keyOf(k))
	}
	backoff := retry.NewExponentialJitterBackoff(time.Second)
	var found []map[string]types.AttributeValue
	for attempt := 1; ; attempt++ {
		out, err := t.client().BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
			RequestItems: map[string]types.KeysAndAttributes{t.name: wanted},
		})
		if err != nil {
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
		pause, err := backoff.BackoffDelay(attempt, table.ErrThrottled)
		if err != nil {
			return nil, err
		}
		if err := clock.Wait(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// live decodes items and omits expired ones.
func (t *Table) live(found []map[string]types.AttributeValue) ([]table.Item, error) {
	var items []table.Item
	for _, m := range found {
		it, err := decode(m, dynamojson.Decode)
		if err != nil {
			return nil, err
		}
		if it.Expires.IsZero() || it.Expires.Unix() > t.now().Unix() {
			items = append(items, it)
		}
	}
	return items, nil
}

// Transact implements table.Table: PutItem or DeleteItem for one write, otherwise
// TransactWriteItems. The SDK adds a client token, so that its own retry after a lost
// answer does not write twice.
func (t *Table) Transact(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	items := make([]types.TransactWriteItem, len(writes))
	for i, w := range writes {
		var err error
		if items[i], err = t.item(w); err != nil {
			return err
		}
	}
	var err error
	switch {
	case len(writes) == 1 && items[0].Put != nil:
		p := items[0].Put
		_, err = t.client().PutItem(ctx, &dynamodb.PutItemInput{
			TableName: p.TableName, Item: p.Item,
			ConditionExpression: p.ConditionExpression, ExpressionAttributeValues: p.ExpressionAttributeValues,
		})
	case len(writes) == 1 && items[0].Delete != nil:
		d := items[0].Delete
		_, err = t.client().DeleteItem(ctx, &dynamodb.DeleteItemInput{
			TableName: d.TableName, Key: d.Key,
			ConditionExpression: d.ConditionExpression, ExpressionAttributeValues: d.ExpressionAttributeValues,
		})
	default:
		_, err = t.client().TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items})
	}
	if err == nil {
		return nil
	}
	if conflict := refusals(err, writes); conflict != nil {
		return conflict
	}
	return failure("write", err)
}

func (t *Table) item(w table.Write) (types.TransactWriteItem, error) {
	expr, values := t.condition(w.If)
	switch w.Action {
	case table.ActionPut:
		if table.Size(w.Item) > table.MaxBytes {
			return types.TransactWriteItem{}, table.ErrTooLarge
		}
		m, err := encode(w.Item)
		if err != nil {
			return types.TransactWriteItem{}, err
		}
		return types.TransactWriteItem{Put: &types.Put{
			TableName: &t.name, Item: m,
			ConditionExpression: expr, ExpressionAttributeValues: values,
		}}, nil
	case table.ActionDelete:
		return types.TransactWriteItem{Delete: &types.Delete{
			TableName: &t.name, Key: keyOf(w.Item.Key),
			ConditionExpression: expr, ExpressionAttributeValues: values,
		}}, nil
	}
	if expr == nil {
		expr = aws.String("attribute_exists(PK) OR attribute_not_exists(PK)")
	}
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.name, Key: keyOf(w.Item.Key),
		ConditionExpression: expr, ExpressionAttributeValues: values,
	}}, nil
}

// condition returns the expression of a condition. Only two expressions exist.
func (t *Table) condition(c table.Condition) (*string, map[string]types.AttributeValue) {
	now := &types.AttributeValueMemberN{Value: strconv.FormatInt(t.now().Unix(), 10)}
	switch c.Kind {
	case table.KindAbsent:
		return aws.String("attribute_not_exists(PK) OR expires <= :now"), map[string]types.AttributeValue{":now": now}
	case table.KindVersion:
		expr := "version = :version AND (attribute_not_exists(expires) OR expires > :now)"
		return &expr, map[string]types.AttributeValue{
			":version": &types.AttributeValueMemberN{Value: strconv.FormatInt(c.Version, 10)}, ":now": now,
		}
	}
	return nil, nil
}

// refusals returns the conflict of the error, or nil.
func refusals(err error, writes []table.Write) error {
	var failed *types.ConditionalCheckFailedException
	if errors.As(err, &failed) {
		return &table.ConflictError{Refused: []table.Refusal{{Key: writes[0].Item.Key, Reason: table.ConditionFailed}}}
	}
	var single *types.TransactionConflictException
	if errors.As(err, &single) {
		return &table.ConflictError{Refused: []table.Refusal{{Key: writes[0].Item.Key, Reason: table.LostRace}}}
	}
	var canceled *types.TransactionCanceledException
	if !errors.As(err, &canceled) {
		return nil
	}
	var refused []table.Refusal
	for i, r := range canceled.CancellationReasons {
		if i >= len(writes) {
			break
		}
		switch aws.ToString(r.Code) {
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

// failure converts an error of the SDK to one of the port's errors.
func failure(doing string, err error) error {
	if errors.Is(err, table.ErrInvalid) || errors.Is(err, table.ErrThrottled) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err).Bool() {
		return fmt.Errorf("%s: %w: %w", doing, table.ErrThrottled, err)
	}
	return fmt.Errorf("%s: %w: %w", doing, table.ErrUnavailable, err)
}
