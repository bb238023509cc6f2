"""A job in a container that is debugged: what a process allows, and besides gdb of this machine on an image that has
only gdbserver, and the terminal that `docker attach` gives."""

import contextlib
import ctypes
import os
import re
import socket
import socketserver
import threading
import unittest
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from container_engine import CLONE_NEWNET
from engine_image import docker, engine_with_image, make_image

try:
    with_engine = engine_with_image()
    engine = with_engine.__enter__()
    unittest.addModuleCleanup(with_engine.__exit__, None, None, None)
except unittest.SkipTest as skipped:
    print(skipped)
    raise

import test_debugging as processes  # noqa: E402
from smflow_case import SMFLOW  # noqa: E402
from terminal import Terminal  # noqa: E402

WITH_GDB = "smflow-debug-test:gdb"
CRASHING = "smflow-debug-test:crashing"
WITH_GDBSERVER = "smflow-debug-test:gdbserver"
CAP_SYS_PTRACE = 19


def setUpModule():
    make_image(os.environ["SMFLOW_TRAIN"], WITH_GDB, ["gdb", "python3-debugpy", "python3-pudb"])
    make_image(os.environ["SMFLOW_TRAIN"], WITH_GDBSERVER, ["gdbserver"])


def config(image):
    name, tag = image.split(":")
    return (processes.CONFIG.replace("ENGINE: process", "ENGINE: container") +
            f"ECR:\n  IMAGE_NAME: {name}\n  TAG: {tag}\n")


def may_trace(status):
    """Has CAP_SYS_PTRACE, by what /proc/self/status says."""
    return bool(int(status.split()[-1], 16) & 1 << CAP_SYS_PTRACE)


def has_all_capabilities():
    last = int(Path("/proc/sys/kernel/cap_last_cap").read_text())
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"CapBnd:\s+(\w+)", status)[1], 16) == (2 << last) - 1


class Relay(socketserver.BaseRequestHandler):
    """Passes everything on between a client of the server and the engine behind it; the server keeps what it is told."""

    def handle(self):
        with socket.socket(socket.AF_UNIX) as behind:
            behind.connect(str(self.server.behind))
            threading.Thread(target=self.hear, args=(behind,), daemon=True).start()
            with contextlib.suppress(OSError):  # the client has gone
                while (piece := behind.recv(65536)):
                    self.request.sendall(piece)

    def hear(self, behind):
        with contextlib.suppress(OSError):  # the other direction has ended
            while (piece := self.request.recv(65536)):
                self.server.heard += piece
                behind.sendall(piece)
            behind.shutdown(socket.SHUT_WR)


class RelayAtSocket(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    heard = b""

    def __init__(self, path, behind):
        self.behind = behind
        super().__init__(str(path), Relay)


class RelayAtPort(socketserver.ThreadingTCPServer):
    """As a remote engine is reached."""

    daemon_threads = True
    heard = b""

    def __init__(self, behind):
        self.behind = behind
        super().__init__(("127.0.0.1", 0), Relay)


def enter_network(file):
    """This thread, for the sockets that it makes."""
    if ctypes.CDLL(None, use_errno=True).setns(file.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")


class Refusing(BaseHTTPRequestHandler):
    """An engine that says which it is, and nothing else to this caller."""

    def do_GET(self):
        known = self.path in ("/_ping", "/v1.41/version")
        self.send_response(200 if known else 403)
        self.send_header("Api-Version", "1.41")
        self.end_headers()
        self.wfile.write(b"{}" if known else b'{"message": "nobody may look"}')

    def log_message(self, *_):
        pass


class InContainer(processes.Debugging):
    config = config(WITH_GDB)
    line_six = r"6\s+int loss = 100 - step \* rate;"

    def setUp(self):
        super().setUp()
        self.environment["DOCKER_HOST"] = os.environ["DOCKER_HOST"]

    def compile_options(self):
        """As Dockerfile.sagemaker compiles."""
        return [f"-ffile-prefix-map={self.folder}=/smflow"]

    def connect(self, address, timeout):
        """From the network of the engine, which is the test's own."""
        with open("/proc/self/ns/net") as here, open(f"/proc/{engine.process.pid}/ns/net") as there:
            enter_network(there)
            try:
                return socket.create_connection(address, timeout)
            finally:
                enter_network(here)

    def config_of_crash_in_image(self):
        self.write("Dockerfile", f"FROM {WITH_GDB}\nCOPY code/main /opt/ml/code/main\n")
        docker("build", "-t", CRASHING, self.folder)
        # Checked against the options of the program that was built with smflow.
        self.write("training_config.yaml", "TRAINING:\n  NUM_EPOCHS: 1\n")
        return config(CRASHING).replace("  CODE: code\n", "") + "CONTAINER:\n  ENVIRONMENT:\n    CRASH: '1'\n"

    def test_a_program_of_the_image_that_crashes_leaves_a_core(self):
        self.native()
        self.write("sagemaker_config.yaml", self.config_of_crash_in_image())
        code, out, err = self.end_of(self.run_job())
        self.assertEqual(code, 10, out + err)
        with self.attach("--post-mortem") as terminal:
            terminal.expect(r"main \(\) at .*trainer.cpp:16")

    def test_a_command_has_its_two_streams_and_the_rights_of_the_program_and_gdb_may_trace(self):
        self.native(processes.ENDLESS_NATIVE)
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
        overheard = self.serve(RelayAtSocket(self.folder / "engine.sock", engine.socket))
        self.environment["DOCKER_HOST"] = f"unix://{self.folder}/engine.sock"
        result = self.smflow("attach", "--exec", "sh", "-c", "echo out; echo err >&2; grep CapEff /proc/self/status")
        self.assertEqual(result.stderr, "err\n")
        self.assertRegex(result.stdout, r"^out\nCapEff:\s+[0-9a-f]+\n$")
        self.assertFalse(may_trace(result.stdout))
        with self.attach("--shell") as terminal:
            terminal.type("grep CapEff /proc/self/status\n")
            self.assertFalse(may_trace(terminal.expect(r"CapEff:\s+[0-9a-f]+").group()))
        self.assertNotIn(b'"Privileged"', overheard.heard)
        with self.attach() as terminal:
            terminal.expect(r"\(gdb\) ")
            self.assertIn(b'"Privileged":true', overheard.heard)
            terminal.type("shell grep CapEff /proc/self/status\n")
            rights = terminal.expect(r"CapEff:\s+[0-9a-f]+").group()
            # Where the test itself lacks a capability, the engine can not give all.
            self.assertEqual(may_trace(rights), has_all_capabilities())
        self.interrupt(job)

    def test_an_engine_of_another_machine_lends_no_streams(self):
        self.python()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        relay = self.serve(RelayAtPort(os.environ["DOCKER_HOST"].removeprefix("unix://")))
        self.environment["DOCKER_HOST"] = "tcp://127.0.0.1:%d" % relay.server_address[1]
        result = self.smflow("attach", "--exec", "true")
        self.assert_exit(result, 5)
        self.assertIn("error[E388]: a command in a container needs the engine's Unix socket", result.stderr)
        self.assertIn("DOCKER_HOST", result.stderr)
        self.interrupt(job)

    def test_train_console_joins_the_program_from_inside(self):
        self.python()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with self.attach("--exec", "train", "console") as terminal:
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("loss 93")
            terminal.type("\x1d")
            terminal.expect("left; the program goes on")
        self.interrupt(job)

    def test_an_engine_that_refuses_is_not_a_host_that_does_not_run(self):
        self.python()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with socketserver.UnixStreamServer(str(self.folder / "engine.sock"), Refusing) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self.environment["DOCKER_HOST"] = f"unix://{self.folder}/engine.sock"
            result = self.smflow("attach", "--exec", "true")
            server.shutdown()
        self.assertIn("error[E353]", result.stderr)
        self.assertIn("nobody may look", result.stderr)
        self.interrupt(job)


class GdbFromOutside(InContainer):
    config = config(WITH_GDBSERVER)

    def test_visual_studio_code_is_told_that_its_gdb_is_missing(self):
        self.native()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        result = self.smflow("attach", "--vscode")
        self.assert_exit(result, 5)
        self.assertIn("error[E389]", result.stderr)
        self.assertIn("Visual Studio Code needs gdb in the host", result.stderr)
        self.assertFalse((self.folder / ".vscode").exists())
        self.interrupt(job)

    def test_docker_attach_is_the_console(self):
        self.python()
        job = self.run_job("--debug")
        printed = self.wait_for_line(job, "waits for a debugger")
        name = re.search(r"smflow attach (\S+)", printed).group(1)
        with Terminal(["docker", "attach", "--detach-keys=ctrl-]", f"smflow-{name}-algo-1"], cwd=self.folder,
                      env=self.environment) as terminal:
            terminal.type("\n")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("p loss\n")
            terminal.expect(r"\n93\r?\n")
            terminal.type("c\nc\n")
            terminal.expect("loss 86")
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)


def load_tests(loader, _tests, _pattern):
    suite = loader.loadTestsFromTestCase(InContainer)
    # Everything else is the same as with the other image.
    for name in ("test_gdb_stops_in_the_training_step_of_a_program_that_waits", "test_docker_attach_is_the_console",
                 "test_visual_studio_code_is_told_that_its_gdb_is_missing"):
        suite.addTest(GdbFromOutside(name))
    return suite


if __name__ == "__main__":
    unittest.main()
