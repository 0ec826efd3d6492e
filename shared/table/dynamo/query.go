package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

// Query implements table.Table. Queries of an index are eventually consistent.
func (t *Table) Query(ctx context.Context, q table.Query) (table.Page, error) {
	q, after, err := q.Checked()
	if err != nil {
		return table.Page{}, failure("query", err)
	}
	in := t.queryInput(q, after)
	var page table.Page
	for {
		out, err := t.client().Query(ctx, in)
		if err != nil {
			return table.Page{}, failure("query", err)
		}
		items, err := t.listed(q.Index, out.Items)
		if err != nil {
			return table.Page{}, err
		}
		page.Items = append(page.Items, items...)
		if len(out.LastEvaluatedKey) == 0 {
			return page, nil
		}
		if len(page.Items) >= int(*in.Limit) {
			page.Items = page.Items[:*in.Limit]
			page.Next = q.Cursor(page.Items[len(page.Items)-1])
			return page, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey // the page is not full: it had expired items
	}
}

// listed decodes the items of a page.
func (t *Table) listed(index table.Index, found []map[string]types.AttributeValue) ([]table.Item, error) {
	if index == table.Primary {
		return t.live(found)
	}
	items := make([]table.Item, len(found))
	for i, m := range found {
		var err error
		if items[i], err = decode(m, dynamojson.DecodeKeys); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (t *Table) queryInput(q table.Query, after *table.Place) *dynamodb.QueryInput {
	limit := int32(q.Limit)
	pk, sk := "PK", "SK"
	in := &dynamodb.QueryInput{
		TableName: &t.name, Limit: &limit, ScanIndexForward: aws.Bool(!q.Descending),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(q.PK)},
	}
	if q.Index == table.Primary {
		in.ConsistentRead = aws.Bool(true)
	} else {
		pk, sk = string(q.Index)+"PK", string(q.Index)+"SK"
		in.IndexName = aws.String(t.indexes.Name(q.Index))
		in.ProjectionExpression = aws.String("PK, SK, " + pk + ", " + sk) // less than a former index projects
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
	in.KeyConditionExpression, in.ExclusiveStartKey = &expr, startAfter(q.Index, after)
	return in
}

// startAfter returns the start key for DynamoDB: the keys of the index and the item.
func startAfter(index table.Index, p *table.Place) map[string]types.AttributeValue {
	if p == nil {
		return nil
	}
	start := keyOf(p.Key)
	if index != table.Primary {
		start[string(index)+"PK"], start[string(index)+"SK"] = text(p.Index.PK), text(p.Index.SK)
	}
	return start
}
