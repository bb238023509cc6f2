"""A test case that runs the built training program on a few pictures, in a folder of its own."""

import array
import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import termios
import time
import unittest
from pathlib import Path

import safetensors_reader
from pictures import write_pictures

PROGRAM = os.environ["SMFLOW_GAN_TRAINING"]
PICTURES = 40
PIPE_SIZE = 4096
LONGEST_LINE = 200

CONFIG = """\
DATALOADER: {NUM_WORKERS: 1, BATCH_SIZE: 4, IMAGE_SIZE: 32}
GENERATOR: {FEATURE_SIZE: 8}
DISCRIMINATOR: {FEATURE_SIZE: 8}
TRAINING: {NUM_EPOCHS: 4, NUM_GPU: 0, LOG_EVERY: 1, LEARNING_RATE: 0.002}
"""


class GanCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="smflow-training-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "LANG": "C.UTF-8",
            "OMP_NUM_THREADS": "1",
            "CUDA_VISIBLE_DEVICES": "",
        }
        self.config = self.folder / "training_config.yaml"
        self.config.write_text(CONFIG)
        write_pictures(self.folder / "data", PICTURES)

    def command(self, out, *assignments):
        sets = [word for assignment in assignments for word in ("--set", assignment)]
        places = ["--config", self.config, "--data", self.folder / "data", "--out", self.folder / out]
        return [PROGRAM, *map(str, places), *sets]

    def run_program(self, out, *assignments):
        return subprocess.run(
            self.command(out, *assignments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def train(self, out, *assignments):
        result = self.run_program(out, *assignments)
        self.assert_exit(result, 0)
        return result

    def train_and_signal(self, out, *assignments, number=signal.SIGTERM):
        """Signals the program in the middle of the training: while the full pipe of its log makes it wait."""
        reading, writing = os.pipe()
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_SIZE)
        process = subprocess.Popen(
            self.command(out, *assignments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.close(writing)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        with open(reading, encoding="utf-8") as log:
            deadline = time.monotonic() + 60
            while self.waiting_bytes(reading) < PIPE_SIZE - LONGEST_LINE:
                if process.poll() is not None or time.monotonic() > deadline:
                    self.fail(f"the log did not fill: {process.stderr.read()}")
                time.sleep(0.005)
            process.send_signal(number)
            lines = log.read()
            errors = process.communicate(timeout=20)[1]
        return subprocess.CompletedProcess(process.args, process.returncode, lines, errors)

    @staticmethod
    def waiting_bytes(pipe):
        count = array.array("i", [0])
        fcntl.ioctl(pipe, termios.FIONREAD, count)
        return count[0]

    def assert_exit(self, result, code):
        self.assertEqual(result.returncode, code, f"stdout:\n{result.stdout}\nstderr:\n{result.stderr}")

    def checkpoints(self, out):
        return sorted((self.folder / out / "checkpoints").glob("checkpoint-*.safetensors"))

    def metric_lines(self, out):
        return [json.loads(line) for line in (self.folder / out / "output/metrics/metrics.jsonl").read_text().splitlines()]

    def metrics(self, out):
        """Without what differs between equal runs: the time, the speed, and where they were resumed."""
        lines = []
        for fields in self.metric_lines(out):
            if fields.get("event") == "resume":
                continue
            del fields["t"]
            fields.get("m", {}).pop("speed/images_per_second", None)
            lines.append(fields)
        return lines

    def assert_same_training(self, one, other):
        """Equal weights files, equal state to the last bit, equal pictures, equal measurements."""
        for name in ("generator", "discriminator"):
            for ending in ("safetensors", "pt"):
                file = f"model/{name}.{ending}"
                mine, others = (self.folder / one / file).read_bytes(), (self.folder / other / file).read_bytes()
                self.assertTrue(mine == others, file)
        for mine, others in zip(self.samples(one), self.samples(other), strict=True):
            self.assertTrue(mine.read_bytes() == others.read_bytes(), mine.name)
        mine, mine_metadata = safetensors_reader.read(self.checkpoints(one)[-1])
        others, others_metadata = safetensors_reader.read(self.checkpoints(other)[-1])
        self.assertEqual([name for name in mine if mine[name] != others.get(name)], [])
        self.assertEqual(len(mine), len(others))
        self.assertEqual(mine_metadata, others_metadata)

    def samples(self, out):
        return sorted((self.folder / out / "output/samples").glob("*.png"))
