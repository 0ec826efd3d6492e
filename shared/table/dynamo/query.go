package dynamo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/table"
)

// Query implements table.Table. Queries of an index are eventually consistent.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	in, err := t.queryInput(q)
	if err != nil {
		return table.Page{}, err
	}
	var page table.Page
	for {
		out, err := t.client().Query(ctx, in)
		if err != nil {
			return table.Page{}, failure("query", err)
		}
		items, err := t.live(out.Items)
		if err != nil {
			return table.Page{}, err
		}
		page.Items = append(page.Items, items...)
		if len(out.LastEvaluatedKey) == 0 {
			return page, nil
		}
		if len(page.Items) >= int(*in.Limit) {
			page.Items = page.Items[:*in.Limit]
			page.Next, err = encodeCursor(q.Index, page.Items[len(page.Items)-1])
			return page, err
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey // a page thinned by expired items
	}
}

func (t *Table) queryInput(q table.Query) (*dynamodb.QueryInput, error) {
	if q.PK == "" || q.SKPrefix != "" && q.SKBelow != "" {
		return nil, fmt.Errorf("%w: query", table.ErrInvalid)
	}
	limit := int32(100)
	if q.Limit > 0 {
		limit = int32(q.Limit)
	}
	pk, sk := "PK", "SK"
	in := &dynamodb.QueryInput{
		TableName: &t.name, Limit: &limit, ScanIndexForward: aws.Bool(!q.Descending),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(q.PK)},
	}
	if q.Index == table.Primary {
		in.ConsistentRead = aws.Bool(true)
	} else {
		in.IndexName = aws.String(string(q.Index))
		pk, sk = string(q.Index)+"PK", string(q.Index)+"SK"
	}
	expr := pk + " = :pk"
	if q.SKPrefix != "" {
		expr += " AND begins_with(" + sk + ", :prefix)"
		in.ExpressionAttributeValues[":prefix"] = text(q.SKPrefix)
	}
	if q.SKBelow != "" {
		expr += " AND " + sk + " < :below"
		in.ExpressionAttributeValues[":below"] = text(q.SKBelow)
	}
	in.KeyConditionExpression = &expr
	start, err := decodeCursor(q.After)
	in.ExclusiveStartKey = start
	return in, err
}

func encodeCursor(index table.Index, it table.Item) (string, error) {
	k := map[string]string{"PK": it.Key.PK, "SK": it.Key.SK}
	switch index {
	case table.GSI1:
		k["GSI1PK"], k["GSI1SK"] = it.GSI1.PK, it.GSI1.SK
	case table.GSI2:
		k["GSI2PK"], k["GSI2SK"] = it.GSI2.PK, it.GSI2.SK
	}
	raw, err := json.Marshal(k)
	return base64.RawURLEncoding.EncodeToString(raw), err
}

func decodeCursor(s string) (map[string]types.AttributeValue, error) {
	if s == "" {
		return nil, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: cursor", table.ErrInvalid)
	}
	var k map[string]string
	if err := json.Unmarshal(raw, &k); err != nil {
		return nil, fmt.Errorf("%w: cursor", table.ErrInvalid)
	}
	key := map[string]types.AttributeValue{}
	for name, v := range k {
		key[name] = text(v)
	}
	return key, nil
}
