"""smflow doctor: where credentials come from and who they belong to, against a security token service of our own."""

import http.server
import re
import shutil
import subprocess
import time
import unittest
from xml.sax.saxutils import escape

from secret_scan import leaks, signatures_in
from smflow_case import SMFLOW, SmflowCase
from terminal import Terminal

KEY = "AKIAIOSFODNN7EXAMPLE"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE" * 10
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
IDENTITY = """\
<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::123456789012:user/ann</Arn><UserId>AIDAEXAMPLE</UserId><Account>123456789012</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
REJECTION = """\
<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
<Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error>
<RequestId>r-2</RequestId></ErrorResponse>"""


class Doctor(SmflowCase):
    def setUp(self):
        super().setUp()
        self.environment.update(AWS_EC2_METADATA_DISABLED="true", AWS_REGION="eu-west-1")
        self.requests = []

    def with_keys(self, status, answer):
        requests = self.requests

        class TokenService(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                requests.append((dict(self.headers), body))
                text = re.sub(r"\{(.+?)\}", lambda name: escape(self.headers[name[1]]), answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        server = self.serve(http.server.HTTPServer(("127.0.0.1", 0), TokenService))
        self.environment.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN,
                                AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}")

    def test_names_the_caller_and_the_source_of_the_keys(self):
        self.with_keys(200, IDENTITY)
        result = self.smflow("doctor")
        self.assert_exit(result, 0)
        self.assertRegex(result.stdout, r"environment +used +key \.\.\.MPLE")
        self.assertRegex(result.stdout, r"region +eu-west-1, from AWS_REGION")
        self.assertRegex(result.stdout, r"identity +arn:aws:iam::123456789012:user/ann")
        ((headers, body),) = self.requests
        self.assertIn("Action=GetCallerIdentity", body)
        self.assertIn("/eu-west-1/sts/aws4_request", headers["Authorization"])

    def test_says_why_each_source_was_skipped(self):
        result = self.smflow("doctor")
        self.assert_exit(result, 4)
        self.assertIn("error[E400]", result.stderr)
        for source in ("environment", "web identity", "container", "instance metadata"):
            self.assertRegex(result.stdout.lower().replace("-", " "), rf"{source} +skipped +\S")

    def test_takes_the_region_of_the_instance_when_none_is_set(self):
        class Metadata(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                known = {("PUT", "/latest/api/token"): b"TOKEN", ("GET", "/latest/meta-data/placement/region"): b"eu-north-1"}
                text = known.get((self.command, self.path), b"")
                self.send_response(200 if text else 404)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_PUT = do_GET

            def log_message(self, *_):
                pass

        server = self.serve(http.server.HTTPServer(("127.0.0.1", 0), Metadata))
        self.environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
        del self.environment["AWS_REGION"]
        self.assertRegex(self.smflow("doctor").stdout, r"region +none")
        self.environment["AWS_EC2_METADATA_DISABLED"] = "false"
        self.assertRegex(self.smflow("doctor").stdout, r"region +eu-north-1, from the metadata of this instance")

    def test_cleans_what_killed_pulls_have_left(self):
        self.write("gan-1/.smflow-pull-abc123/object", "half")
        kept = self.write("gan-1/model/weights", "whole")
        result = self.smflow("doctor", "--clean")
        self.assert_exit(result, 0)
        self.assertIn("removed gan-1/.smflow-pull-abc123", result.stdout)
        self.assertEqual([path.name for path in kept.parent.parent.iterdir()], ["model"])

    def test_cleans_what_killed_jobs_have_left_in_the_work_directory_of_a_config(self):
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("code/main.sh", "#!/bin/sh\necho ready\nsleep 600\n", 0o755)
        self.write("sagemaker_config.yaml", "SAGEMAKER: {INSTANCE_TYPE: local, JOB_NAME: job}\n"
                   "LOCAL: {ENGINE: process, CODE: code, WORK_DIR: elsewhere}\n"
                   "S3: {TRAINING_DATA: file://data, SAGEMAKER_RESULTS_BUCKET: file://results}\n"
                   "TRAINING: {CONFIG_FILE: training_config.yaml}\n")
        job = self.start("run", "--config", "sagemaker_config.yaml")
        self.assertTrue(any("ready" in line for line in job.stdout))
        running = self.smflow("doctor", "--clean", "--config", "sagemaker_config.yaml")
        self.assertIn("nothing was left behind", running.stdout)
        job.kill()
        job.communicate()
        (left,) = (self.folder / "elsewhere").glob("job-*")
        self.assertIn("nothing was left behind", self.smflow("doctor", "--clean").stdout)
        end = time.monotonic() + 30
        while left.exists() and time.monotonic() < end:  # its processes are still dying
            result = self.smflow("doctor", "--clean", "--config", "sagemaker_config.yaml")
            self.assert_exit(result, 0)
        self.assertEqual(result.stdout, f"removed {left}\n")

    def test_a_config_is_for_cleaning_only(self):
        self.assert_exit(self.smflow("doctor", "--config", "sagemaker_config.yaml"), 2)

    def test_shows_what_aws_says_of_rejected_keys(self):
        self.with_keys(403, REJECTION)
        result = self.smflow("doctor")
        self.assert_exit(result, 4)
        self.assertIn("InvalidClientTokenId", result.stderr)
        self.assertIn("r-2", result.stderr)

    def test_says_which_program_is_missing_where_only_part_of_smflow_was_built(self):
        alone = shutil.copy2(SMFLOW, self.folder / "smflow")
        result = subprocess.run([alone, "doctor"], env=self.environment, capture_output=True, text=True, timeout=60)
        self.assert_exit(result, 5)
        self.assertIn("E108", result.stderr)
        self.assertIn(str(self.folder / "smflow-network"), result.stderr)

    def test_prints_one_json_document(self):
        self.with_keys(200, IDENTITY)
        found = self.json_of("doctor", "--json")
        self.assertEqual(found["identity"], {"account": "123456789012", "arn": "arn:aws:iam::123456789012:user/ann"})
        self.assertEqual(found["credentials"][0]["use"], "used")

    def test_a_terminal_shows_what_is_typed_again_however_the_question_for_a_code_ends(self):
        config = self.write("aws_config", "[default]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
                            "mfa_serial = arn:aws:iam::123456789012:mfa/ann\nsource_profile = keys\n"
                            f"[profile keys]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
        self.environment.update(AWS_CONFIG_FILE=str(config))
        # The shell outlives the signal, as the one that a person types in.
        command = ["sh", "-c", f"trap : INT; {SMFLOW} doctor; echo exit $?; stty -a"]
        with Terminal(command, cwd=self.folder, env=self.environment) as terminal:
            terminal.expect("code of the MFA device")
            terminal.type("\x03")
            terminal.expect("exit 130")
            self.assertEqual(terminal.expect(r"[ -]echo\b")[0], " echo")

    def test_leaves_no_key_token_or_signature_anywhere(self):
        echo = REJECTION.replace("The security token", "'{Authorization}', x-amz-security-token:{X-Amz-Security-Token}: the token")
        for status, answer in ((200, IDENTITY), (403, REJECTION), (403, echo)):
            self.with_keys(status, answer)
            for arguments in (["doctor"], ["doctor", "--json"]):
                result = self.smflow(*arguments)
                secrets = {"key id": KEY, "secret key": SECRET, "token": TOKEN}
                (signature,) = signatures_in(self.requests[-1][0]["Authorization"])
                secrets["signature"] = signature
                texts = [("stdout", result.stdout), ("stderr", result.stderr)]
                self.assertEqual(leaks(secrets, [self.folder], texts), [], result.stderr)


if __name__ == "__main__":
    unittest.main()
