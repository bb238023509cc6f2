"""Signs random requests with botocore and with our signer and compares: compare_signatures.py SIGN_REQUESTS [CASES]

botocore gets the URL that our signer made, and the headers of the case; its clock is patched.
"""

import datetime
import hashlib
import json
import random
import subprocess
import sys
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SEED = 20240115
ALPHABET = "abcXYZ019-_.~ /+%=&?#:;@,'\"()*!$<>[]\\^`{|}é漢😀"


def text(rng, shortest, longest, alphabet=ALPHABET):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(shortest, longest)))


def path(rng):
    parts = [rng.choice(["", ".", "..", text(rng, 1, 8), text(rng, 1, 8)]) for _ in range(rng.randint(0, 5))]
    return "/" + "/".join(parts)


def case(rng):
    service = rng.choice(["s3", "s3", "sagemaker", "logs", "ecr", "sts"])
    body = text(rng, 0, 40)
    headers = [["X-Amz-Meta-" + text(rng, 1, 4, "abcD"), text(rng, 0, 12, "a b\tZ,=/")] for _ in range(rng.randint(0, 3))]
    headers += rng.choice([[], [["Content-Type", "application/x-amz-json-1.1"], ["User-Agent", "smflow"]]])
    names = {name.lower(): [name, value] for name, value in headers}
    return {
        "method": rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"]),
        "scheme": rng.choice(["https", "http"]),
        "authority": rng.choice(["b.s3.eu-west-1.amazonaws.com", "127.0.0.1:9000", "localhost:8443", "[::1]:5000"]),
        "path": path(rng),
        "query": [[name, text(rng, 0, 10)] for name in {text(rng, 1, 8) for _ in range(rng.randint(0, 4))}],
        "headers": list(names.values()),
        "payload_hash": hashlib.sha256(body.encode()).hexdigest() if body else "",
        "body": body,
        "key": "AKIDEXAMPLE",
        "secret": text(rng, 1, 50, "abc/+XYZ09"),
        "token": rng.choice(["", text(rng, 100, 900, "abc/+=XYZ09")]),
        "region": rng.choice(["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"]),
        "service": service,
        "time": rng.randint(946684800, 4102444800),
        "presign": rng.random() < 0.2,
    }


def patched_clock(moment):
    aware = datetime.datetime.fromtimestamp(moment, datetime.timezone.utc)
    patches = [mock.patch("botocore.auth.datetime")] if hasattr(botocore.auth, "datetime") else []
    if hasattr(botocore.auth, "get_current_datetime"):
        patches.append(mock.patch("botocore.auth.get_current_datetime", return_value=aware))
    for patch in patches:
        started = patch.start()
        if hasattr(started, "datetime"):
            started.datetime.utcnow.return_value = aware.replace(tzinfo=None)
            started.datetime.strptime = datetime.datetime.strptime
    return patches


def by_botocore(request, url):
    s3 = request["service"] == "s3"
    credentials = Credentials(request["key"], request["secret"], request["token"] or None)
    where = (credentials, request["service"], request["region"])
    if request["presign"]:
        signer = (botocore.auth.S3SigV4QueryAuth if s3 else botocore.auth.SigV4QueryAuth)(*where, expires=900)
    else:
        signer = (botocore.auth.S3SigV4Auth if s3 else botocore.auth.SigV4Auth)(*where)
    aws_request = AWSRequest(method=request["method"], url=url, headers=dict(map(tuple, request["headers"])),
                             data=b"" if request["presign"] else request["body"].encode())
    patches = patched_clock(request["time"])
    try:
        signer.add_auth(aws_request)
    finally:
        for patch in patches:
            patch.stop()
    return aws_request


def unsigned_url(url):
    """Our URL without what presigning added: botocore adds its own."""
    head, _, query = url.partition("?")
    kept = [pair for pair in query.split("&") if pair and not pair.startswith("X-Amz-")]
    return head + ("?" + "&".join(kept) if kept else "")


def equal_presigned(ours, theirs):
    if "X-Amz-Signature" not in ours or urlsplit(ours).path != urlsplit(theirs).path:
        return False
    decoded = [sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True)) for url in (ours, theirs)]
    return decoded[0] == decoded[1]


def differs(request, answer):
    ours = answer["url"]
    if request["presign"]:
        request = dict(request, payload_hash="")
        theirs = by_botocore(request, unsigned_url(ours)).url
        return None if equal_presigned(ours, theirs) else (ours, theirs)
    mine = dict(map(tuple, answer["headers"]))["Authorization"]
    theirs = by_botocore(request, ours).headers["Authorization"]
    return None if mine == theirs else (mine, theirs)


def main():
    rng = random.Random(SEED)
    cases = [case(rng) for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3000)]
    for request in cases:
        if request["presign"]:
            request["payload_hash"] = ""
    lines = "".join(json.dumps(request) + "\n" for request in cases)
    run = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(cases):
        sys.exit(f"{len(answers)} answers to {len(cases)} requests")
    faults = 0
    for request, answer in zip(cases, answers):
        difference = differs(request, answer)
        if difference and faults < 5:
            print(json.dumps(request, ensure_ascii=False), *difference, sep="\n  ")
        faults += bool(difference)
    print(f"{len(cases) - faults} of {len(cases)} signatures are equal")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
