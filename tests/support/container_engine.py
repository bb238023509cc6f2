"""A container engine and a registry of the test's own: Debian's dockerd and docker-registry, both on this machine only.

    with ContainerEngine(shares_network=True) as engine, Registry(login=("AWS", "secret")) as registry: ...

Nothing is left when the test ends, however it ends.
"""

import contextlib
import ctypes
import fcntl
import os
import random
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"
PR_SET_PDEATHSIG, CLONE_NEWNET, CLONE_NEWNS, SIOCSIFFLAGS, IFF_UP = 1, 0x40000000, 0x20000, 0x8914, 1
MS_BIND, MS_REC, MS_SLAVE = 0x1000, 0x4000, 0x80000


def program(name):
    found = shutil.which(name, path=PATH)
    if found is None:
        raise AssertionError(f"{name} is not installed: tools/packages.sh install test")
    return found


def die_with_the_test():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def leave_the_network():
    """Into a network namespace that has nothing but a loopback interface, which is up."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def know_hosts(file):
    """In a mount namespace that has this file as /etc/hosts."""
    libc = ctypes.CDLL(None, use_errno=True)
    if (libc.unshare(CLONE_NEWNS) != 0 or libc.mount(None, b"/", None, MS_REC | MS_SLAVE, None) != 0
            or libc.mount(os.fsencode(file), b"/etc/hosts", None, MS_BIND, None) != 0):
        raise OSError(ctypes.get_errno(), "no mount namespace")


def wait_until(ready, process, log, seconds):
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.05)
    print(log.read_text(errors="replace")[-3000:])
    return False


def answers(engine_socket):
    try:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(engine_socket))
            client.sendall(b"GET /_ping HTTP/1.0\r\n\r\n")
            return b"200 OK" in client.recv(100)
    except OSError:
        return False


class Server:
    """A process with a folder and a log; `command` and `is_ready` are the subclass's."""

    environment = {}

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="smflow-test-"))
        log = self.folder / "log"
        try:
            with log.open("w") as out:
                self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                                env={**os.environ, "PATH": PATH, **self.environment}, preexec_fn=self.prepare)
        except subprocess.SubprocessError as refused:
            shutil.rmtree(self.folder, ignore_errors=True)
            print(refused)
            self.cannot_start()
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

    def prepare(self):
        """In the new process."""
        die_with_the_test()

    def cannot_start(self):
        raise AssertionError(f"{type(self).__name__} does not start, see its log above")


class ContainerEngine(Server):
    """With a network namespace of its own, so that its bridges and rules of the firewall are nobody else's; one that
    has to reach servers of the test shares the machine's, and its containers have no network. `hosts`: names that it
    knows besides, with their addresses; `authority`: a file with the one certificate authority that it trusts."""

    def __init__(self, shares_network=False, hosts=None, authority=None):
        self.shares_network = shares_network
        self.hosts = hosts or {}
        self.environment = {"SSL_CERT_FILE": str(authority)} if authority else {}

    def command(self):
        alone = ["--bridge=none", "--iptables=false"] if self.shares_network else []
        return [program("dockerd"), "--data-root", self.folder / "data", "--exec-root", self.folder / "exec",
                "--pidfile", self.folder / "pid", "--host", f"unix://{self.socket}", "--log-level=warn", *alone]

    def prepare(self):
        super().prepare()
        if not self.shares_network:
            leave_the_network()
        if self.hosts:
            file = self.folder / "hosts"
            file.write_text(Path("/etc/hosts").read_text() + "".join(f"{address} {name}\n" for name, address in self.hosts.items()))
            know_hosts(file)

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
        return answers(self.socket)

    def cannot_start(self):
        raise unittest.SkipTest("dockerd cannot run here, its log is above")


class Podman(Server):
    """Podman's engine, with the images, containers and networks of this test alone."""

    # What its default, crun, does not know: a machine with the first kind of cgroups.
    OPTIONS = ["--runtime", "runc", "--cgroup-manager", "cgroupfs"]

    def command(self):
        return [*self.podman, "system", "service", "--time=0", self.host]

    def prepare(self):
        super().prepare()
        leave_the_network()  # its bridges stay, else

    @property
    def podman(self):
        return [program("podman"), "--root", str(self.folder / "root"), "--runroot", str(self.folder / "run"),
                "--network-config-dir", str(self.folder / "networks"), *self.OPTIONS]

    def __enter__(self):
        if os.geteuid() != 0:
            raise unittest.SkipTest("the test of podman needs root")
        return super().__enter__()

    def __exit__(self, *_):
        subprocess.run([*self.podman, "rm", "--all", "--force"], capture_output=True, check=False)
        subprocess.run([*self.podman, "network", "prune", "--force"], capture_output=True, check=False)
        super().__exit__()

    @property
    def host(self):
        return f"unix://{self.folder}/engine.sock"

    def is_ready(self):
        return answers(self.folder / "engine.sock")

    def cannot_start(self):
        raise unittest.SkipTest("podman cannot run here, its log is above")


def make_certificate(folder, name):
    """Files with a certificate for this name, which is its own authority, and its key."""
    files = folder / "authority.pem", folder / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=test", "-addext", f"subjectAltName=DNS:{name}", "-out", files[0], "-keyout", files[1]],
                   check=True, capture_output=True)
    return files


class Registry(Server):
    """At `host`, an address with a port; without one, at a free port. With `certificate`, files (certificate, key), it
    speaks TLS."""

    def __init__(self, login, host=None, certificate=None):
        self.user, self.password = login
        self.host, self.certificate = host or self.free_host(), certificate

    @staticmethod
    def free_host():
        """With none of the ports that Linux gives to connections: one of them could have it before the registry does."""
        for _ in range(100):
            host = "127.0.0.1", random.randrange(10_000, 32_768)
            with socket.socket() as free, contextlib.suppress(OSError):
                free.bind(host)
                return "{}:{}".format(*host)
        raise AssertionError("no free port")

    def command(self):
        # libxcrypt makes the bcrypt hash that the registry asks for.
        script = 'print "$ARGV[0]:".crypt($ARGV[1], q($2b$05$abcdefghijklmnopqrstuu))."\\n"'
        hashed = subprocess.run(["perl", "-e", script, self.user, self.password], capture_output=True, check=True).stdout
        (self.folder / "htpasswd").write_bytes(hashed)
        config = self.folder / "config.yml"
        tls = ", tls: {{certificate: {}, key: {}}}".format(*self.certificate) if self.certificate else ""
        config.write_text(f"version: 0.1\nlog: {{level: warn}}\nstorage: {{filesystem: {{rootdirectory: {self.folder}/data}}}}\n"
                          f"http: {{addr: '{self.host}'{tls}}}\nauth: {{htpasswd: {{realm: test, path: {self.folder}/htpasswd}}}}\n")
        return [program("docker-registry"), "serve", config]

    def is_ready(self):
        context = ssl._create_unverified_context() if self.certificate else None
        try:
            urllib.request.urlopen(f"http{'s' if context else ''}://{self.host}/v2/", timeout=5, context=context)
        except urllib.error.HTTPError as answer:
            return answer.code == 401
        except OSError:
            return False
        return False

    def manifest(self, repository, tag):
        """What was pushed under this tag, as the registry keeps it; None before."""
        data = self.folder / "data/docker/registry/v2"
        link = data / "repositories" / repository / "_manifests/tags" / tag / "current/link"
        if not link.exists():
            return None
        digest = link.read_text().split(":")[1]
        return (data / "blobs/sha256" / digest[:2] / digest / "data").read_text()
