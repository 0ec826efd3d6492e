// Package dynamotest opens tables for tests at the DynamoDB endpoint in
// TABLE_ENDPOINT: an emulator, DynamoDB Local, or AWS itself.
package dynamotest

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/awsapi"
	"realname/shared/awsapi/sdk"
	"realname/shared/table"
	"realname/shared/table/dynamo"
)

// Open makes a table with the layout of the deployed one, and returns a function that
// opens it with a clock. It skips the test if TABLE_ENDPOINT is not set.
func Open(t testing.TB) func(now func() time.Time) table.Table {
	endpoint := os.Getenv("TABLE_ENDPOINT")
	if endpoint == "" {
		t.Skip("TABLE_ENDPOINT is not set; set it to a DynamoDB endpoint")
	}
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	client := dynamodb.NewFromConfig(config)
	name := fmt.Sprintf("test-%d", time.Now().UnixNano())
	create(t, client, name)
	own := awsapi.New(sdk.Config(config), awsapi.DynamoDB)
	return func(now func() time.Time) table.Table {
		return dynamo.New(func() *awsapi.Client { return own }, name, table.KeysOnly(), now)
	}
}

func create(t testing.TB, client *dynamodb.Client, name string) {
	in := &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest, KeySchema: schema(""),
	}
	for _, index := range append(table.Indexes{""}, table.KeysOnly()...) {
		for _, part := range []string{"PK", "SK"} {
			in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
				AttributeName: aws.String(table.Attributes(index) + part), AttributeType: types.ScalarAttributeTypeS,
			})
		}
		if index != "" {
			in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
				IndexName: aws.String(index), KeySchema: schema(table.Attributes(index)),
				Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			})
		}
	}
	if _, err := client.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		remove := &dynamodb.DeleteTableInput{TableName: &name}
		if _, err := client.DeleteTable(context.Background(), remove); err != nil {
			t.Error(err)
		}
	})
	described := &dynamodb.DescribeTableInput{TableName: &name}
	if err := dynamodb.NewTableExistsWaiter(client).Wait(t.Context(), described, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func schema(index string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(index + "PK"), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(index + "SK"), KeyType: types.KeyTypeRange},
	}
}
