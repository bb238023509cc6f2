"""The whole flow as a person types it, with the aws command of the distribution."""

import gzip
import hashlib
import http.client
import http.server
import json
import socket
import subprocess
import time
import unittest

from emulator_case import GROUP, EmulatorCase


class Recorder(http.server.BaseHTTPRequestHandler):
    seen = []
    stored = {}

    def do_GET(self):
        Recorder.seen.append(self.path)
        ranged = self.headers["Range"] == "bytes=1-2"
        body = b"he" if ranged else b"there"
        self.send_response(206 if ranged else 200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        Recorder.stored[self.path] = (len(body), hashlib.sha256(body).hexdigest(), self.headers["Content-Encoding"])
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Clients(EmulatorCase):
    def aws(self, *arguments, code=0):
        result = subprocess.run(["/usr/bin/aws", "--endpoint-url", self.url, "--output", "json", *arguments],
                                env=self.environment_of_clients(), capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, code, result.stderr)
        return json.loads(result.stdout) if result.stdout.strip() else result.stderr

    def test_the_whole_flow_with_awscli(self):
        self.program('i=0; while [ $i -lt 500 ]; do echo "line $i"; i=$((i+1)); done\n')
        request = {
            "TrainingJobName": "demo",
            "RoleArn": "arn:aws:iam::111122223333:role/train",
            "AlgorithmSpecification": {"TrainingImage": "demo:1", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        }
        self.aws("sagemaker", "create-training-job", "--cli-input-json", json.dumps(request))
        again = self.aws("sagemaker", "create-training-job", "--cli-input-json", json.dumps(request), code=254)
        self.assertIn("ResourceInUse", again)
        while True:
            job = self.aws("sagemaker", "describe-training-job", "--training-job-name", "demo")
            if job["TrainingJobStatus"] not in ("InProgress", "Stopping"):
                break
            time.sleep(0.2)
        self.assertEqual(job["TrainingJobStatus"], "Completed")
        streams = self.aws("logs", "describe-log-streams", "--log-group-name", GROUP, "--log-stream-name-prefix", "demo/")
        stream = streams["logStreams"][0]["logStreamName"]
        wanted = [f"line {i}" for i in range(500)]
        self.assertEqual([text for text in self.read_all(stream) if text.startswith("line ")], wanted)
        found = self.aws("logs", "filter-log-events", "--log-group-name", GROUP, "--filter-pattern", "line")
        self.assertEqual([event["message"] for event in found["events"]], wanted)
        identity = self.aws("sts", "get-caller-identity")
        self.assertEqual(identity["Account"], "000000000000")

    def read_all(self, stream):
        texts, token = [], None
        while True:
            more = ["--next-token", token] if token else []
            page = self.aws("logs", "get-log-events", "--log-group-name", GROUP, "--log-stream-name", stream,
                            "--start-from-head", "--limit", "200", *more)
            texts += [event["message"] for event in page["events"]]
            if page["nextForwardToken"] == token:
                return texts
            token = page["nextForwardToken"]

    def test_other_calls_go_to_the_endpoint_or_are_refused(self):
        self.assertIn("--aws-endpoint", self.aws("s3api", "list-buckets", code=254))
        self.start_with_an_endpoint()
        s3 = self.client("s3")
        self.assertEqual(s3.get_object(Bucket="bucket", Key="a b+c")["Body"].read(), b"there")
        self.assertEqual(s3.get_object(Bucket="bucket", Key="k", Range="bytes=1-2")["Body"].read(), b"he")
        self.assertEqual(s3.head_object(Bucket="bucket", Key="a b+c")["ContentLength"], 5)
        self.assertEqual(Recorder.seen[-1], "/bucket/a%20b%2Bc")

    def start_with_an_endpoint(self):
        server = self.serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder))
        self.stop_emulator()
        self.start_emulator("#!/bin/sh\n", "--aws-endpoint", f"http://127.0.0.1:{server.server_port}")
        self.port = int(self.url.rsplit(":", 1)[1])

    def put(self, path, body, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.addCleanup(connection.close)
        connection.request("PUT", path, body, headers)
        with connection.getresponse() as response:
            return response.status

    def test_a_body_of_any_size_is_forwarded_as_it_is(self):
        self.start_with_an_endpoint()
        large = b"0123456789abcdef" * (65 << 16)
        self.assertEqual(self.put("/b/large", large), 200)
        self.assertEqual(Recorder.stored["/b/large"][:2], (len(large), hashlib.sha256(large).hexdigest()))
        packed = gzip.compress(b"text " * 1000)
        self.assertEqual(self.put("/b/packed", packed, **{"Content-Encoding": "gzip"}), 200)
        self.assertEqual(Recorder.stored["/b/packed"], (len(packed), hashlib.sha256(packed).hexdigest(), "gzip"))
        self.assertEqual(self.put("/b/empty", b""), 200)
        self.assertEqual(Recorder.stored["/b/empty"][0], 0)

    def test_a_body_that_is_cut_is_not_forwarded(self):
        self.start_with_an_endpoint()
        for framing, answer in (("Content-Length: 100\r\n\r\nhalf", b""),
                                ("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nno size\r\n", b"HTTP/1.1 400 ")):
            with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
                connection.sendall(f"PUT /b/cut HTTP/1.1\r\nHost: 127.0.0.1\r\n{framing}".encode())
                if not answer:
                    connection.shutdown(socket.SHUT_WR)
                self.assertEqual(connection.recv(len(answer) or 1), answer)
        self.assertNotIn("/b/cut", Recorder.stored)

    def test_mistakes_of_the_command_line(self):
        port = self.url.rsplit(":", 1)[1]
        for arguments, code in ((["--port", port], "E190"), (["--aws-endpoint", "https://x"], "E191"),
                                (["--engine", "container"], "E350"), (["--code", "nowhere"], "E193")):
            result = self.smflow("emulator", "--s3-root", "s3", *(arguments if "--code" in arguments else ["--code", "code", *arguments]))
            self.assertIn(f"error[{code}]", result.stderr)


if __name__ == "__main__":
    unittest.main()
