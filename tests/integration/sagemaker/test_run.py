"""smflow run with INSTANCE_TYPE: ml.*, whole: S3 and STS by moto, jobs and logs by the emulator, read back by boto3."""

import hashlib
import http.server
import io
import json
import re
import signal
import subprocess
import tarfile
import threading
import time
import unittest
import urllib.request

import secret_scan
from sagemaker_case import PROGRAM, SageMakerCase

TOKEN = "FwoGZXIvYXdzEXAMPLE0TOKEN1OF2THE3SESSION"
PASSWORD = "wandb-0123456789abcdef"


def is_part_of(part, whole):
    """Every member of `part` is in `whole`, with the same value."""
    if isinstance(part, dict):
        return all(name in whole and is_part_of(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(is_part_of, part, whole))
    return part == whole


def serve_logs_of(url, requests):
    """A server that answers with what the one at `url` says, and appends what it was asked for."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append((self.headers["X-Amz-Target"].split(".")[-1], json.loads(body)))
            asked = urllib.request.Request(url, body, {name: self.headers[name] for name in self.headers if name != "Host"})
            with urllib.request.urlopen(asked) as answer:
                content = answer.read()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever).start()
    return server


class Run(SageMakerCase):
    def test_a_job_runs_and_leaves_its_record_and_results_on_s3(self):
        result = self.run_job()
        self.assert_exit(result, 0)
        self.assertIn("trains with one and of the config", result.stdout)
        name = self.job_name()
        self.assertTrue(name.startswith("gan-"), name)
        record = f"exp/configs/{name}/"
        for file in ("sagemaker_config.yaml", "training_config.yaml"):
            self.assertEqual(self.get(record + "config/" + file), (self.folder / file).read_bytes())
        document = json.loads(self.get(record + "record.json"))
        self.assertEqual(document["configs"]["sagemaker"]["sha256"],
                         hashlib.sha256((self.folder / "sagemaker_config.yaml").read_bytes()).hexdigest())
        self.assertEqual(json.loads(self.get(record + "outcome.json"))["state"], "succeeded")
        self.assertEqual(self.get(record + "metrics/metrics.jsonl"), b'{"loss": 0.5}\n')
        with tarfile.open(fileobj=io.BytesIO(self.get(f"exp/outputs/{name}/output/model.tar.gz"))) as model:
            self.assertEqual(model.extractfile("config_seen").read(), self.get(record + "config/train/training_config.yaml"))

    def test_the_job_holds_every_field_of_the_request(self):
        self.assert_exit(self.run_job(), 0)
        name = self.job_name()
        request = json.loads(self.get(f"exp/configs/{name}/request.json"))
        tags = {tag["Key"]: tag["Value"] for tag in request.pop("Tags")}
        described = subprocess.run(
            ["/usr/bin/aws", "sagemaker", "describe-training-job", "--training-job-name", name, "--endpoint-url", self.url],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        self.assertEqual(described.returncode, 0, described.stderr)
        described = json.loads(described.stdout)
        self.assertTrue(is_part_of(request, described), f"{request}\nis not in\n{described}")
        self.assertEqual(request["AlgorithmSpecification"]["TrainingImage"],
                         "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan_training:build_0_1")
        stored = self.sagemaker.list_tags(ResourceArn=described["TrainingJobArn"])["Tags"]
        self.assertEqual({tag["Key"]: tag["Value"] for tag in stored}, tags)
        self.assertEqual(tags["team"], "vision")
        self.assertEqual(tags["experiment"], "exp")

    def test_the_config_channel_is_the_one_file_that_the_program_reads(self):
        self.assert_exit(self.run_job("--detach"), 0)
        channels = self.sagemaker.describe_training_job(TrainingJobName=self.job_name())["InputDataConfig"]
        uri = {one["ChannelName"]: one["DataSource"]["S3DataSource"]["S3Uri"] for one in channels}["config"]
        prefix = uri.removeprefix("s3://results/")
        # As SageMaker takes an S3Prefix: every key that begins so.
        self.assertEqual([key for key in self.keys() if key.startswith(prefix)], [prefix + "training_config.yaml"])

    def test_a_dry_run_prints_the_request_and_changes_nothing(self):
        before = self.keys()
        result = self.run_job("--dry-run", "--json")
        self.assert_exit(result, 0)
        printed = json.loads(result.stdout)
        self.assertEqual(printed["request"]["RoleArn"], "arn:aws:iam::123456789012:role/train")
        self.assertEqual(self.keys(), before)
        self.assertEqual(self.sagemaker.list_training_jobs()["TrainingJobSummaries"], [])
        self.assert_exit(self.run_job("--detach"), 0)
        # The other job is of another second and has another name; what it leaves itself nobody can say before.
        written = [f"s3://results/{key}" for key in self.keys()
                   if key not in before and key.startswith(("exp/configs/", "smflow/"))]
        said = [one["uri"] for one in printed["uploads"]]
        self.assertEqual(*(sorted(re.sub(r"gan-\d+-\d+-\w+|\d+T\d+Z", "X", uri) for uri in uris) for uris in (said, written)))
        self.assertTrue(any("/data/" in uri for uri in said))

    def test_a_job_goes_on_from_the_checkpoints_of_an_earlier_one(self):
        missing = self.run_job("--resume-from", "gan-1")
        self.assert_exit(missing, 13)
        self.assertRegex(missing.stderr, "E067.*'s3://results/exp/checkpoints/gan-1' is empty")
        self.assertEqual(self.sagemaker.list_training_jobs()["TrainingJobSummaries"], [])
        self.s3.put_object(Bucket="results", Key="exp/checkpoints/gan-1/last", Body=b"epoch 3")
        self.program("#!/bin/sh\ncat /opt/ml/checkpoints/last\n")
        result = self.run_job("--resume-from", "gan-1")
        self.assert_exit(result, 0)
        self.assertIn("epoch 3", result.stdout)

    def test_a_failed_job_is_recorded_as_failed(self):
        self.program("#!/bin/sh\necho 'the data is empty' >&2\nexit 7\n")
        result = self.run_job()
        self.assert_exit(result, 10)
        self.assertRegex(result.stderr, r"(?s)Failed.*reason.*│ the data is empty")
        outcome = json.loads(self.get(f"exp/configs/{self.job_name()}/outcome.json"))
        self.assertEqual(outcome["state"], "failed")

    def test_whoever_did_not_see_all_lines_of_a_failed_job_is_told_the_last(self):
        self.program("#!/bin/sh\nfor i in $(seq 30); do echo \"line $i\"; done\necho 'the data is empty' >&2\nexit 7\n")
        self.assert_exit(self.run_job("--detach"), 0)
        name = self.job_name()
        waited = self.smflow("wait", name)
        self.assert_exit(waited, 10)
        self.assertRegex(waited.stderr, "(?s)reason.*│ line 30\n.*│ the data is empty")
        self.assertNotIn("│ line 20\n", waited.stderr)
        other = self.smflow("logs", name, "--follow", "--since", "2099-01-01T00:00:00Z")
        self.assert_exit(other, 10)
        self.assertNotIn("the data is empty", other.stdout)
        self.assertIn("│ the data is empty", other.stderr)

    def test_a_detached_job_is_followed_by_its_name_and_pulled(self):
        submitted = self.run_job("--detach", "--json")
        self.assert_exit(submitted, 0)
        name = json.loads(submitted.stdout.splitlines()[-1])["job_name"]
        self.assertEqual(name, self.job_name())
        followed = self.smflow("logs", name, "--follow")
        self.assert_exit(followed, 0)
        self.assertIn("trains with one", followed.stdout)
        listed = self.smflow("pull", name, "--dry-run")
        self.assert_exit(listed, 0)
        self.assertIn("would fetch", listed.stderr)
        self.assertFalse((self.folder / name).exists())
        self.assert_exit(self.smflow("pull", name), 0)
        self.assertTrue((self.folder / name / "model/config_seen").is_file())
        self.assertEqual((self.folder / name / "output/metrics/metrics.jsonl").read_text(), '{"loss": 0.5}\n')
        again = self.smflow("pull", name)
        self.assert_exit(again, 14)
        self.assertIn("nothing is ever overwritten", again.stderr)

    def test_a_job_that_packs_nothing_is_recorded_and_pulled_file_by_file(self):
        self.assert_exit(self.run_job("--set", "S3.COMPRESS_OUTPUT=false"), 0)
        name = self.job_name()
        record = json.loads(self.get(f"exp/configs/{name}/record.json"))
        job = self.sagemaker.describe_training_job(TrainingJobName=name)
        self.assertEqual(job["ModelArtifacts"]["S3ModelArtifacts"], f"s3://results/exp/outputs/{name}/output/model/")
        self.assertEqual(record["outputs"]["model"], job["ModelArtifacts"]["S3ModelArtifacts"])
        self.assertIn(f"exp/outputs/{name}/output/model/config_seen", self.keys())
        self.assertEqual(self.get(f"exp/configs/{name}/metrics/metrics.jsonl"), b'{"loss": 0.5}\n')
        self.assert_exit(self.smflow("pull", name), 0)
        self.assertTrue((self.folder / name / "model/config_seen").is_file())
        self.assertEqual((self.folder / name / "data/metrics/metrics.jsonl").read_text(), '{"loss": 0.5}\n')

    def test_a_pull_that_failed_goes_on_and_overwrites_nothing(self):
        name = self.unfollowed_job()
        (key,) = [key for key in self.keys() if key.endswith("output/output.tar.gz")]
        output = self.get(key)
        self.s3.put_object(Bucket="results", Key=key, Body=b"no archive")
        self.assertIn("E165", self.smflow("pull", name).stderr)
        (self.folder / name / "model/config_seen").write_text("my notes")
        (self.folder / name / ".smflow-pull-killed").mkdir()
        self.s3.put_object(Bucket="results", Key=key, Body=output)
        self.assert_exit(self.smflow("pull", name), 0)
        self.assertEqual((self.folder / name / "model/config_seen").read_text(), "my notes")
        self.assertEqual((self.folder / name / "output/metrics/metrics.jsonl").read_text(), '{"loss": 0.5}\n')
        self.assertEqual(sorted(p.name for p in (self.folder / name).iterdir()), ["model", "output"])
        self.assert_exit(self.smflow("pull", name), 14)

    def unfollowed_job(self):
        """The name of a job that has ended while nobody followed it."""
        self.assert_exit(self.run_job("--detach"), 0)
        name = self.job_name()
        while self.sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"] != "Completed":
            time.sleep(0.1)
        return name

    def test_a_job_that_ended_unfollowed_is_recorded_by_the_board(self):
        name = self.unfollowed_job()
        self.assert_exit(self.smflow("board", "--bucket", "results"), 0)
        self.assertEqual(json.loads(self.get(f"exp/configs/{name}/outcome.json"))["state"], "succeeded")

    def test_a_job_that_ended_unfollowed_is_recorded_by_the_next_runs_command(self):
        name = self.unfollowed_job()
        (run,) = self.json_of("runs", "list", "--bucket", "results", "--json")["runs"]
        self.assertEqual((run["name"], run["state"], run["metrics"]), (name, "succeeded", {}))
        shown = self.json_of("runs", "show", name[-5:], "--bucket", "results", "--json")
        self.assertEqual(shown["outcome"]["finalised_by"], "reconciler")
        self.assertTrue(shown["submitted"]["arn"].endswith(f":training-job/{name}"))
        self.assertRegex(shown["record"]["image"]["digest"], "^sha256:[0-9a-f]{64}$")
        self.assertEqual(shown["record"]["data"][0]["hash_kind"], "s3-etag-list")
        self.assertLessEqual({"metrics/metrics.jsonl", "logs/algo-1.txt"}, {file["key"] for file in shown["files"]})
        self.assertIn(b"trains with one", self.get(f"exp/configs/{name}/logs/algo-1.txt"))

    def test_the_lines_that_were_shown_are_not_read_again_for_the_record(self):
        name = self.unfollowed_job()
        requests = []
        server = serve_logs_of(self.url, requests)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.environment["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = f"http://127.0.0.1:{server.server_port}"
        self.assert_exit(self.smflow("logs", name, "--follow"), 0)
        self.assertIn(b"trains with one", self.get(f"exp/configs/{name}/logs/algo-1.txt"))
        readings = [asked for operation, asked in requests if operation == "GetLogEvents" and "nextToken" not in asked]
        self.assertEqual(len(readings), 1)

    def test_many_runs_that_ended_unfollowed_are_recorded_at_once(self):
        names = {self.unfollowed_job() for _ in range(4)}
        self.program(PROGRAM + "sleep 30\n")
        self.assert_exit(self.run_job("--detach"), 0)
        going_on = self.job_name()
        runs = {run["name"]: run["state"] for run in self.json_of("runs", "list", "--bucket", "results", "--json")["runs"]}
        self.assertEqual(runs, {**dict.fromkeys(names, "succeeded"), going_on: "open"})
        self.assert_exit(self.smflow("stop", going_on, "--wait"), 0)

    def test_a_run_whose_submission_never_came_through_does_not_stay_open(self):
        known = self.unfollowed_job()
        lost = "gan-20260131-120000-x7k2a"
        record = json.loads(self.get(f"exp/configs/{known}/record.json"))
        self.assertEqual(record["target"]["region"], "eu-west-1")
        record["run"] |= {"id": lost, "created": "2026-01-31T12:00:00Z"}
        self.s3.put_object(Bucket="results", Key=f"exp/configs/{lost}/record.json", Body=json.dumps(record))
        elsewhere = "gan-20260131-120000-other"
        record["run"]["id"], record["who"]["aws_account"] = elsewhere, "210987654321"
        self.s3.put_object(Bucket="results", Key=f"exp/configs/{elsewhere}/record.json", Body=json.dumps(record))
        runs = self.json_of("runs", "list", "--reindex", "--bucket", "results", "--json")["runs"]
        states = {run["name"]: run["state"] for run in runs}
        self.assertEqual(states, {known: "succeeded", lost: "failed", elsewhere: "open"})
        self.assertIn("never started", self.smflow("runs", "show", lost, "--bucket", "results").stdout)
        self.assert_exit(self.smflow("runs", "rm", lost, "--bucket", "results", "--yes"), 0)

    def test_a_teammate_replicates_a_run_of_sagemaker_there_and_here(self):
        self.assert_exit(self.run_job(), 0)
        (name,) = [run["name"] for run in self.json_of("runs", "list", "--bucket", "results", "--json")["runs"]]
        (self.folder / "sagemaker_config.yaml").unlink()
        (self.folder / "training_config.yaml").unlink()
        replicate = ("runs", "replicate", name, "--bucket", "results")
        as_process = ("--here", "--set", "LOCAL.ENGINE=process", "--set", "LOCAL.CODE=code")
        refused = self.smflow(*replicate, *as_process)
        self.assert_exit(refused, 14)
        self.assertRegex(refused.stderr, "E374.*the program is not as it was: recorded that of image '.*gan")
        for where in ([], [*as_process, "--allow-drift"]):
            self.assert_exit(self.smflow(*replicate, *where), 0)
        parents = [run["parent"] for run in self.json_of("runs", "list", "--bucket", "results", "--json")["runs"]]
        self.assertEqual(parents, [name, name, ""])
        self.s3.put_object(Bucket="results", Key="data/b.txt", Body=b"more")
        refused = self.smflow(*replicate)
        self.assert_exit(refused, 14)
        self.assertIn("1 added, 0 removed, 0 changed", refused.stderr)

    def test_a_local_job_has_data_and_results_on_s3(self):
        result = self.run_job("--set", "SAGEMAKER.INSTANCE_TYPE=local", "--set", f"LOCAL.WORK_DIR={self.folder}/work")
        self.assert_exit(result, 0)
        self.assertIn("trains with one", result.stdout)
        (record,) = [key for key in self.keys() if key.endswith("/record.json")]
        name = record.split("/")[-2]
        self.assertEqual(json.loads(self.get(f"exp/configs/{name}/outcome.json"))["state"], "succeeded")
        self.assertEqual(self.get(f"exp/configs/{name}/metrics/metrics.jsonl"), b'{"loss": 0.5}\n')
        self.assertIn(f"exp/outputs/{name}/output/model.tar.gz", self.keys())
        self.assertEqual(self.sagemaker.list_training_jobs()["TrainingJobSummaries"], [])

    def test_no_key_is_in_anything_a_run_leaves(self):
        self.environment["AWS_SESSION_TOKEN"] = TOKEN
        result = self.run_job("--set", f"CONTAINER.ENVIRONMENT={{WANDB_API_KEY: {PASSWORD}}}")
        self.assert_exit(result, 0)
        pulled = self.smflow("pull", self.job_name())
        self.assert_exit(pulled, 0)
        shown = self.run_job("--dry-run", "--set", f"CONTAINER.ENVIRONMENT={{WANDB_API_KEY: {PASSWORD}}}")
        self.assert_exit(shown, 0)
        secrets = {"the key id": self.moto.keys["aws_access_key_id"], "the key": self.moto.keys["aws_secret_access_key"],
                   "the session token": TOKEN, "the job's own key": PASSWORD}
        texts = [(name + " of " + what, text) for what, done in (("run", result), ("pull", pulled), ("dry run", shown))
                 for name, text in (("stdout", done.stdout), ("stderr", done.stderr))]
        texts += [(key, self.get(key)) for key in self.keys()]
        self.assertEqual(secret_scan.leaks(secrets, [self.folder], texts), [])

    def test_interrupting_detaches(self):
        self.program("#!/bin/sh\ntrap 'exit 0' TERM\necho ready\nwhile :; do sleep 0.1; done\n")
        process = self.start("run", "--config", "sagemaker_config.yaml")
        self.assertTrue(any("ready" in line for line in iter(process.stdout.readline, "")))
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        name = self.job_name()
        self.assertIn(f"smflow logs {name} --follow", text)
        self.assertNotIn(f"exp/configs/{name}/outcome.json", self.keys())
        self.assert_exit(self.smflow("stop", name, "--wait"), 0)

    def test_a_refused_request_is_said_in_the_words_of_the_service_and_recorded(self):
        result = self.run_job("--set", "SAGEMAKER.INSTANCE_COUNT=33")
        self.assert_exit(result, 3)
        self.assertIn("E427", result.stderr)
        outcomes = [key for key in self.keys() if key.endswith("/outcome.json")]
        self.assertEqual(len(outcomes), 1)
        self.assertIn("never started", json.loads(self.get(outcomes[0]))["reason"])

    def test_what_would_fail_late_is_refused_before_anything_is_written(self):
        before = self.keys()
        result = self.run_job("--set", "SAGEMAKER.ARN=arn:aws:iam::123456789012:role/nobody", "--set", "ECR.TAG=never_built")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("role/nobody", result.stderr)
        self.assertIn("never_built", result.stderr)
        self.assertEqual(self.keys(), before)
        self.assertEqual(self.sagemaker.list_training_jobs()["TrainingJobSummaries"], [])

    def test_a_bucket_that_does_not_exist_starts_nothing(self):
        result = self.run_job("--set", "S3.SAGEMAKER_RESULTS_BUCKET=nobody-has-this")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("nobody-has-this", result.stderr)
        self.assertEqual(self.sagemaker.list_training_jobs()["TrainingJobSummaries"], [])


if __name__ == "__main__":
    unittest.main()
