"""A team and its bucket on S3: two people run, a third, who may only read, lists, shows, compares, and does the best again."""

import base64
import gzip
import http.server
import json
import re
import unittest
import urllib.error
import urllib.request

import boto3
from moto_server import MotoServer
from smflow_case import SmflowCase

CONFIG = """\
SAGEMAKER: {INSTANCE_TYPE: local, JOB_NAME: gan}
LOCAL: {ENGINE: process, CODE: code}
S3: {TRAINING_DATA: s3://data/letters, SAGEMAKER_RESULTS_BUCKET: results, EXPERIMENT_NAME: team/gan}
TRAINING: {CONFIG_FILE: training_config.yaml}
"""
PROGRAM = """\
#!/bin/sh
set -e
mkdir -p "$SM_OUTPUT_DATA_DIR/metrics" "$SM_OUTPUT_DATA_DIR/samples"
for step in 1 2 3; do
  echo "{\\"v\\":1,\\"step\\":$step,\\"epoch\\":1,\\"m\\":{\\"loss\\":$RATE.$((5 - step))}}" >> "$SM_OUTPUT_DATA_DIR/metrics/metrics.jsonl"
done
cat "$SM_CHANNEL_TRAINDATA/a.txt" > "$SM_MODEL_DIR/weights"
"""
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>1</RequestId></Error>"


class ReadOnly(http.server.BaseHTTPRequestHandler):
    """In front of a server: what would change something is denied, as by a policy of the bucket."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        if self.command not in ("GET", "HEAD"):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.server.denied.append(f"{self.command} {self.path}")
            return self.reply(403, {"Content-Type": "application/xml"}, DENIED)
        headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
        request = urllib.request.Request(self.server.behind + self.path, method=self.command, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                self.reply(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as answer:
            self.reply(answer.code, answer.headers, answer.read())

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "transfer-encoding", "content-length", "date", "server"):
                self.send_header(name, value)
        length = headers.get("Content-Length", len(body)) if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer


class Team(SmflowCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(MotoServer())

    def setUp(self):
        super().setUp()
        urllib.request.urlopen(urllib.request.Request(f"{self.moto.url}/moto-api/reset", method="POST")).close()
        self.s3 = boto3.client("s3", endpoint_url=self.moto.url, **self.moto.keys)
        for bucket in ("results", "data"):
            self.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_object(Bucket="data", Key="letters/a.txt", Body=b"one\n")
        self.environment.update(self.moto.environment())
        self.write("ours/code/main.sh", PROGRAM, 0o755)
        self.write("ours/sagemaker_config.yaml", CONFIG)
        self.write("ours/training_config.yaml", "A:\n  B: 1\n")

    def run_as(self, user, rate):
        self.environment |= {"SUDO_USER": user, "XDG_CACHE_HOME": str(self.folder / f"cache-{user}")}
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml", "--set",
                                     f"CONTAINER.ENVIRONMENT={{RATE: '{rate}'}}", cwd=self.folder / "ours"), 0)

    def become_a_reader(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ReadOnly)
        server.behind, server.denied, server.daemon_threads = self.moto.url, [], True
        self.serve(server)
        self.denied = server.denied
        self.place = self.folder / "teammate"
        self.place.mkdir()
        self.environment |= {"SUDO_USER": "mia", "XDG_CACHE_HOME": str(self.place / "cache"),
                             "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}", "SMFLOW_BUCKET": "results"}

    def read(self, *arguments):
        return self.json_of(*arguments, "--json", cwd=self.place)

    def objects(self):
        return [(one["Key"], one["ETag"]) for one in self.s3.list_objects_v2(Bucket="results")["Contents"]]

    def test_what_two_have_run_a_third_reads_compares_and_does_again(self):
        for user, rate in (("ann", 3), ("kim", 1), ("ann", 2)):
            self.run_as(user, rate)
        before = self.objects()
        self.become_a_reader()

        runs = self.read("runs", "list", "--sort", "loss")["runs"]
        self.assertEqual([(run["user"], run["metrics"]["loss"]["last"]) for run in runs],
                         [("kim", 1.2), ("ann", 2.2), ("ann", 3.2)])
        best, _, worst = (run["name"] for run in runs)
        self.assertEqual([run["name"] for run in self.read("runs", "list", "--by", "kim")["runs"]], [best])
        self.assertEqual(self.read("runs", "show", best[-5:])["record"]["who"]["user"], "kim")
        differences = self.read("runs", "diff", best, worst)["differences"]
        self.assertEqual(differences["config"]["sagemaker:CONTAINER.ENVIRONMENT"], ['{"RATE":"1"}', '{"RATE":"3"}'])

        self.assertEqual(self.read("board", "--bucket", "s3://results")["runs"], 3)
        page = (self.place / "board.html").read_text()
        cards = json.loads(gzip.decompress(base64.b64decode(re.search(r'id="cards">([^<]*)<', page)[1])))
        newest_first = [run["name"] for run in self.read("runs", "list")["runs"]]
        self.assertEqual([run["id"] for run in cards["runs"]], newest_first)
        self.assertEqual([run["detail"] for run in cards["runs"]], [True] * 3)

        own = ("--set", f"S3.SAGEMAKER_RESULTS_BUCKET=file://{self.place}/own")
        self.assert_exit(self.smflow("runs", "replicate", best, *own, cwd=self.place), 0)
        replica = self.read("runs", "list", "--bucket", f"file://{self.place}/own")["runs"][0]
        self.assertEqual((replica["parent"], replica["user"], replica["metrics"]), (best, "mia", runs[0]["metrics"]))
        self.assertEqual(self.denied, [])
        self.assertEqual(self.objects(), before)

    def test_who_may_only_read_is_told_so(self):
        self.run_as("ann", 3)
        before = self.objects()
        self.become_a_reader()
        refused = self.smflow("runs", "replicate", "latest", cwd=self.place)
        self.assert_exit(refused, 4)
        self.assertIn("AccessDenied", refused.stderr)
        self.assert_exit(self.smflow("board", "--bucket", "results", "--publish", cwd=self.place), 4)
        self.assertEqual(self.objects(), before)


if __name__ == "__main__":
    unittest.main()
