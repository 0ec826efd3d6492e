package dynamo_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"realname/shared/table"
	"realname/shared/table/contract"
	"realname/shared/table/dynamo"
)

// TestContract runs against the endpoint that TABLE_ENDPOINT names, in a table
// that it makes and removes.
func TestContract(t *testing.T) {
	endpoint := os.Getenv("TABLE_ENDPOINT")
	if endpoint == "" {
		t.Skip("TABLE_ENDPOINT names no DynamoDB endpoint")
	}
	client := dynamodb.New(dynamodb.Options{
		Region: "us-east-1", BaseEndpoint: &endpoint,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
	name := fmt.Sprintf("contract-%d", time.Now().UnixNano())
	makeTable(t, client, name)
	contract.Run(t, func(_ *testing.T, now func() time.Time) table.Table {
		return dynamo.New(func() *dynamodb.Client { return client }, name, now)
	})
}

func makeTable(t *testing.T, client *dynamodb.Client, name string) {
	in := &dynamodb.CreateTableInput{TableName: &name, BillingMode: types.BillingModePayPerRequest, KeySchema: schema("")}
	for _, index := range []string{"", "GSI1", "GSI2"} {
		for _, part := range []string{"PK", "SK"} {
			in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
				AttributeName: aws.String(index + part), AttributeType: types.ScalarAttributeTypeS,
			})
		}
		if index != "" {
			in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
				IndexName: aws.String(index), KeySchema: schema(index), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
			})
		}
	}
	if _, err := client.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if err := dynamodb.NewTableExistsWaiter(client).Wait(t.Context(), &dynamodb.DescribeTableInput{TableName: &name}, time.Minute); err != nil {
		t.Fatal(err)
	}
}

func schema(index string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: aws.String(index + "PK"), KeyType: types.KeyTypeHash},
		{AttributeName: aws.String(index + "SK"), KeyType: types.KeyTypeRange},
	}
}
