// Package store connects a function to the table in DynamoDB.
package store

import (
	"realname/shared/awsapi"
	"realname/shared/store"
	"realname/shared/table/dynamo"
	"realname/shared/wiring"
)

// Store returns the store on DynamoDB.
func Store(p wiring.Ports) *store.Store {
	return store.New(dynamo.New(p.Client(awsapi.DynamoDB), p.Config.Table, p.Config.TableIndexes, p.Now))
}
