"""A test case that runs whole local jobs and can tell what they left behind."""

import glob
import json
import os
import shutil
import subprocess
import time
import unittest
import uuid
from pathlib import Path

from smflow_case import SMFLOW, SmflowCase

TEST_PROGRAM = os.environ["SMFLOW_TEST_PROGRAM"]
TRAIN = os.environ["SMFLOW_TRAIN"]
# The image whose containers are the hosts; none: processes of this machine.
IMAGE = os.environ.get("SMFLOW_TEST_IMAGE")


def of_processes(why):
    """For a test of what only the process kind of hosts is about."""
    return unittest.skipIf(IMAGE, f"not of containers: {why}")

CONFIG = """\
SAGEMAKER:
  INSTANCE_TYPE: local
  JOB_NAME: job
LOCAL:
  ENGINE: process
  CODE: code
  WORK_DIR: work
S3:
  TRAINING_DATA: file://data
  SAGEMAKER_RESULTS_BUCKET: file://results
  EXPERIMENT_NAME: exp
TRAINING:
  CONFIG_FILE: training_config.yaml
"""


class EngineCase(SmflowCase):
    def setUp(self):
        super().setUp()
        # Every process of the job inherits it, whatever else it does to hide.
        self.mark = f"mark-{uuid.uuid4().hex}"
        self.variables = {"SMFLOW_TEST_MARK": self.mark}
        if IMAGE:
            self.environment["DOCKER_HOST"] = os.environ["DOCKER_HOST"]
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)

    def shell(self, text):
        self.write("code/main.sh", "#!/bin/sh\n" + text, 0o755)

    def python(self, text):
        self.write("code/main.py", text)

    def native(self, **variables):
        (self.folder / "code").mkdir(exist_ok=True)
        shutil.copy2(TEST_PROGRAM, self.folder / "code/main")
        self.variables.update(variables)

    def arguments(self, *sets):
        variables = ", ".join(f'{name}: "{value}"' for name, value in self.variables.items())
        overrides = [f"CONTAINER.ENVIRONMENT={{{variables}}}"]
        if IMAGE:
            name, tag = IMAGE.split(":")
            overrides += ["LOCAL.ENGINE=container", f"ECR.IMAGE_NAME={name}", f"ECR.TAG={tag}"]
        overrides += sets
        return ["run", "--config", "sagemaker_config.yaml"] + [a for one in overrides for a in ("--set", one)]

    def job(self, *sets, **more):
        return self.smflow(*self.arguments(*sets), **more)

    def run_ends(self, code, *sets):
        """Runs a job that ends with this exit code of smflow, leaves nothing, and returns its outcome."""
        result = self.job(*sets)
        self.assert_exit(result, code)
        self.assert_nothing_left()
        self.output = result.stdout
        return self.outcome()

    def fails(self, exit_code, *sets):
        """Runs a job whose program fails with this exit code; the failure reason."""
        outcome = self.run_ends(10, *sets)
        self.assertEqual(outcome["status"], "Failed")
        self.assertIn(exit_code, [host["exit_code"] for host in outcome["hosts"]])
        self.assertLessEqual(len(outcome["reason"]), 1024)
        self.assertTrue(outcome["reason"].startswith("AlgorithmError: "), outcome["reason"])
        self.assertTrue(outcome["reason"].endswith(f", exit code: {exit_code}"), outcome["reason"])
        return outcome["reason"]

    def records(self):
        """Oldest first. Two jobs of one second are not in order by name."""
        folders = (self.folder / "results/exp/configs").glob("*")
        return sorted(folders, key=lambda folder: (folder / "record.json").stat().st_mtime_ns)

    def outcome(self):
        return json.loads((self.records()[-1] / "outcome.json").read_text())

    def log(self, host="algo-1"):
        return (self.records()[-1] / f"logs/{host}.txt").read_text()

    def output_folder(self):
        return self.folder / "results/exp/outputs" / self.records()[-1].name / "output"

    def marked_processes(self):
        """Process id -> command line of what the job has running."""
        found = {}
        for path in glob.glob("/proc/[0-9]*/environ"):
            try:
                if self.mark.encode() in Path(path).read_bytes():
                    process = Path(path).parent
                    found[int(process.name)] = process.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def containers(self):
        """The containers and networks of this test's jobs."""
        if not IMAGE:
            return []
        found = []
        for kind in ("container", "network"):
            command = ["docker", kind, "ls", *(["-a"] if kind == "container" else []), "--format", "{{.Labels}}"]
            listed = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ).stdout
            found += [line for line in listed.splitlines() if f"smflow.folder={self.folder}/" in line]
        return found

    def assert_nothing_left(self):
        self.assertEqual(self.marked_processes(), {})
        self.assertNotIn(str(self.folder), Path("/proc/self/mountinfo").read_text())
        self.assertEqual(self.containers(), [])
        work = self.folder / "work"
        self.assertEqual([p.name for p in work.glob("*") if p.name not in (".lock", ".cores")], [], "left in the work directory")
        temporary = [str(p) for p in (self.folder / "results").rglob("*") if ".tmp" in p.name]
        self.assertEqual(temporary, [])

    def wait_until(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                self.fail("waited in vain")
            time.sleep(0.02)


__all__ = ["EngineCase", "IMAGE", "SMFLOW", "TEST_PROGRAM", "TRAIN", "of_processes", "unittest"]
