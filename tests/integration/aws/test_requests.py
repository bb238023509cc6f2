"""Every request that smflow can send, against the models of the services that botocore has: required members, types,
patterns, limits, and nothing that the service does not know."""

import json
import os
import re
import subprocess
import unittest
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path

import botocore.session
from api_model import ApiModel

SERVICES = {"cloudwatch_logs": "logs", "service_quotas": "service-quotas", "sso_oidc": "sso-oidc"}
# Of HTTP and of the signature; the rest of the headers is the operation's own.
COMMON = {"host", "authorization", "content-type", "content-length", "x-amz-date", "x-amz-security-token", "x-amz-target",
          "x-amz-content-sha256", "accept", "amz-sdk-invocation-id", "amz-sdk-request", "expect", "user-agent"}
OPERATIONS = Path(os.environ["SMFLOW_SOURCE"]) / "libs/aws/src/operations"


def typed(shape, text):
    if shape.type_name in ("integer", "long"):
        return int(text)
    return text == "true" if shape.type_name == "boolean" else text


def of_query(shape, fields):
    """Of the query protocol: "List.member.1.Name" and its value."""
    if shape.type_name == "structure":
        names = {name.split(".", 1)[0] for name in fields}
        return {name: of_query(shape.members[name], below(fields, name)) if name in shape.members else fields for name in names}
    if shape.type_name == "list":
        inside = below(fields, "member")
        numbers = sorted({int(name.split(".", 1)[0]) for name in inside})
        assert numbers == list(range(1, len(numbers) + 1)), fields
        return [of_query(shape.member, below(inside, str(number))) for number in numbers]
    return typed(shape, fields[""])


def below(fields, name):
    return {key[len(name):].removeprefix("."): value for key, value in fields.items()
            if key == name or key.startswith(name + ".")}


def of_xml(shape, node):
    if shape.type_name != "structure":
        return typed(shape, node.text or "")
    names = {member.serialization.get("name", name): (name, member) for name, member in shape.members.items()}
    found = {}
    for child in node:
        name, member = names[re.sub(r"\{.*\}", "", child.tag)]
        if member.type_name == "list":
            found.setdefault(name, []).append(of_xml(member.member, child))
        else:
            found[name] = of_xml(member, child)
    return found


def of_rest(operation, request):
    """Of REST: the members are in the path, the query, the headers and the body. Returns what the model does not know, too."""
    shape, url = operation.input_shape, urllib.parse.urlsplit(request["url"])
    query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
    headers = {name.lower(): value for name, value in request["headers"].items()}
    asked = urllib.parse.urlsplit(operation.http["requestUri"])
    path, params = url.path, {}
    if "Bucket" in shape.members:
        params["Bucket"] = url.netloc.split(".")[0]
    if "Key" in shape.members:
        params["Key"] = urllib.parse.unquote(path[1:])
    known_query, known_headers = set(urllib.parse.parse_qs(asked.query, keep_blank_values=True)), set(COMMON)
    for name, member in shape.members.items():
        place, called = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "querystring":
            known_query.add(called)
            if called in query:
                params[name] = typed(member, query[called])
        elif place == "header":
            known_headers.add(called.lower())
            if called.lower() in headers and called.lower() not in ("content-length", "content-type"):
                params[name] = typed(member, headers[called.lower()])
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name == "structure":
        params[payload] = of_xml(shape.members[payload], xml.etree.ElementTree.fromstring(request["body"]))
    elif request["body"] and not payload:
        params |= json.loads(request["body"])
    unknown = (set(query) - known_query) | (set(headers) - known_headers)
    return params, unknown


class Requests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        lines = subprocess.run([os.environ["ALL_REQUESTS"]], check=True, capture_output=True, text=True).stdout.splitlines()
        cls.requests = [json.loads(line) for line in lines]

    def test_every_request_is_one_that_the_service_takes(self):
        session = botocore.session.get_session()
        for request in self.requests:
            name = SERVICES.get(request["service"], request["service"])
            with self.subTest(service=name, operation=request["operation"], url=request["url"], body=request["body"]):
                service = session.get_service_model(name)
                operation = service.operation_model(request["operation"])
                protocol, unknown = service.metadata["protocol"], set()
                self.assertEqual(request["method"], operation.http["method"])
                if protocol == "json":
                    target = f"{service.metadata['targetPrefix']}.{operation.name}"
                    self.assertEqual(request["headers"]["X-Amz-Target"], target)
                    params = json.loads(request["body"])
                elif protocol == "query":
                    fields = dict(urllib.parse.parse_qsl(request["body"], keep_blank_values=True, strict_parsing=True))
                    self.assertEqual((fields.pop("Action"), fields.pop("Version")), (operation.name, service.api_version))
                    params = of_query(operation.input_shape, fields)
                else:
                    params, unknown = of_rest(operation, request)
                self.assertEqual(unknown, set(), "the model knows no such header or query")
                self.assertEqual(ApiModel(name, operation.name, {}).faults(params), [], params)

    def test_no_operation_is_left_out(self):
        called = set()
        for source in OPERATIONS.glob("*.cpp"):
            called |= set(re.findall(r'(?:operation = |object_call\(|call_json\(client, )"([A-Z]\w+)"', source.read_text()))
        # A test of its own walks all options of this one.
        self.assertEqual(called - {request["operation"] for request in self.requests}, {"CreateTrainingJob"})
        self.assertGreater(len(called), 30)


if __name__ == "__main__":
    unittest.main()
