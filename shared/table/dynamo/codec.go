package dynamo

import "realname/shared/table"

// attributes are an item or a key in DynamoDB's JSON, as dynamojson reads and writes it.
type attributes = map[string]any

func text(s string) attributes { return attributes{"S": s} }

func number(s string) attributes { return attributes{"N": s} }

func keyOf(k table.Key) attributes {
	return attributes{"PK": text(k.PK), "SK": text(k.SK)}
}

// The requests and answers have the names of the Amazon DynamoDB API reference.

type getItem struct {
	TableName      string
	Key            attributes
	ConsistentRead bool
}

type keysAndAttributes struct {
	Keys           []attributes
	ConsistentRead bool
}

type batchGetItem struct {
	RequestItems map[string]keysAndAttributes
}

type batchAnswer struct {
	Responses       map[string][]attributes
	UnprocessedKeys map[string]keysAndAttributes
}

// write is a PutItem, a DeleteItem or a ConditionCheck.
type write struct {
	TableName                 string
	Item                      attributes `json:",omitempty"`
	Key                       attributes `json:",omitempty"`
	ConditionExpression       string     `json:",omitempty"`
	ExpressionAttributeValues attributes `json:",omitempty"`
}

type transactItem struct {
	Put            *write `json:",omitempty"`
	Delete         *write `json:",omitempty"`
	ConditionCheck *write `json:",omitempty"`
}

type transactWriteItems struct {
	TransactItems      []transactItem
	ClientRequestToken string
}

type queryItems struct {
	TableName                 string
	IndexName                 string `json:",omitempty"`
	ProjectionExpression      string `json:",omitempty"`
	KeyConditionExpression    string
	ExpressionAttributeValues attributes
	ExclusiveStartKey         attributes `json:",omitempty"`
	Limit                     int
	ScanIndexForward          bool
	ConsistentRead            bool
}

type queryAnswer struct {
	Items            []attributes
	LastEvaluatedKey attributes
}

type decoded func(attributes) (table.Item, error)

// decodeAll decodes items and leaves out those that keep refuses.
func decodeAll(found []attributes, read decoded, keep func(table.Item) bool) ([]table.Item, error) {
	var items []table.Item
	for _, m := range found {
		it, err := read(m)
		if err != nil {
			return nil, err
		}
		if keep(it) {
			items = append(items, it)
		}
	}
	return items, nil
}
