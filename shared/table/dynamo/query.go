package dynamo

import (
	"context"

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
		var out queryAnswer
		if err := t.client().Call(ctx, "Query", in, &out); err != nil {
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
		if len(page.Items) >= in.Limit {
			page.Items = page.Items[:in.Limit]
			page.Next = q.Cursor(page.Items[len(page.Items)-1])
			return page, nil
		}
		in.ExclusiveStartKey = out.LastEvaluatedKey // the page is not full: it had expired items
	}
}

// listed decodes the items of a page.
func (t *Table) listed(index table.Index, found []attributes) ([]table.Item, error) {
	if index == table.Primary {
		return t.live(found)
	}
	return decodeAll(found, dynamojson.DecodeKeys, func(table.Item) bool { return true })
}

func (t *Table) queryInput(q table.Query, after *table.Place) *queryItems {
	pk, sk := "PK", "SK"
	in := &queryItems{
		TableName: t.name, Limit: q.Limit, ScanIndexForward: !q.Descending,
		ExpressionAttributeValues: attributes{":pk": text(q.PK)},
	}
	if q.Index == table.Primary {
		in.ConsistentRead = true
	} else {
		pk, sk = string(q.Index)+"PK", string(q.Index)+"SK"
		in.IndexName = t.indexes.Name(q.Index)
		in.ProjectionExpression = "PK, SK, " + pk + ", " + sk // less than a former index projects
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
	in.KeyConditionExpression, in.ExclusiveStartKey = expr, startAfter(q.Index, after)
	return in
}

// startAfter returns the key after which a query continues; nil for its start.
func startAfter(index table.Index, p *table.Place) attributes {
	if p == nil {
		return nil
	}
	start := keyOf(p.Key)
	if index != table.Primary {
		start[string(index)+"PK"], start[string(index)+"SK"] = text(p.Index.PK), text(p.Index.SK)
	}
	return start
}
