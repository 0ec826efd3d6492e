package dynamo

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/table"
	"realname/shared/table/dynamojson"
)

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func keyOf(k table.Key) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": text(k.PK), "SK": text(k.SK)}
}

// encode converts an item through DynamoDB JSON, so that only dynamojson defines the
// layout of an item.
func encode(it table.Item) (map[string]types.AttributeValue, error) {
	m, err := dynamojson.Encode(it)
	if err != nil {
		return nil, err
	}
	out := make(map[string]types.AttributeValue, len(m))
	for k, v := range m {
		out[k] = toSDK(v.(map[string]any))
	}
	return out, nil
}

// decoded reads an item in DynamoDB JSON: dynamojson.Decode, or DecodeKeys for an item of
// an index.
type decoded func(map[string]any) (table.Item, error)

func decode(m map[string]types.AttributeValue, read decoded) (table.Item, error) {
	plain := make(map[string]any, len(m))
	for k, v := range m {
		p, err := fromSDK(v)
		if err != nil {
			return table.Item{}, err
		}
		plain[k] = p
	}
	return read(plain)
}

func toSDK(v map[string]any) types.AttributeValue {
	for kind, inner := range v {
		switch inner := inner.(type) {
		case string:
			if kind == "N" {
				return &types.AttributeValueMemberN{Value: inner}
			}
			return text(inner)
		case bool:
			if kind == "NULL" {
				return &types.AttributeValueMemberNULL{Value: true}
			}
			return &types.AttributeValueMemberBOOL{Value: inner}
		case []any:
			list := make([]types.AttributeValue, len(inner))
			for i := range inner {
				list[i] = toSDK(inner[i].(map[string]any))
			}
			return &types.AttributeValueMemberL{Value: list}
		case map[string]any:
			m := make(map[string]types.AttributeValue, len(inner))
			for k := range inner {
				m[k] = toSDK(inner[k].(map[string]any))
			}
			return &types.AttributeValueMemberM{Value: m}
		}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

func fromSDK(v types.AttributeValue) (map[string]any, error) {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return map[string]any{"S": v.Value}, nil
	case *types.AttributeValueMemberN:
		return map[string]any{"N": v.Value}, nil
	case *types.AttributeValueMemberBOOL:
		return map[string]any{"BOOL": v.Value}, nil
	case *types.AttributeValueMemberNULL:
		return map[string]any{"NULL": true}, nil
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i := range v.Value {
			e, err := fromSDK(v.Value[i])
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
		return map[string]any{"L": list}, nil
	case *types.AttributeValueMemberM:
		m := make(map[string]any, len(v.Value))
		for k := range v.Value {
			e, err := fromSDK(v.Value[k])
			if err != nil {
				return nil, err
			}
			m[k] = e
		}
		return map[string]any{"M": m}, nil
	}
	return nil, fmt.Errorf("%w: unsupported type of value %T", table.ErrInvalid, v)
}
