package sqlite

import (
	"database/sql"
	"time"

	"realname/shared/table"
)

const columns = "pk, sk, version, gsi1pk, gsi1sk, gsi2pk, gsi2sk, expires, body"

// values returns the columns of an item.
func values(it table.Item) ([]any, error) {
	body, err := write(it.Body)
	if err != nil {
		return nil, err
	}
	return []any{
		it.Key.PK, it.Key.SK, it.Version, text(it.GSI1.PK), text(it.GSI1.SK), text(it.GSI2.PK), text(it.GSI2.SK),
		seconds(it.Expires), body,
	}, nil
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func seconds(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}

// row is one row of a result.
type row interface{ Scan(into ...any) error }

// scanKeys reads what the index projects: the keys of an item.
func scanKeys(index table.Index) func(row) (table.Item, error) {
	return func(r row) (table.Item, error) {
		var it table.Item
		var at table.IndexKey
		err := r.Scan(&it.Key.PK, &it.Key.SK, &at.PK, &at.SK)
		it.GSI1, it.GSI2 = at, at
		return it.AtIndex(index), err
	}
}

// scan reads an item from the columns.
func scan(r row) (table.Item, error) {
	var it table.Item
	var gsi1pk, gsi1sk, gsi2pk, gsi2sk sql.NullString
	var expires sql.NullInt64
	var body string
	err := r.Scan(&it.Key.PK, &it.Key.SK, &it.Version, &gsi1pk, &gsi1sk, &gsi2pk, &gsi2sk, &expires, &body)
	if err != nil {
		return it, err
	}
	it.GSI1 = table.IndexKey{PK: gsi1pk.String, SK: gsi1sk.String}
	it.GSI2 = table.IndexKey{PK: gsi2pk.String, SK: gsi2sk.String}
	if expires.Valid {
		it.Expires = time.Unix(expires.Int64, 0).UTC()
	}
	it.Body, err = parse(body)
	return it, err
}
