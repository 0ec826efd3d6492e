package store

import (
	"strconv"
	"time"
)

// unixNano is an instant in nanoseconds since 1970. In the table, the number takes a
// third of the bytes of the formatted text. The zero time is 0.
type unixNano time.Time

// Time returns the instant.
func (t unixNano) Time() time.Time { return time.Time(t) }

// IsZero reports whether the instant is the zero time. The JSON option omitzero uses
// it.
func (t unixNano) IsZero() bool { return time.Time(t).IsZero() }

// MarshalJSON implements json.Marshaler.
func (t unixNano) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("0"), nil
	}
	return strconv.AppendInt(nil, time.Time(t).UnixNano(), 10), nil
}

// UnmarshalJSON implements json.Unmarshaler. It also reads the formatted text, which
// earlier versions stored.
func (t *unixNano) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return (*time.Time)(t).UnmarshalJSON(text)
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err == nil && n != 0 {
		*t = unixNano(time.Unix(0, n).UTC())
	}
	return err
}
