"""A program on a terminal of the test's own, driven as a person would: type, wait for what is shown.

    with Terminal([SMFLOW, "attach"], cwd=folder, env=environment) as terminal:
        terminal.expect("(Pdb) ")
        terminal.type("p 1 + 1\\n")
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time


ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07")


class Terminal:
    def __init__(self, command, cwd, env, rows=40, columns=120):
        self.raw = ""
        self.shown = ""  # without colours and other orders to the terminal
        self.read_to = 0
        self.status = None
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.chdir(cwd)
                os.execvpe(str(command[0]), [str(word) for word in command], {**env, "TERM": "xterm"})
            finally:
                os._exit(127)
        self.resize(rows, columns)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)

    def resize(self, rows, columns):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.fd, text.encode())

    def read_some(self, seconds):
        """False at the end of what the terminal will ever show."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            piece = os.read(self.fd, 65536)
        except OSError:
            return False
        self.raw += piece.decode(errors="replace")
        self.shown = ESCAPES.sub("", self.raw)
        return bool(piece)

    def expect(self, pattern, seconds=60):
        """Waits until something new matches the regular expression; the match."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.compile(pattern).search(self.shown, self.read_to)
            if found:
                self.read_to = found.end()
                return found
            if not self.read_some(0.2):
                break
        found = re.compile(pattern).search(self.shown, self.read_to)
        if found:
            self.read_to = found.end()
            return found
        raise AssertionError(f"{pattern!r} does not show in:\n{self.shown}")

    def wait(self, seconds=60):
        """Its exit code."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid == self.pid:
                self.status = status
                while self.read_some(0) and select.select([self.fd], [], [], 0)[0]:
                    pass
                return os.waitstatus_to_exitcode(status)
            self.read_some(0.1)
        raise AssertionError(f"it does not end:\n{self.shown}")
