#!/usr/bin/env python3
"""smflow check against an AWS of our own that takes its time over every answer, 50 ms by default, and lists 25 pages of
quotas: the first check of a machine, which reads the lists, and a later one, which knows the code of its quota. There is
no peer: no other tool makes these checks."""

import argparse
import hashlib
import json
import os
import subprocess
import urllib.parse

from paired import checked, machine, spread, take_turns
from programs import folder, program

PAGES = 25
TYPE = "ml.g5.xlarge"
CONFIG = f"""\
SAGEMAKER:
  ARN: arn:aws:iam::123456789012:role/train
  INSTANCE_TYPE: {TYPE}
ECR:
  IMAGE_NAME: gan
  TAG: build_1
S3:
  TRAINING_DATA: s3://data/images/
  SAGEMAKER_RESULTS_BUCKET: results
TRAINING:
  CONFIG_FILE: training_config.yaml
LOCAL:
  CODE: code
"""
IMAGE_CONFIG = json.dumps({"architecture": "amd64"})
TRUST = json.dumps({"Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"},
                                   "Action": "sts:AssumeRole"}]})
USER = "<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>U</UserId><Account>123456789012</Account>"
ROLE = ("<Role><Arn>arn:aws:iam::123456789012:role/train</Arn><AssumeRolePolicyDocument>" + urllib.parse.quote(TRUST)
        + "</AssumeRolePolicyDocument></Role>")
DECISION = "<EvaluationResults><member><EvalDecision>allowed</EvalDecision></member></EvaluationResults>"


def quota(name, code):
    return {"QuotaName": name, "QuotaCode": code, "Value": 4}


WANTED = quota(f"{TYPE} for training job usage", "L-1")


def answer(latency, body, operation="", holds="", path="", headers=None):
    return {"operation": operation, "holds": holds, "path": path, "times": 0,
            "do": [{"stall_ms": latency}, {"answer": 200, "headers": headers or {}, "body": body}]}


def script(latency, layers_url):
    """The job's quota is on the last page."""
    def rule(body, **chosen_by):
        return answer(latency, body, **chosen_by)

    def xml(operation, result):
        return rule(f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>",
                    holds=f"Action={operation}&")

    def pages(operation):
        def page(number):
            names = [quota(f"ml.c5.xlarge for use {number * 100 + i}", "L-2") for i in range(99)]
            return names + ([WANTED] if number + 1 == PAGES else [])
        following = [rule({"Quotas": page(n)} | ({"NextToken": f"t{n + 1}."} if n + 1 < PAGES else {}),
                          operation=operation, holds=f'"t{n}."') for n in range(1, PAGES)]
        return following + [rule({"Quotas": page(0), "NextToken": "t1."}, operation=operation)]

    digest = "sha256:" + hashlib.sha256(IMAGE_CONFIG.encode()).hexdigest()
    manifest = json.dumps({"config": {"digest": digest}})
    listing = ("<ListBucketResult><Contents><Key>images/a.png</Key><Size>7</Size><LastModified>2026-11-26T12:00:00.000Z"
               "</LastModified></Contents></ListBucketResult>")
    region = {"x-amz-bucket-region": "eu-west-1"}
    return {"rules": [
        xml("GetCallerIdentity", USER), xml("GetRole", ROLE), xml("SimulatePrincipalPolicy", DECISION),
        rule({"images": [{"imageManifest": manifest}], "failures": []}, operation="BatchGetImage"),
        rule({"downloadUrl": layers_url + "/layer"}, operation="GetDownloadUrlForLayer"),
        *pages("ListServiceQuotas"), *pages("ListAWSDefaultServiceQuotas"),
        rule({"Quota": WANTED}, operation="GetServiceQuota"), rule({"Results": []}, operation="Search"),
        rule("", path="/results/", headers=region), rule(listing, path="/data/", headers=region)]}


def start_server(file, rules):
    file.write_text(json.dumps(rules))
    server = subprocess.Popen([program("scripted_server"), file], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return server, f"http://127.0.0.1:{server.stdout.readline().strip()}"


def stop_server(server):
    server.stdin.close()
    server.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--latency", type=int, default=50, help="milliseconds that every answer takes")
    arguments = parser.parse_args()
    with folder() as path:
        (path / "code").mkdir()
        (path / "training_config.yaml").write_text("ANYTHING:\n  GOES: 1\n")
        (path / "sagemaker_config.yaml").write_text(CONFIG)
        layers, layers_url = start_server(path / "layers.json", {"rules": [answer(arguments.latency, IMAGE_CONFIG)]})
        server, url = start_server(path / "aws.json", script(arguments.latency, layers_url))
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        env = kept | {"AWS_ENDPOINT_URL": url, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
                      "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(path),
                      "XDG_CACHE_HOME": str(path / "cache"), "DOCKER_HOST": "unix:///nonexistent"}
        command = [program("smflow"), "check", "--config", "sagemaker_config.yaml", "--json"]

        def check():
            usage = checked(command, cwd=path, env=env)
            findings = json.loads(usage.output[usage.output.index(b"{\n"):])["findings"]  # behind the warnings
            assert all(one["severity"] == "passed" for one in findings), findings
            return usage

        def first():
            (path / "cache/smflow/quota-codes.json").unlink(missing_ok=True)
            return check()

        measured = take_turns((first, check), arguments.rounds)
        stop_server(server)
        stop_server(layers)
    print(f"{machine()}\n\n| smflow check, {arguments.latency} ms a call | wall s | CPU ms | bar |\n"
          "| --- | --- | --- | --- |")
    for name, usages in zip(("first, reads 25 pages of quotas", "later"), measured):
        print(f"| {name} | {spread([u.wall_s for u in usages])} | {spread([1e3 * u.cpu_s for u in usages])} | about 2 s |")


if __name__ == "__main__":
    main()
