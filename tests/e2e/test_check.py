"""smflow check: what would fail late is told before anything is sent, against a small AWS of our own."""

import hashlib
import http.server
import json
import threading
import unittest
import urllib.parse

from smflow_case import SmflowCase

CONFIG = """\
SAGEMAKER:
  ARN: arn:aws:iam::123456789012:role/train
  INSTANCE_TYPE: ml.g5.xlarge
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
TRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"},
                        "Action": "sts:AssumeRole"}]}
DENIED = (403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>")


def query(operation, result):
    return 200, f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


class SmallAws:
    """Answers by operation; a test replaces those it is about."""

    def __init__(self):
        self.config = json.dumps({"architecture": "amd64"})
        self.calls = []
        self.answers = {
            "GetCallerIdentity": query("GetCallerIdentity", "<Arn>arn:aws:iam::123456789012:user/ann</Arn>"
                                       "<UserId>U</UserId><Account>123456789012</Account>"),
            "GetRole": self.role(TRUST),
            "SimulatePrincipalPolicy": self.decision("allowed"),
            "BatchGetImage": lambda: (200, json.dumps({"images": [{"imageManifest": json.dumps(
                {"config": {"digest": self.digest()}})}], "failures": []})),
            "GetDownloadUrlForLayer": lambda: (200, json.dumps({"downloadUrl": self.url + "/layer"})),
            "layer": lambda: (200, self.config),
            "ListServiceQuotas": self.quota(4),
            "ListAWSDefaultServiceQuotas": (200, json.dumps({"Quotas": []})),
            "GetServiceQuota": (400, json.dumps({"__type": "NoSuchResourceException", "message": "no"})),
            "GetAWSDefaultServiceQuota": (400, json.dumps({"__type": "NoSuchResourceException", "message": "no"})),
            "Search": (200, json.dumps({"Results": []})),
            "results": (200, ""),
            "data": (200, ""),
            "ListObjectsV2": (200, "<ListBucketResult><Contents><Key>images/a.png</Key><Size>7</Size>"
                              "<LastModified>2026-11-26T12:00:00.000Z</LastModified></Contents></ListBucketResult>"),
        }

    def digest(self):
        return "sha256:" + hashlib.sha256(self.config.encode()).hexdigest()

    @staticmethod
    def role(trust):
        return query("GetRole", "<Role><Arn>arn:aws:iam::123456789012:role/train</Arn><AssumeRolePolicyDocument>"
                     + urllib.parse.quote(json.dumps(trust)) + "</AssumeRolePolicyDocument></Role>")

    @staticmethod
    def decision(word):
        return query("SimulatePrincipalPolicy",
                     f"<EvaluationResults><member><EvalDecision>{word}</EvalDecision></member></EvaluationResults>")

    @staticmethod
    def quota(value):
        return 200, json.dumps({"Quotas": [{"QuotaName": "ml.g5.xlarge for training job usage", "QuotaCode": "L-1",
                                            "Value": value}]})

    def operation(self, method, path, headers, body):
        if "X-Amz-Target" in headers:
            return headers["X-Amz-Target"].rsplit(".", 1)[1]
        if method == "POST":
            return urllib.parse.parse_qs(body)["Action"][0]
        return "ListObjectsV2" if "list-type" in path else path.strip("/")

    def start(self):
        aws = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                operation = aws.operation(self.command, self.path, self.headers, body)
                aws.calls.append(operation)
                found = aws.answers[operation]
                status, text = found() if callable(found) else found
                self.send_response(status)
                self.send_header("x-amz-bucket-region", "eu-west-1")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text.encode())

            do_GET = do_HEAD = do_POST = answer

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Check(SmflowCase):
    def setUp(self):
        super().setUp()
        (self.folder / "code").mkdir()
        self.write("training_config.yaml", "ANYTHING:\n  GOES: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)
        self.aws = SmallAws()
        self.aws.start()
        self.addCleanup(self.aws.stop)
        self.environment.update(AWS_EC2_METADATA_DISABLED="true", AWS_REGION="eu-west-1", AWS_ACCESS_KEY_ID="AKIDEXAMPLE",
                                AWS_SECRET_ACCESS_KEY="secret", AWS_ENDPOINT_URL=self.aws.url)

    def check(self, *arguments):
        return self.smflow("check", "--config", "sagemaker_config.yaml", *arguments)

    def findings(self, result):
        return {one["check"]: one for one in json.loads(result.stdout)["findings"]}

    def test_a_variable_of_debugging_counts_among_those_of_the_job(self):
        variables = "".join(f"    V{number}: x\n" for number in range(100))
        self.write("full.yaml", CONFIG + "CONTAINER:\n  ENVIRONMENT:\n" + variables)
        run = ["run", "--config", "full.yaml", "--dry-run"]
        self.assert_exit(self.smflow(*run), 0)
        debugged = self.smflow(*run, "--debug")
        self.assert_exit(debugged, 3)
        self.assertIn("CONTAINER.ENVIRONMENT", debugged.stderr)

    def test_a_sound_job_passes_every_check(self):
        result = self.check()
        self.assert_exit(result, 0)
        lines = result.stdout.splitlines()
        self.assertEqual(len(lines), 8, result.stdout)
        for line in lines:
            self.assertRegex(line, r"^ok +\w")
        self.assertNotIn("error", result.stderr)

    def test_only_reads(self):
        self.assert_exit(self.check(), 0)
        if_needed = {"GetServiceQuota", "GetAWSDefaultServiceQuota", "ListAWSDefaultServiceQuotas"}
        self.assertEqual(set(self.aws.calls) - if_needed, set(self.aws.answers) - if_needed)

    def test_asks_for_a_quota_by_the_code_that_an_earlier_check_has_seen(self):
        self.assert_exit(self.check(), 0)
        self.aws.answers["GetServiceQuota"] = (200, json.dumps({"Quota": {
            "QuotaName": "ml.g5.xlarge for training job usage", "QuotaCode": "L-1", "Value": 0}}))
        del self.aws.calls[:]
        self.assertIn("error[E226]", self.check().stderr)
        self.assertNotIn("ListServiceQuotas", self.aws.calls)

    def test_counts_the_machines_that_other_jobs_have(self):
        self.aws.answers["Search"] = (200, json.dumps({"Results": [{"TrainingJob": {
            "TrainingJobName": "a", "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 4}}}]}))
        result = self.check()
        self.assert_exit(result, 0)
        self.assertIn("E235", result.stdout)

    def test_tells_all_errors_at_once_with_place_and_fix(self):
        self.aws.answers["GetRole"] = self.aws.role({"Statement": []})
        self.aws.config = json.dumps({"architecture": "arm64"})
        self.aws.answers["ListServiceQuotas"] = self.aws.quota(0)
        result = self.check()
        self.assert_exit(result, 4)
        for code in ("E204", "E209", "E226"):
            self.assertIn(f"error[{code}]", result.stderr)
        self.assertIn("sagemaker_config.yaml:2:8", result.stderr)
        self.assertIn("request-service-quota-increase", result.stderr)

    def test_the_exit_code_is_that_of_the_first_error(self):
        self.aws.answers["data"] = (404, "")
        self.assert_exit(self.check(), 13)
        self.aws.answers["SimulatePrincipalPolicy"] = self.aws.decision("implicitDeny")
        self.assert_exit(self.check(), 4)

    def test_what_may_not_be_read_is_a_warning_that_names_the_permission(self):
        self.aws.answers.update(GetRole=DENIED, SimulatePrincipalPolicy=DENIED)
        for operation in ("BatchGetImage", "ListServiceQuotas", "Search"):
            self.aws.answers[operation] = (400, json.dumps({"__type": "AccessDeniedException", "message": "no"}))
        self.aws.answers.update(results=(403, ""), data=(403, ""))
        result = self.check()
        self.assert_exit(result, 0)
        for permission in ("iam:GetRole", "iam:SimulatePrincipalPolicy", "ecr:BatchGetImage", "s3:ListBucket",
                           "servicequotas:ListServiceQuotas"):
            self.assertIn(permission, result.stderr)

    def test_prints_one_json_document(self):
        self.aws.answers["BatchGetImage"] = (200, json.dumps({"images": [], "failures": [
            {"failureCode": "ImageNotFound", "failureReason": "no"}]}))
        result = self.check("--json")
        self.assert_exit(result, 13)
        image = self.findings(result)["image"]
        self.assertEqual((image["code"], image["severity"], image["exit"]), ("E207", "error", 13))
        self.assertEqual(image["where"]["file"], "sagemaker_config.yaml")
        self.assertEqual(self.findings(result)["role"]["severity"], "passed")

    def test_without_credentials_nothing_else_is_asked(self):
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.environment[name]
        result = self.check()
        self.assert_exit(result, 4)
        self.assertIn("error[E400]", result.stderr)
        self.assertEqual(self.aws.calls, [])

    def test_a_local_job_asks_nobody(self):
        (self.folder / "images").mkdir()
        local = ["--set", "SAGEMAKER.INSTANCE_TYPE=local", "--set", "S3.TRAINING_DATA=file://images",
                 "--set", "S3.SAGEMAKER_RESULTS_BUCKET=file://runs"]
        result = self.check(*local)
        self.assert_exit(result, 13)
        self.assertIn("error[E215]", result.stderr)
        self.write("images/a.png", "x")
        self.assert_exit(self.check(*local), 0)
        self.assertEqual(self.aws.calls, [])

    def test_a_mistake_in_the_config_comes_first(self):
        result = self.check("--set", "SAGEMAKER.INSTANCE_COUNT=0")
        self.assert_exit(result, 3)
        self.assertEqual(self.aws.calls, [])

    def test_never_shows_the_secret_key(self):
        self.environment["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        self.aws.answers["GetRole"] = DENIED
        for arguments in ([], ["--json"]):
            result = self.check(*arguments)
            self.assertNotIn("wJalrXUtnFEMI", result.stdout + result.stderr)


if __name__ == "__main__":
    unittest.main()
