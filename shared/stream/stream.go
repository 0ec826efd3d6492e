// Package stream is what the functions that the table's stream invokes have in common.
package stream

import (
	"context"
	"errors"
	"log/slog"

	"github.com/aws/aws-lambda-go/events"
)

// Event is a batch of the table's stream or, without records, an event of the schedule.
type Event struct {
	Records []events.DynamoDBEventRecord `json:"Records"`
}

// Text returns a string of a record's key; "" for any other kind of value.
func Text(v events.DynamoDBAttributeValue) string {
	if v.IsNull() || v.DataType() != events.DataTypeString {
		return ""
	}
	return v.String()
}

// LogLeft logs what a function leaves to the stream, which sends its record again. A
// service that stops leaves it to its next start, which is no error.
func LogLeft(ctx context.Context, log *slog.Logger, left string, err error, attrs ...slog.Attr) {
	level := slog.LevelError
	if errors.Is(ctx.Err(), context.Canceled) {
		level = slog.LevelWarn
	}
	log.LogAttrs(ctx, level, left, append(attrs, slog.String("error", err.Error()))...)
}
