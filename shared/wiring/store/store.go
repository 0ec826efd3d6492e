// Package store connects a function to the table in DynamoDB.
package store

import (
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"realname/shared/store"
	"realname/shared/table/dynamo"
	"realname/shared/wiring"
)

// Store returns the store on DynamoDB.
func Store(p wiring.Ports) *store.Store {
	client := sync.OnceValue(func() *dynamodb.Client { return dynamodb.NewFromConfig(p.AWS()) })
	return store.New(dynamo.New(client, p.Config.Table, p.Config.TableIndexes, p.Now))
}
