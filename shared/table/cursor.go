package table

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// Place is the place of an item in an index: the index key, then the item's key. In
// Primary the two are the same.
type Place struct {
	Index IndexKey
	Key   Key
}

// PlaceOf returns the item's place in the index. The Index of the place is zero if
// the item is not in the index.
func PlaceOf(it Item, index Index) Place {
	switch index {
	case GSI1:
		return Place{it.GSI1, it.Key}
	case GSI2:
		return Place{it.GSI2, it.Key}
	}
	return Place{IndexKey(it.Key), it.Key}
}

// Before orders places byte by byte, as DynamoDB orders text keys. It orders items
// with the same index key by their own keys, so that a cursor is exact.
func (p Place) Before(other Place) bool {
	return cmp.Or(
		strings.Compare(p.Index.PK, other.Index.PK), strings.Compare(p.Index.SK, other.Index.SK),
		strings.Compare(p.Key.PK, other.Key.PK), strings.Compare(p.Key.SK, other.Key.SK),
	) < 0
}

// highest sorts after every rest of a sort key: UTF-8 text does not contain the byte
// 0xFF.
const highest = "\xff"

// Between returns the two places between which the items of a page lie. Neither is
// one of them: a place without an item's key is before every item with the same index
// key. after is the place of the cursor, nil at the beginning.
func (q Query) Between(after *Place) (from, to Place) {
	from.Index = IndexKey{q.PK, q.SKPrefix}
	to.Index = IndexKey{q.PK, q.SKPrefix + highest}
	if q.SKBelow != "" {
		to.Index.SK = q.SKBelow
	}
	switch {
	case after != nil && q.Descending:
		to = *after
	case after != nil:
		from = *after
	}
	return from, to
}

// Cursor returns the cursor that continues after the item. It holds keys and is
// neither secret nor sealed: a query checks that it belongs to its partition, and
// httpapi.Cursors seals it for clients.
func (q Query) Cursor(last Item) string {
	p := PlaceOf(last, q.Index)
	part := []string{string(q.Index), p.Index.PK, p.Index.SK, p.Key.PK, p.Key.SK}
	raw, _ := json.Marshal(part) // cannot fail for strings
	return base64.RawURLEncoding.EncodeToString(raw)
}

// place parses After. It refuses the cursor of another query, as DynamoDB does.
func (q Query) place() (*Place, error) {
	if q.After == "" {
		return nil, nil
	}
	invalid := fmt.Errorf("%w: the cursor belongs to another query", ErrInvalid)
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
	below := q.SKBelow == "" || p.Index.SK < q.SKBelow
	inRange := p.Index.PK == q.PK && strings.HasPrefix(p.Index.SK, q.SKPrefix) && below
	if !ofIndex || !inRange {
		return nil, invalid
	}
	return &p, nil
}
