"""Starts MiniStack as it comes, with four things that its IAM lacks and AWS has,
without which roles that name what they may do would be refused, or could do more:

- the condition keys kms:EncryptionContext:<key> of requests to KMS, by which a
  role is bound to one use of a key;
- the condition key dynamodb:LeadingKeys, by which a function is bound to its
  partitions of the table (functions/access.go);
- the resource of SendTaskSuccess and SendTaskFailure, which is a state machine;
- the resource of SendEmail, which is the identity that it is sent from.

It also accepts the log of a web ACL (AWS::WAFv2::LoggingConfiguration), which its
CloudFormation does not know, without effect.
"""

import json

from ministack import app
from ministack.core import iam_actions
from ministack.services.cloudformation import provisioners

LIMITED = {
    "dynamodb:" + action
    for action in ("GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem", "TransactWriteItems")
}

tags, resource = iam_actions.request_tag_context, iam_actions.extract_resource_arn


def leading_keys(body):
    """The partition keys that a request to the table names."""
    request = json.loads(body or b"{}")
    named = [request.get("Key"), request.get("Item")]
    for table in (request.get("RequestItems") or {}).values():
        named += table.get("Keys") or []
    for item in request.get("TransactItems") or []:
        for part in item.values():
            named += [part.get("Key"), part.get("Item")]
    keys = [attributes["PK"]["S"] for attributes in named if attributes]
    if "KeyConditionExpression" in request:  # ":pk" is the name in shared/table/dynamo
        keys.append(request["ExpressionAttributeValues"][":pk"]["S"])
    return keys


def context(service, action, body, *rest):
    keys = dict(tags(service, action, body, *rest))
    if service == "kms":
        for name, value in (json.loads(body or b"{}").get("EncryptionContext") or {}).items():
            keys["kms:EncryptionContext:" + name] = value
    if service == "dynamodb" and action in LIMITED:
        keys["dynamodb:LeadingKeys"] = leading_keys(body)
    return keys


def arn(service, method, path, headers, body, query, region, account):
    if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
        # A task token does not name its state machine here; roles name all of them or none.
        return f"arn:aws:states:{region}:{account}:stateMachine:realname-dev-verification-bank-ukey"
    if service == "ses" and path.endswith("/outbound-emails"):
        return f"arn:aws:ses:{region}:{account}:identity/{json.loads(body)['FromEmailAddress']}"
    return resource(service, method, path, headers, body, query, region, account)


provisioners._RESOURCE_HANDLERS["AWS::WAFv2::LoggingConfiguration"] = {
    "create": lambda logical_id, props, stack: (props["ResourceArn"], {}),
    "delete": lambda physical_id, props: None,
}
iam_actions.request_tag_context, iam_actions.extract_resource_arn = context, arn
app.main()
