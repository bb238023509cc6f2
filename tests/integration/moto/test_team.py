"""A team and its bucket on S3: two people run, a third, who may only read, lists, shows, compares, and does the best again."""

import http.server
import json
import unittest
import urllib.error
import urllib.request

import boto3
from moto_server import MotoServer
from smflow_case import SmflowCase
from team_flow import TeamFlow

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


class Team(TeamFlow, SmflowCase):
    bucket = "results"

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
        self.write_project("s3://data/letters")

    def become_a_reader(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ReadOnly)
        server.behind, server.denied, server.daemon_threads = self.moto.url, [], True
        self.serve(server)
        self.denied = server.denied
        self.place = self.folder / "teammate"
        self.place.mkdir()
        self.environment |= {"SUDO_USER": "mia", "XDG_CACHE_HOME": str(self.place / "cache"),
                             "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}", "SMFLOW_BUCKET": "results"}

    def objects(self):
        return [(one["Key"], one["ETag"]) for one in self.s3.list_objects_v2(Bucket="results")["Contents"]]

    def refused(self):
        return self.denied

    def test_one_object_as_data_is_recorded(self):
        self.s3.put_object(Bucket="data", Key="letters/a.txt.old", Body=b"other\n")
        self.run_as("ann", 1, "--set", "S3.TRAINING_DATA=s3://data/letters/a.txt")
        (run,) = self.json_of("runs", "list", "--bucket", "results", "--json")["runs"]
        (data,) = self.json_of("runs", "show", run["name"], "--bucket", "results", "--json")["record"]["data"]
        self.assertEqual((data["count"], data["bytes"], data["hash_kind"]), (1, 4, "s3-etag-list"))
        lines = self.s3.get_object(Bucket="results", Key=data["manifest"])["Body"].read().splitlines()
        self.assertEqual([json.loads(line)["k"] for line in lines], ["a.txt"])

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
