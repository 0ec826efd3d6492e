import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}), {
  marshallOptions: { removeUndefinedValues: true },
});
const TableName = process.env.PEER_TABLE;

/** Thrown if another request changed an item in the meantime. */
export class Conflict extends Error {}

/** Reads items consistently, in the order of their keys; undefined for one that is absent. */
export async function read(...keys) {
  const out = await client.send(new BatchGetCommand({
    RequestItems: { [TableName]: { Keys: keys, ConsistentRead: true } },
  }));
  if (Object.keys(out.UnprocessedKeys ?? {}).length > 0) {
    throw new Error("the table is throttled");
  }
  return keys.map((key) => out.Responses[TableName].find((item) => item.PK === key.PK && item.SK === key.SK));
}

/** Returns the write of an item over the version that was read, or of a new one. */
export function put(item) {
  const version = item.version ?? 0;
  const condition = version === 0
    ? { ConditionExpression: "attribute_not_exists(PK)" }
    : { ConditionExpression: "version = :version", ExpressionAttributeValues: { ":version": version } };
  return { Put: { TableName, Item: { ...item, version: version + 1 }, ...condition } };
}

/** Returns the write that deletes an item. */
export function remove(key) {
  return { Delete: { TableName, Key: key } };
}

/** Writes everything or nothing. */
export async function write(...TransactItems) {
  try {
    await client.send(new TransactWriteCommand({ TransactItems }));
  } catch (error) {
    if (error.name === "TransactionCanceledException") {
      throw new Conflict(error.message);
    }
    throw error;
  }
}
