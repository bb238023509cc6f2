"""smflow logs --follow through histories that no emulator has: a server plays the answers of tests/data/sagemaker."""

import json
import os
import subprocess
import unittest
from pathlib import Path

from smflow_case import SOURCE, SmflowCase

SERVER = os.environ["SCRIPTED_SERVER"]
HISTORIES = Path(SOURCE) / "tests/data/sagemaker"


class Histories(SmflowCase):
    def follow(self, history, *arguments):
        server = subprocess.Popen([SERVER, HISTORIES / history], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.stdin.close)
        port = server.stdout.readline().strip()
        self.environment.update(AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}", AWS_REGION="eu-west-1",
                                AWS_ACCESS_KEY_ID="x", AWS_SECRET_ACCESS_KEY="x", AWS_EC2_METADATA_DISABLED="true")
        return self.smflow("logs", "gan-1", "--follow", "--json", *arguments)

    def events(self, history, code):
        result = self.follow(history)
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

    def test_a_job_without_capacity_fails_with_its_reason_and_no_log(self):
        events = self.events("capacity_error.json", 10)
        self.assertEqual(self.of("status", "status", events), ["Starting", "Pending", "Failed"])
        self.assertEqual(self.of("log", "line", events), [])
        self.assertIn("CapacityError", events[-1]["failure_reason"])

    def test_words_of_later_years_are_passed_on(self):
        events = self.events("warm_pool.json", 0)
        self.assertEqual(self.of("status", "status", events), ["Starting", "Polishing", "Training", "Completed"])
        self.assertEqual(self.of("log", "line", events), ["warm"])

    def test_sixteen_hosts_lose_no_line(self):
        events = self.events("sixteen_hosts.json", 0)
        lines = [(event["host"], event["line"]) for event in events if event["event"] == "log"]
        self.assertCountEqual(lines, [(f"algo-{n}", f"{word} of {n}") for n in range(1, 17) for word in ("one", "two")])
        for n in range(1, 17):
            self.assertEqual([line for host, line in lines if host == f"algo-{n}"], [f"one of {n}", f"two of {n}"])


if __name__ == "__main__":
    unittest.main()
