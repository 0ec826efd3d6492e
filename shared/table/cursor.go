package table

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Place is where an item stands in an index: by the index's own key, then by
// the item's. In Primary the two are the same.
type Place struct {
	Index IndexKey
	Key   Key
}

// PlaceOf returns the item's place in the index; its Index is zero when the
// item is not in there.
func PlaceOf(it Item, index Index) Place {
	switch index {
	case GSI1:
		return Place{it.GSI1, it.Key}
	case GSI2:
		return Place{it.GSI2, it.Key}
	}
	return Place{IndexKey(it.Key), it.Key}
}

// Cursor returns the cursor that goes on after the item. It holds keys and is
// neither secret nor sealed: a query checks that it belongs to its partition.
func (q Query) Cursor(last Item) string {
	p := PlaceOf(last, q.Index)
	raw, _ := json.Marshal([]string{string(q.Index), p.Index.PK, p.Index.SK, p.Key.PK, p.Key.SK}) // strings always encode
	return base64.RawURLEncoding.EncodeToString(raw)
}

// place reads After and refuses the cursor of another query, which DynamoDB
// would refuse as well.
func (q Query) place() (*Place, error) {
	if q.After == "" {
		return nil, nil
	}
	invalid := fmt.Errorf("%w: a cursor that is not of this query", ErrInvalid)
	raw, err := base64.RawURLEncoding.DecodeString(q.After)
	if err != nil {
		return nil, invalid
	}
	var part []string
	if err := json.Unmarshal(raw, &part); err != nil || len(part) != 5 {
		return nil, invalid
	}
	p := Place{IndexKey{part[1], part[2]}, Key{part[3], part[4]}}
	if validPair(p.Index.PK, p.Index.SK) != nil || validPair(p.Key.PK, p.Key.SK) != nil {
		return nil, invalid
	}
	ofIndex := part[0] == string(q.Index) && (q.Index != Primary || p.Index == IndexKey(p.Key))
	inRange := p.Index.PK == q.PK && strings.HasPrefix(p.Index.SK, q.SKPrefix) && (q.SKBelow == "" || p.Index.SK < q.SKBelow)
	if !ofIndex || !inRange {
		return nil, invalid
	}
	return &p, nil
}
