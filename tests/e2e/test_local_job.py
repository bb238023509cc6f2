"""A whole job on this machine, around small programs: what is left where, statuses, exit codes, Ctrl-C."""

import http.server
import json
import os
import signal
import tarfile
import threading
import time
import unittest
from pathlib import Path

from smflow_case import SmflowCase

CONFIG = """\
SAGEMAKER:
  INSTANCE_TYPE: local
  JOB_NAME: my_job
LOCAL:
  ENGINE: process
  CODE: code
S3:
  TRAINING_DATA: file://data
  SAGEMAKER_RESULTS_BUCKET: file://results
  EXPERIMENT_NAME: team/exp
TRAINING:
  CONFIG_FILE: training_config.yaml
"""

PROGRAM = """\
set -e
echo "Loss_D: 1.5 on $(hostname)"
cat "$SM_CHANNEL_TRAINDATA/a.txt" "$SM_CHANNEL_CONFIG/training_config.yaml" > "$SM_MODEL_DIR/weights"
mkdir -p "$SM_OUTPUT_DATA_DIR/metrics" "$SM_OUTPUT_DATA_DIR/samples"
echo '{"step":1}' > "$SM_OUTPUT_DATA_DIR/metrics/metrics.jsonl"
echo picture > "$SM_OUTPUT_DATA_DIR/samples/epoch-0001.png"
echo "$@" > "$SM_OUTPUT_DATA_DIR/arguments"
echo state > /opt/ml/checkpoints/last
"""


class LocalJob(SmflowCase):
    def setUp(self):
        super().setUp()
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)

    def program(self, text):
        self.write("code/main.sh", "#!/bin/sh\n" + text, 0o755)

    def run_job(self, *more):
        return self.smflow("run", "--config", "sagemaker_config.yaml", *more)

    def jobs(self):
        return sorted((self.folder / "results/team/exp/configs").glob("*"))

    def outcome(self):
        return json.loads((self.jobs()[-1] / "outcome.json").read_text())

    def assert_nothing_left(self):
        left = [str(path) for path in (self.folder / "cache").rglob("*") if path.is_file() and path.stat().st_size]
        self.assertEqual(left, [])
        self.assertNotIn(str(self.folder), Path("/proc/self/mountinfo").read_text())

    def test_leaves_everything_of_the_run_in_its_place(self):
        self.program(PROGRAM)
        result = self.run_job()
        self.assert_exit(result, 0)
        self.assertIn("Loss_D: 1.5 on algo-1", result.stdout)
        (record,) = self.jobs()
        self.assertRegex(record.name, r"^my-job-\d{8}-\d{6}-[0-9a-z]{5}$")
        for name in ("record.json", "outcome.json", "effective.json", "config/sagemaker_config.yaml",
                     "config/training_config.yaml", "config/train/training_config.yaml", "logs/algo-1.txt",
                     "metrics/metrics.jsonl", "samples/epoch-0001.png"):
            self.assertTrue((record / name).is_file(), name)
        self.assertEqual((record / "config/sagemaker_config.yaml").read_text(), CONFIG)
        output = self.folder / "results/team/exp/outputs" / record.name / "output"
        with tarfile.open(output / "model.tar.gz") as model:
            self.assertEqual(model.extractfile("weights").read(), b"one\nA:\n  B: 1\n")
        with tarfile.open(output / "output.tar.gz") as archive:
            arguments = archive.extractfile("arguments").read().decode()
        self.assertEqual(arguments, "--output_dir /opt/ml/checkpoints --train_cfg_filename training_config.yaml\n")
        checkpoint = self.folder / "results/team/exp/checkpoints" / record.name / "last"
        self.assertEqual(checkpoint.read_text(), "state\n")
        self.assertEqual(self.outcome()["state"], "succeeded")
        self.assertEqual([phase["name"] for phase in self.outcome()["phases"]],
                         ["Starting", "Downloading", "Training", "Uploading", "Completed"])
        self.assert_nothing_left()

    def test_a_second_run_overwrites_nothing(self):
        self.program(PROGRAM)
        self.assert_exit(self.run_job(), 0)
        before = {path: path.read_bytes() for path in (self.folder / "results").rglob("*") if path.is_file()}
        self.assert_exit(self.run_job(), 0)
        self.assertEqual(len(self.jobs()), 2)
        for path, content in before.items():
            self.assertEqual(path.read_bytes(), content)

    def test_a_failing_program_gives_exit_10_and_its_reason(self):
        self.program("echo 'the cause of it' >&2; exit 3")
        result = self.run_job()
        self.assert_exit(result, 10)
        self.assertIn("the cause of it", self.outcome()["reason"])
        self.assertEqual(self.outcome()["hosts"], [{"name": "algo-1", "exit_code": 3}])
        self.assert_nothing_left()

    def test_the_time_limit_stops_the_job_and_keeps_what_it_made(self):
        self.program("echo half > $SM_MODEL_DIR/half; exec sleep 60")
        result = self.run_job("--set", "SAGEMAKER.MAX_RUN_TIME=5", "--set", "LOCAL.STOP_GRACE=1")
        self.assert_exit(result, 12)
        self.assertEqual(self.outcome()["state"], "timed_out")
        self.assertIn("/output/model.tar.gz", json.dumps(self.outcome()["artifacts"]))

    def test_the_command_that_replicates_it_names_the_bucket_whatever_that_is_called(self):
        self.program("true")
        self.assert_exit(self.run_job("--set", "S3.SAGEMAKER_RESULTS_BUCKET=file://team/exp/results"), 0)
        (file,) = (self.folder / "team/exp/results").rglob("record.json")
        command = json.loads(file.read_text())["replicate"]["command"]
        self.assertTrue(command.endswith(f"--bucket file://{self.folder.resolve()}/team/exp/results"), command)

    def wait_until_ready(self, process):
        for line in process.stdout:
            if line == "ready\n":
                return
        self.fail("the program never said that it is ready")

    def test_ctrl_c_stops_gracefully_and_keeps_the_artifacts(self):
        self.program("trap 'echo saved > $SM_MODEL_DIR/saved; exit 0' TERM; echo ready; while :; do sleep 0.1; done")
        process = self.start("run", "--config", "sagemaker_config.yaml")
        self.wait_until_ready(process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertEqual(self.outcome()["status"], "Stopped")
        self.assertIn("model.tar.gz", json.dumps(self.outcome()["artifacts"]))
        self.assert_nothing_left()

    def stalling_s3(self):
        """An S3 that lists one object and never sends it; the event tells that it was asked for."""
        asked, over = threading.Event(), threading.Event()
        listing = (b"<ListBucketResult><Contents><Key>images/a.png</Key><Size>7</Size><ETag>1</ETag>"
                   b"<LastModified>2026-11-26T12:00:00.000Z</LastModified></Contents></ListBucketResult>")

        class Storage(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if "list-type" not in self.path:
                    asked.set()
                    over.wait(60)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(listing)))
                self.end_headers()
                self.wfile.write(listing)

            def log_message(self, *_):
                pass

        server = self.serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Storage))
        self.addCleanup(over.set)
        self.environment.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.server_port}", AWS_REGION="eu-west-1",
                                AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE", AWS_SECRET_ACCESS_KEY="secret")
        return asked

    def test_ctrl_c_while_the_data_is_fetched_starts_no_program(self):
        asked = self.stalling_s3()
        self.program("echo ready")
        process = self.start("run", "--config", "sagemaker_config.yaml", "--set", "S3.TRAINING_DATA=s3://data/images")
        self.assertTrue(asked.wait(60))
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("the program is not started", err)
        self.assertNotIn("ready", out)
        self.assertEqual(self.outcome()["state"], "stopped")
        self.assertNotIn("s to save", err)

    def test_a_second_ctrl_c_kills_a_program_that_does_not_listen(self):
        self.program("trap '' TERM INT; echo ready; while :; do sleep 0.1; done")
        process = self.start("run", "--config", "sagemaker_config.yaml")
        begin = time.monotonic()
        self.wait_until_ready(process)
        process.send_signal(signal.SIGINT)
        self.assertTrue(any("Ctrl-C again to kill it" in line for line in process.stderr))
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertLess(time.monotonic() - begin, 60)  # far below the 120 s it may take to save
        self.assert_nothing_left()

    def test_kill_9_of_the_launcher_leaves_no_process(self):
        self.program("echo ready; exec sleep 98765")
        process = self.start("run", "--config", "sagemaker_config.yaml")
        self.wait_until_ready(process)
        process.kill()
        process.communicate()
        deadline = time.monotonic() + 10
        while self.running("98765") and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(self.running("98765"), [])

    def running(self, word):
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                line = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if word.encode() in line:
                found.append(pid)
        return found

    def test_a_dry_run_prints_the_plan_and_writes_nothing(self):
        self.program(PROGRAM)
        result = self.run_job("--dry-run")
        self.assert_exit(result, 0)
        plan = json.loads(result.stdout)
        self.assertEqual(plan["schema"], "smflow.plan/1")
        self.assertFalse((self.folder / "results").exists())
        self.assertFalse((self.folder / "cache").exists())

    def test_json_is_one_event_a_line_and_ends_with_the_result(self):
        self.program(PROGRAM)
        result = self.run_job("--json")
        self.assert_exit(result, 0)
        events = [json.loads(line) for line in result.stdout.splitlines()]
        self.assertEqual(events[-1]["event"], "result")
        self.assertEqual(events[-1]["status"], "Completed")
        (line,) = (event for event in events if event["event"] == "log" and event["line"] == "Loss_D: 1.5 on algo-1")
        (training,) = (event for event in events if event["event"] == "status" and event["status"] == "Training")
        self.assertEqual(line["host"], "algo-1")
        self.assertGreaterEqual(line["time"], training["time"])

    def test_resume_from_restores_the_checkpoints_of_an_earlier_job(self):
        self.program(PROGRAM)
        self.assert_exit(self.run_job(), 0)
        earlier = self.jobs()[0].name
        self.program("cat /opt/ml/checkpoints/last")
        result = self.run_job("--resume-from", earlier)
        self.assert_exit(result, 0)
        self.assertIn("state", result.stdout)
        self.assert_exit(self.run_job("--resume-from", "no-such-job"), 13)

    def test_a_python_program_runs_too(self):
        self.write("code/main.py", "import os, json\nprint(json.loads(os.environ['SM_HOSTS']))\n")
        result = self.run_job()
        self.assert_exit(result, 0)
        self.assertIn("['algo-1']", result.stdout)

    def test_missing_data_is_refused_before_anything_starts(self):
        self.program(PROGRAM)
        result = self.run_job("--set", "S3.TRAINING_DATA=file://nowhere")
        self.assert_exit(result, 3)
        self.assertIn("nowhere", result.stderr)
        self.assertFalse((self.folder / "results").exists())

    def test_no_credential_of_the_caller_reaches_the_program_or_the_record(self):
        self.environment["AWS_SECRET_ACCESS_KEY"] = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY1"
        self.environment["AWS_ACCESS_KEY_ID"] = "AKIAIOSFODNN7EXAMPLE"
        self.program("env")
        result = self.run_job("--set", "CONTAINER.ENVIRONMENT={NOTE: hello}")
        self.assert_exit(result, 0)
        self.assertIn("NOTE=hello", result.stdout)
        everything = result.stdout + result.stderr
        for path in (self.folder / "results").rglob("*"):
            if path.is_file():
                everything += path.read_bytes().decode("utf-8", "replace")
        self.assertNotIn("AKIAIOSFODNN7EXAMPLE", everything)
        self.assertNotIn("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY1", everything)

    def test_tokens_and_private_keys_do_not_reach_the_log(self):
        token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
        self.program(f"echo token {token}\necho '-----BEGIN RSA PRIVATE KEY-----'\necho MIIEpAIBAAKCAQEA7bq\n"
                     "echo '-----END RSA PRIVATE KEY-----'\necho after\n")
        result = self.run_job()
        self.assert_exit(result, 0)
        log = (self.jobs()[-1] / "logs/algo-1.txt").read_text()
        for text in (result.stdout, log):
            self.assertIn("token [redacted:github-token]\n[redacted:private-key]\nafter\n", text)

    def test_a_config_file_with_a_credential_is_refused(self):
        self.program(PROGRAM)
        self.write("training_config.yaml", "A:\n  B: 1\n# https://ann:hunter2@example.org\n")
        result = self.run_job()
        self.assert_exit(result, 3)
        self.assertIn("E066", result.stderr)
        self.assertIn("training_config.yaml:3", result.stderr)
        self.assertNotIn("hunter2", result.stderr)
        self.assertFalse((self.folder / "results").exists())


if __name__ == "__main__":
    unittest.main()
