"""A container engine and a registry of the test's own: Debian's dockerd and docker-registry, both on this machine only.

    with ContainerEngine() as engine, Registry(login=("AWS", "secret")) as registry: ...

Nothing of a Docker that the machine runs beside it is touched, and nothing is left when the test ends, however it ends.
"""

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
PR_SET_PDEATHSIG = 1


def program(name):
    found = shutil.which(name, path=PATH)
    if found is None:
        raise AssertionError(f"{name} is not installed: tools/packages.sh install test")
    return found


def die_with_the_test():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until(ready, process, log, seconds):
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.05)
    print(log.read_text(errors="replace")[-3000:])
    return False


class Server:
    """A process with a folder and a log; `command` and `is_ready` are the subclass's."""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="smflow-test-"))
        log = self.folder / "log"
        with log.open("w") as out:
            self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            env={**os.environ, "PATH": PATH}, preexec_fn=die_with_the_test)
        if not wait_until(self.is_ready, self.process, log, 60):
            self.__exit__()
            self.cannot_start()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def cannot_start(self):
        raise AssertionError(f"{type(self).__name__} does not start, see its log above")


class ContainerEngine(Server):
    def command(self):
        # No bridge and no rules of the firewall: nothing here needs a network of its own.
        return [program("dockerd"), "--data-root", self.folder / "data", "--exec-root", self.folder / "exec",
                "--pidfile", self.folder / "pid", "--host", f"unix://{self.socket}", "--bridge=none", "--iptables=false",
                "--storage-driver=vfs", "--log-level=warn"]

    def __enter__(self):
        if os.geteuid() != 0:
            raise unittest.SkipTest("dockerd needs root")
        return super().__enter__()

    @property
    def socket(self):
        return self.folder / "engine.sock"

    @property
    def host(self):
        return f"unix://{self.socket}"

    def is_ready(self):
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.socket))
                client.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
                return b"200 OK" in client.recv(100)
        except OSError:
            return False

    def cannot_start(self):
        raise unittest.SkipTest("dockerd cannot run here, its log is above")


class Registry(Server):
    def __init__(self, login):
        self.user, self.password = login
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.host = f"127.0.0.1:{free.getsockname()[1]}"

    def command(self):
        # libxcrypt makes the bcrypt hash that the registry asks for.
        script = 'print "$ARGV[0]:".crypt($ARGV[1], q($2b$05$abcdefghijklmnopqrstuu))."\\n"'
        hashed = subprocess.run(["perl", "-e", script, self.user, self.password], capture_output=True, check=True).stdout
        (self.folder / "htpasswd").write_bytes(hashed)
        config = self.folder / "config.yml"
        config.write_text(f"version: 0.1\nlog: {{level: warn}}\nstorage: {{filesystem: {{rootdirectory: {self.folder}/data}}}}\n"
                          f"http: {{addr: '{self.host}'}}\nauth: {{htpasswd: {{realm: test, path: {self.folder}/htpasswd}}}}\n")
        return [program("docker-registry"), "serve", config]

    def is_ready(self):
        try:
            urllib.request.urlopen(f"http://{self.host}/v2/", timeout=5)
        except urllib.error.HTTPError as answer:
            return answer.code == 401
        except OSError:
            return False
        return False
