"""smflow logs --follow through histories that no emulator has: a server plays the answers of tests/data/sagemaker."""

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path

from smflow_case import SOURCE, SmflowCase

SERVER = os.environ["SCRIPTED_SERVER"]
HISTORIES = Path(SOURCE) / "tests/data/sagemaker"


# Credentials for an hour; each time they are asked for leaves a line.
CREDENTIALS = """\
#!/bin/sh
echo asked >> "$(dirname "$0")/asked"
printf '{"Version": 1, "AccessKeyId": "x", "SecretAccessKey": "x", "SessionToken": "x", "Expiration": "%s"}' \
  "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%SZ)"
"""


class Histories(SmflowCase):
    def serve_history(self, history):
        server = subprocess.Popen([SERVER, HISTORIES / history], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdin.close)
        self.server = server
        port = server.stdout.readline().strip()
        self.environment.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", AWS_REGION="eu-west-1",
                                AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_EC2_METADATA_DISABLED="true")

    def wait_for_request(self, method):
        deadline = time.monotonic() + 60
        last = None
        while last != method:
            self.assertLess(time.monotonic(), deadline)
            print("last?", file=self.server.stdin, flush=True)
            last = self.server.stdout.readline().strip()

    def follow(self, history, *arguments):
        self.serve_history(history)
        return self.smflow("logs", "gan-1", "--follow", *arguments)

    def events(self, history, code):
        result = self.follow(history, "--json")
        self.assert_exit(result, code)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def of(self, kind, field, events):
        return [event[field] for event in events if event["event"] == kind]

    def test_a_spot_job_is_followed_through_its_interruption_and_through_faults(self):
        events = self.events("spot_interruption.json", 0)
        self.assertEqual(self.of("status", "status", events), ["Starting", "Training", "Interrupted", "Starting",
                                                               "Training", "Uploading", "Completed"])
        self.assertEqual(self.of("log", "line", events), ["epoch 1", "epoch 2", "epoch 3, saved",
                                                          "goes on with epoch 4", "epoch 5", "done"])
        self.assertEqual(events[-2]["status"], "Completed")
        self.assertEqual((events[-1]["training_seconds"], events[-1]["billable_seconds"]), (360, 108))

    def test_the_end_of_a_spot_job_says_what_spot_saved(self):
        result = self.follow("spot_interruption.json")
        self.assert_exit(result, 0)
        self.assertIn("billed for 1 min 48 s an instance of 6 min 00 s: spot saved 70 %", result.stderr)

    def test_a_machine_that_slept_loses_no_line(self):
        self.serve_history("laptop_sleep.json")
        script = self.write("keys.sh", CREDENTIALS, 0o755)
        self.environment["AWS_CONFIG_FILE"] = str(self.write("config", f"[default]\ncredential_process = {script}\n"))
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            del self.environment[name]
        process = self.start("logs", "gan-1", "--follow")
        self.assertEqual(process.stdout.readline(), "epoch 1\n")
        process.send_signal(signal.SIGSTOP)
        time.sleep(1)
        process.send_signal(signal.SIGCONT)
        out, err = process.stdout.read(), process.stderr.read()
        self.assertEqual(process.wait(), 0, err)
        self.assertEqual(out.splitlines(), ["epoch 2", "epoch 3", "epoch 4", "done"])
        self.assertGreaterEqual(len((self.folder / "asked").read_text().splitlines()), 2)
        self.assertIn("Completed", err)

    def test_a_signal_ends_what_comes_after_the_job(self):
        for command in (["wait", "gan-1"], ["logs", "gan-1", "--follow"]):
            for number in (signal.SIGINT, signal.SIGTERM):
                with self.subTest(command=command, signal=number):
                    self.serve_history("silent_bucket.json")
                    process = self.start(*command)
                    self.assertTrue(any(line.startswith("  model ") for line in iter(process.stderr.readline, "")))
                    process.send_signal(number)
                    self.assertEqual(process.wait(timeout=20), 0)

    def test_a_signal_that_ends_a_command_is_told_apart(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number):
                self.serve_history("silent_bucket.json")
                process = self.start("pull", "gan-1")
                self.wait_for_request("GET")
                process.send_signal(number)
                self.assertEqual(process.wait(timeout=20), code)

    def test_a_job_without_capacity_fails_with_its_reason_and_no_log(self):
        events = self.events("capacity_error.json", 10)
        self.assertEqual(self.of("status", "status", events), ["Starting", "Pending", "Failed"])
        self.assertEqual(self.of("log", "line", events), [])
        self.assertIn("CapacityError", events[-1]["failure_reason"])

    def test_words_of_later_years_are_passed_on(self):
        events = self.events("warm_pool.json", 0)
        self.assertEqual(self.of("status", "status", events), ["Starting", "Polishing", "Training", "Completed"])
        self.assertEqual(self.of("log", "line", events), ["warm"])

    def test_a_job_that_is_being_deleted_has_ended(self):
        self.serve_history("deleting.json")
        status = self.smflow("status", "gan-1")
        self.assert_exit(status, 0)
        self.assertRegex(status.stdout, "status +Deleting")
        self.assertIn("SageMaker is deleting this job", status.stderr)
        self.assert_exit(self.smflow("wait", "gan-1"), 0)

    def test_sixteen_hosts_lose_no_line(self):
        events = self.events("sixteen_hosts.json", 0)
        lines = [(event["host"], event["line"]) for event in events if event["event"] == "log"]
        self.assertCountEqual(lines, [(f"algo-{n}", f"{word} of {n}") for n in range(1, 17) for word in ("one", "two")])
        for n in range(1, 17):
            self.assertEqual([line for host, line in lines if host == f"algo-{n}"], [f"one of {n}", f"two of {n}"])


if __name__ == "__main__":
    unittest.main()
