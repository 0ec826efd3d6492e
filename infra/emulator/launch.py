"""Starts MiniStack as it comes, with three things that its IAM lacks and AWS has,
without which roles that name what they may do would be refused:

- the condition keys kms:EncryptionContext:<key> of requests to KMS, by which a
  role is bound to one use of a key;
- the resource of SendTaskSuccess and SendTaskFailure, which is the state machine;
- the resource of SendEmail, which is the identity that it is sent from.
"""

import json

from ministack import app
from ministack.core import iam_actions

tags, resource = iam_actions.request_tag_context, iam_actions.extract_resource_arn


def context(service, action, body, *rest):
    keys = dict(tags(service, action, body, *rest))
    if service == "kms":
        for name, value in (json.loads(body or b"{}").get("EncryptionContext") or {}).items():
            keys["kms:EncryptionContext:" + name] = value
    return keys


def arn(service, method, path, headers, body, query, region, account):
    if service == "states" and ".SendTask" in headers.get("x-amz-target", ""):
        return f"arn:aws:states:{region}:{account}:stateMachine:realname-dev-verification"
    if service == "ses" and path.endswith("/outbound-emails"):
        return f"arn:aws:ses:{region}:{account}:identity/{json.loads(body)['FromEmailAddress']}"
    return resource(service, method, path, headers, body, query, region, account)


iam_actions.request_tag_context, iam_actions.extract_resource_arn = context, arn
app.main()
