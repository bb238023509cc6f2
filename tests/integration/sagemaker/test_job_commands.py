"""smflow logs, status, stop and wait for a job that another client started."""

import json
import re
import signal
import time
import unittest

from emulator_case import EmulatorCase


class JobCommands(EmulatorCase):
    def setUp(self):
        super().setUp()
        self.environment.update(AWS_ENDPOINT_URL=self.url, AWS_REGION="eu-west-1", AWS_ACCESS_KEY_ID="x",
                                AWS_SECRET_ACCESS_KEY="x", AWS_EC2_METADATA_DISABLED="true")

    def wait_for(self, condition):
        deadline = time.monotonic() + 60
        while not condition():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.1)

    def wait_for_line(self, name, text):
        self.wait_for(lambda: text in self.smflow("logs", name).stdout)

    def test_logs_of_all_hosts_come_with_their_host(self):
        self.program('echo "one of $SM_CURRENT_HOST"; sleep 0.5; echo "two of $SM_CURRENT_HOST"\n')
        self.create("demo", ResourceConfig={"InstanceType": "ml.c5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 1})
        result = self.smflow("logs", "demo", "--follow")
        self.assert_exit(result, 0)
        lines = [line for line in result.stdout.splitlines() if " of algo-" in line]
        self.assertCountEqual(lines, [f"algo-{n} │ {word} of algo-{n}" for n in (1, 2) for word in ("one", "two")])
        for n in (1, 2):
            self.assertLess(lines.index(f"algo-{n} │ one of algo-{n}"), lines.index(f"algo-{n} │ two of algo-{n}"))
        self.assertRegex(result.stderr, r"(?m)^Completed")
        self.assertIn("model        s3://bucket/", result.stderr)

    def test_logs_choose_hosts_and_times(self):
        self.program('echo "of $SM_CURRENT_HOST"\n')
        self.create("demo", ResourceConfig={"InstanceType": "ml.c5.xlarge", "InstanceCount": 2, "VolumeSizeInGB": 1})
        self.assert_exit(self.smflow("wait", "demo"), 0)
        only = self.smflow("logs", "demo", "--host", "algo-2").stdout
        self.assertIn("of algo-2", only)
        self.assertNotIn("of algo-1", only)
        self.assertIn("of algo-1", self.smflow("logs", "demo", "--since", "1h").stdout)
        self.assertEqual(self.smflow("logs", "demo", "--since", "2099-01-01T00:00:00Z").stdout, "")
        for arguments in (["--host", "algo2"], ["--host", "algo-3", "--follow"]):
            nobody = self.smflow("logs", "demo", *arguments)
            self.assert_exit(nobody, 2)
            self.assertIn("one of: algo-1, algo-2", nobody.stderr)
        wrong = self.smflow("logs", "demo", "--since", "yesterday")
        self.assert_exit(wrong, 2)
        self.assertIn("neither a duration nor a time", wrong.stderr)

    def test_a_failed_job_ends_with_its_reason_and_last_lines(self):
        self.program("echo 'the disk is too small' >&2; exit 3\n")
        self.create("demo")
        result = self.smflow("logs", "demo", "--follow")
        self.assert_exit(result, 10)
        self.assertRegex(result.stderr, r"(?s)Failed.*reason .*exit code.*│ the disk is too small")
        self.assert_exit(self.smflow("wait", "demo"), 10)

    def test_status_tells_the_history(self):
        self.create("demo")
        self.assert_exit(self.smflow("wait", "demo"), 0)
        text = self.smflow("status", "demo")
        self.assert_exit(text, 0)
        self.assertRegex(text.stdout, r"status +Completed")
        self.assertRegex(text.stdout, r"\d\d:\d\d:\d\d +Training")
        status = json.loads(self.smflow("status", "demo", "--json").stdout)
        described = self.sagemaker.describe_training_job(TrainingJobName="demo")
        self.assertEqual(status["status"], "Completed")
        self.assertEqual(status["arn"], described["TrainingJobArn"])
        self.assertEqual([one["status"] for one in status["transitions"]],
                         [one["Status"] for one in described["SecondaryStatusTransitions"]])
        self.assertEqual(status["places"]["model"], described["ModelArtifacts"]["S3ModelArtifacts"])

    def test_stop_asks_and_waits(self):
        self.program("trap 'echo saved; exit 0' TERM; echo ready; while :; do sleep 0.1; done\n")
        self.create("demo")
        self.wait_for_line("demo", "ready")
        self.assert_exit(self.smflow("stop", "demo", "--wait"), 0)
        self.assertEqual(self.sagemaker.describe_training_job(TrainingJobName="demo")["TrainingJobStatus"], "Stopped")
        self.assertIn("saved", self.smflow("logs", "demo").stdout)
        self.assert_exit(self.smflow("wait", "demo"), 11)
        again = self.smflow("stop", "demo")
        self.assert_exit(again, 0)
        self.assertIn("has ended already: Stopped", again.stderr)

    def test_interrupting_detaches_and_says_how_to_come_back(self):
        self.program("trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done\n")
        self.create("demo")
        process = self.start("logs", "demo", "--follow")
        self.assertTrue(any("ready" in line for line in iter(process.stdout.readline, "")))
        process.send_signal(signal.SIGINT)
        _, text = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertIn("smflow logs demo --follow", text)
        self.assertIn("smflow stop demo", text)
        self.assertEqual(self.sagemaker.describe_training_job(TrainingJobName="demo")["TrainingJobStatus"],
                         "InProgress")
        self.assert_exit(self.smflow("stop", "demo", "--wait"), 0)

    def test_json_is_one_event_a_line(self):
        self.program("echo hello\n")
        self.create("demo")
        events = [json.loads(line) for line in self.smflow("logs", "demo", "-f", "--json").stdout.splitlines()]
        (line,) = (event for event in events if event["event"] == "log" and event["line"] == "hello")
        (training,) = (event for event in events if event["event"] == "status" and event["status"] == "Training")
        self.assertEqual(line["host"], "algo-1")
        self.assertGreaterEqual(line["time"], training["time"])
        self.assertEqual(events[-1]["event"], "result")
        self.assertEqual(events[-1]["status"], "Completed")
        self.assertIn("billable_seconds", events[-1])

    def test_an_unknown_job_is_not_found(self):
        for command in ("logs", "status", "stop", "wait", "pull"):
            with self.subTest(command):
                result = self.smflow(command, "nobody")
                self.assert_exit(result, 13)
                self.assertIn("error[E145]", result.stderr)
                self.assertTrue(re.search(r"no training job 'nobody'", result.stderr))

    def test_pull_of_a_job_that_runs_says_what_to_wait_for(self):
        self.program("trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done\n")
        self.create("demo")
        self.wait_for_line("demo", "ready")
        result = self.smflow("pull", "demo")
        self.assert_exit(result, 13)
        self.assertIn("smflow wait demo", result.stderr)
        self.assert_exit(self.smflow("stop", "demo", "--wait"), 0)


if __name__ == "__main__":
    unittest.main()
