"""Hooks of schemathesis, which walks the contract against `realname serve`.

Each request gets a valid token of its own: the accounts of the demonstration take
turns, and machine routes get a machine client's token. Every second request for a
session or an operator names one that the account has.
"""

import itertools
import json
import os
import threading
import urllib.error
import urllib.request

import schemathesis

BASE = os.environ["WALK_URL"]
NAMES = itertools.cycle(os.environ["WALK_ACCOUNTS"].split(","))
PASSWORD = os.environ["WALK_PASSWORD"]
TURNS = itertools.count()
LOCK = threading.Lock()
OPERATORS = {}  # by the login name of their administrator


def send(method, path, body=None, token=None, form=False):
    """The JSON of an answer, also of a refusal."""
    headers = {"Content-Type": "application/x-www-form-urlencoded" if form else "application/json"}
    if token:
        headers["Authorization"] = "Bearer " + token
    data = body.encode() if form else json.dumps(body).encode() if body else None
    request = urllib.request.Request(BASE + path, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return json.load(refusal)


def session_of(token):
    """The ID of an open session of the account, or None if it may have none."""
    methods = send("GET", "/v1/methods", token=token).get("methods", [])
    for card in methods:
        if card.get("sessionId"):
            return card["sessionId"]
    for card in methods:
        start = {"method": card["method"], "consentVersion": card["consent"]["version"]}
        if "id" in (made := send("POST", "/v1/sessions", start, token)):
            return made["id"]
    return None


def operator_of(name, token):
    """The ID of an operator of the enterprise."""
    if name not in OPERATORS:
        added = {
            "loginName": "walked-" + name, "name": "操作员", "idType": "passport", "idNumber": f"E{len(OPERATORS):08}",
        }
        OPERATORS[name] = send("POST", "/v1/operators", added, token).get("operator", {}).get("id")
    return OPERATORS[name]


@schemathesis.auth(refresh_interval=None)
class Tokens:
    def get(self, case, context):
        return "set has them"

    def set(self, case, data, context):
        path, ours = case.operation.path, None
        with LOCK:
            if path.startswith("/v1/enterprises/"):
                token = send("POST", "/v1/oauth/token", os.environ["WALK_CLIENT"], form=True)["access_token"]
            else:
                name = next(NAMES)
                token = send("POST", "/v1/login", {"loginName": name, "password": PASSWORD})["token"]
                if "{id}" in path and next(TURNS) % 2 == 0:
                    if path.startswith("/v1/sessions/"):
                        ours = session_of(token)
                    elif path.startswith("/v1/operators/"):
                        ours = operator_of(name, token)
        if ours:
            case.path_parameters["id"] = ours
        case.headers["Authorization"] = "Bearer " + token
