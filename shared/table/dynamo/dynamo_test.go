package dynamo_test

import (
	"testing"
	"time"

	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/dynamo/dynamotest"
)

func TestContract(t *testing.T) {
	open := dynamotest.Open(t)
	contract.Run(t, func(_ *testing.T, now func() time.Time) table.Table { return open(now) })
}
