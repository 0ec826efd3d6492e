package sqlite

import (
	"database/sql"
	"time"

	"realname/shared/table"
)

const columns = "pk, sk, version, gsi1pk, gsi1sk, gsi2pk, gsi2sk, expires, body"

// record is an item as it is stored, or the absence of one.
type record struct {
	row        int64 // 0 if there is no item
	key        table.Key
	version    int64
	gsi1, gsi2 table.IndexKey
	expires    sql.NullInt64 // in seconds since 1970
	body       string
}

// recordOf returns the record of an item that is not stored yet.
// Errors: table.ErrInvalid for a value that the table cannot hold.
func recordOf(it table.Item) (record, error) {
	body, err := write(it.Body)
	r := record{key: it.Key, version: it.Version, gsi1: it.GSI1, gsi2: it.GSI2, body: body}
	if !it.Expires.IsZero() {
		r.expires = sql.NullInt64{Int64: it.Expires.Unix(), Valid: true}
	}
	return r, err
}

// live reports whether reads return the item.
func (r record) live(now int64) bool {
	return r.row != 0 && (!r.expires.Valid || r.expires.Int64 > now)
}

// bytes is about what the record takes in memory.
func (r record) bytes() int {
	return recordBytes + len(r.key.PK) + len(r.key.SK) + len(r.gsi1.PK) + len(r.gsi1.SK) +
		len(r.gsi2.PK) + len(r.gsi2.SK) + len(r.body)
}

func (r record) item() (table.Item, error) {
	it := table.Item{Key: r.key, Version: r.version, GSI1: r.gsi1, GSI2: r.gsi2}
	if r.expires.Valid {
		it.Expires = time.Unix(r.expires.Int64, 0).UTC()
	}
	var err error
	it.Body, err = parse(r.body)
	return it, err
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
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

// scan reads an item from its row ID and columns.
func scan(r row) (table.Item, error) {
	stored, err := scanRecord(r)
	if err != nil {
		return table.Item{}, err
	}
	return stored.item()
}

func scanRecord(r row) (record, error) {
	var it record
	var gsi1pk, gsi1sk, gsi2pk, gsi2sk sql.NullString
	err := r.Scan(&it.row, &it.key.PK, &it.key.SK, &it.version, &gsi1pk, &gsi1sk, &gsi2pk, &gsi2sk, &it.expires, &it.body)
	it.gsi1 = table.IndexKey{PK: gsi1pk.String, SK: gsi1sk.String}
	it.gsi2 = table.IndexKey{PK: gsi2pk.String, SK: gsi2sk.String}
	return it, err
}
