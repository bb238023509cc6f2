"""A test case that runs the built smflow in a folder of its own."""

import json
import os
import shutil
import subprocess
import tempfile
import threading
import unittest
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

SMFLOW = os.environ["SMFLOW"]
SOURCE = Path(os.environ["SMFLOW_SOURCE"])


class LineReadProcess(subprocess.Popen):
    """Lines of its stdout may be read before communicate(), which in Popen loses what that reading took in ahead."""

    def communicate(self, timeout=None):
        with ThreadPoolExecutor(2) as threads:
            reads = [threads.submit(stream.read) for stream in (self.stdout, self.stderr)]
            _, overdue = wait(reads, timeout)
            if overdue:
                self.kill()
        self.wait()
        out, err = (read.result() for read in reads)
        if overdue:
            raise subprocess.TimeoutExpired(self.args, timeout, out, err)
        return out, err


class SmflowCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="smflow-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "LANG": "C.UTF-8",
        }

    def write(self, name, text, mode=0o644):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def smflow(self, *arguments, **more):
        return subprocess.run(
            [SMFLOW, *map(str, arguments)],
            cwd=more.pop("cwd", self.folder),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=more.pop("timeout", 120),
            **more,
        )

    def start(self, *arguments):
        process = LineReadProcess(
            [SMFLOW, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def serve(self, server):
        """Runs a server of the test's own until the test is over."""
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        for cleanup in (thread.join, server.server_close, server.shutdown):
            self.addCleanup(cleanup)
        return server

    def assert_exit(self, result, code):
        self.assertEqual(result.returncode, code, f"stdout:\n{result.stdout}\nstderr:\n{result.stderr}")

    def assert_accepted(self, file, text):
        """The text of a golden file. SMFLOW_ACCEPT=1 writes what is said now; read the difference before you commit it."""
        text = text.replace(str(self.folder.resolve()), "FOLDER").replace(str(self.folder), "FOLDER")
        golden = SOURCE / "tests/data" / file
        if os.environ.get("SMFLOW_ACCEPT"):
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(text)
        self.assertEqual(text, golden.read_text(), f"{file}; SMFLOW_ACCEPT=1 accepts it")

    def json_of(self, *arguments, **more):
        result = self.smflow(*arguments, **more)
        self.assert_exit(result, 0)
        return json.loads(result.stdout)
