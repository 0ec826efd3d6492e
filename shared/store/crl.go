package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"time"

	"realname/shared/table"
)

// maxShelved is the largest compressed revocation list that fits into one item of the
// table (400 KB, in base64). Each process keeps a longer list in its own memory.
const maxShelved = 260 * 1024

// maxUnpacked limits the uncompressed size of a stored list.
const maxUnpacked = 16 << 20

func crlKey(address string) table.Key {
	sum := sha256.Sum256([]byte(address))
	return table.Key{PK: ListPartition.key(hex.EncodeToString(sum[:])), SK: "LIST"}
}

type crlRecord struct {
	Address   string    `json:"address"`
	FetchedAt time.Time `json:"fetchedAt"`
	List      []byte    `json:"list"` // gzip
}

// LoadCRL implements eport.CRLShelf.
func (s *Store) LoadCRL(ctx context.Context, address string) ([]byte, time.Time, error) {
	items, err := s.table.Get(ctx, crlKey(address))
	if err != nil {
		return nil, time.Time{}, err
	}
	it, ok := table.Find(items, crlKey(address))
	if !ok {
		return nil, time.Time{}, nil
	}
	var r crlRecord
	if err := read(it, &r); err != nil {
		return nil, time.Time{}, err
	}
	z, err := gzip.NewReader(bytes.NewReader(r.List))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("unpack a revocation list: %w", err)
	}
	raw, err := io.ReadAll(io.LimitReader(z, maxUnpacked))
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("unpack a revocation list: %w", err)
	}
	return raw, r.FetchedAt, nil
}

// SaveCRL implements eport.CRLShelf. The last writer wins. The reader checks the list
// again and does not replace a newer list with an older one.
func (s *Store) SaveCRL(ctx context.Context, address string, raw []byte, fetchedAt, until time.Time) error {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(raw); err != nil {
		return fmt.Errorf("pack a revocation list: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("pack a revocation list: %w", err)
	}
	if packed.Len() > maxShelved {
		return nil
	}
	it, _, err := put(crlKey(address), 0, crlRecord{address, fetchedAt, packed.Bytes()})
	if err != nil {
		return err
	}
	it.Expires = until
	return s.table.Transact(ctx, table.Put(it, table.Always()))
}
