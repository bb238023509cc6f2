"""A job that is debugged on this machine, at a terminal: gdb on a native program, pdb at a breakpoint, a shell beside
it, and what a crash leaves. Its hosts are processes; tests/integration/container does the same with containers."""

import json
import socket
import subprocess
import time
import unittest

from smflow_case import SMFLOW, SmflowCase
from terminal import Terminal

CONFIG = """\
SAGEMAKER:
  INSTANCE_TYPE: local
  JOB_NAME: my_job
  MAX_RUN_TIME: 3600
LOCAL:
  ENGINE: process
  CODE: code
  STOP_GRACE: 2
S3:
  TRAINING_DATA: file://data
  SAGEMAKER_RESULTS_BUCKET: file://results
TRAINING:
  CONFIG_FILE: training_config.yaml
"""

NATIVE = """\
#include <cstdio>
#include <cstdlib>
#include <cstring>

int train_step(int step, int rate) {
  int loss = 100 - step * rate;
  std::printf("step %d loss %d\\n", step, loss);
  return loss;
}

int main() {
  int loss = 0;
  for (int step = 1; step <= 3; ++step) loss = train_step(step, 7);
  if (std::getenv("CRASH") != nullptr) {
    int* nowhere = nullptr;
    *nowhere = loss;
  }
  return loss == 79 ? 0 : 9;
}
"""

PYTHON = """\
def train_step(step):
    loss = 100 - step * 7
    breakpoint()
    return loss

for step in range(1, 3):
    print("loss", train_step(step), flush=True)
"""


# pudb greets new users, which it knows by its file.
GREETED = """\
import os
os.environ["XDG_CONFIG_HOME"] = "/tmp/config"
os.makedirs("/tmp/config/pudb")
with open("/tmp/config/pudb/pudb.cfg", "w") as file:
    file.write("[pudb]\\nseen_welcome = z\\n")
"""


class DebugAdapter:
    """A client of the Debug Adapter Protocol (microsoft.github.io/debug-adapter-protocol), as an editor is one."""

    def __init__(self, connect, address):
        self.stream = connect(address, timeout=60).makefile("rwb")
        self.number = 0

    def send(self, command, **arguments):
        self.number += 1
        text = json.dumps({"seq": self.number, "type": "request", "command": command, "arguments": arguments}).encode()
        self.stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        self.stream.flush()

    def wait_for(self, kind, name):
        """The body of the next event, or of the answer to a command, with this name."""
        while True:
            size = 0
            while (line := self.stream.readline().strip()):
                size = int(line.split(b":")[1])
            message = json.loads(self.stream.read(size))
            if message["type"] == kind and message.get("command", message.get("event")) == name:
                assert message.get("success", True), message
                return message.get("body", {})

    def ask(self, command, **arguments):
        self.send(command, **arguments)
        return self.wait_for("response", command)


class Debugging(SmflowCase):
    """`config` is what the test of containers changes."""

    config = CONFIG
    connect = staticmethod(socket.create_connection)

    def setUp(self):
        super().setUp()
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", self.config)

    def native(self, text=NATIVE):
        self.write("src/trainer.cpp", text)
        (self.folder / "code").mkdir()
        subprocess.run(["g++", "-g", "-O0", self.folder / "src/trainer.cpp", "-o", self.folder / "code/main"], check=True)

    def python(self, text=PYTHON):
        self.write("code/main.py", text)

    def run_job(self, *more):
        return self.start("run", "--config", "sagemaker_config.yaml", *more)

    def attach(self, *more):
        return Terminal([SMFLOW, "attach", *more], cwd=self.folder, env=self.environment)

    def wait_for_line(self, job, text, seconds=60):
        lines = []
        end = time.monotonic() + seconds
        for line in job.stdout:
            lines.append(line)
            if text in line:
                return line
            if time.monotonic() > end:
                break
        self.fail(f"{text!r} is not in:\n{''.join(lines)}{job.stderr.read()}")

    def end_of(self, job, seconds=60):
        out, err = job.communicate(timeout=seconds)
        return job.returncode, out, err

    def test_gdb_stops_in_the_training_step_of_a_program_that_waits(self):
        self.native()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger; in another terminal: smflow attach my-job-")
        with self.attach() as terminal:
            terminal.expect(r"Temporary breakpoint 1, main")
            terminal.expect(r"\(gdb\) ")
            terminal.type("break train_step if step == 2\ncontinue\n")
            terminal.expect(r"Breakpoint 2, train_step \(step=2, rate=7\)\s+at .*trainer.cpp:6")
            terminal.type("next\nprint loss\n")
            terminal.expect(r"\$1 = 86")
            terminal.type("detach\n")
            terminal.expect("detached")
            terminal.type("quit\n")
            self.assertEqual(terminal.wait(), 0, terminal.shown)
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)
        self.assertIn("step 3 loss 79", out)

    def test_pdb_steps_and_prints_a_variable_at_a_breakpoint(self):
        self.python()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with self.attach() as terminal:
            terminal.expect("the console of algo-1 of my-job-.*Ctrl-] leaves it")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("p loss\n")
            terminal.expect(r"\n93\r?\n")
            terminal.type("next\n")
            terminal.expect(r"return loss\r?\n\(Pdb\) ")
            terminal.type("\x03")
            terminal.expect(r"KeyboardInterrupt")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("\x1d")
            terminal.expect("the program goes on; back to it: smflow attach my-job-")
            self.assertEqual(terminal.wait(), 0)
        with self.attach() as terminal:
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("loss 93")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("loss 86")
            terminal.expect("the program has ended")
            self.assertEqual(terminal.wait(), 0)
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)
        self.assertIn("loss 86\n", out)
        self.assertNotIn("\r", out)

    def test_pudb_draws_its_screen_and_steps(self):
        self.python(GREETED + PYTHON)
        self.write("sagemaker_config.yaml",
                   self.config + "CONTAINER:\n  ENVIRONMENT:\n    PYTHONBREAKPOINT: pudb.set_trace\n")
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with self.attach() as terminal:
            terminal.expect("PuDB .*:help")
            terminal.expect("loss: 93")
            terminal.type("c")
            terminal.expect("loss: 86")
            terminal.type("c")
            terminal.expect("the program has ended")
            self.assertEqual(terminal.wait(), 0)
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)

    def test_the_console_has_the_size_of_the_terminal(self):
        self.python("import os\nbreakpoint()\nprint('size', os.get_terminal_size(), flush=True)\nbreakpoint()\n")
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with self.attach() as terminal:
            terminal.expect(r"\(Pdb\) ")
            terminal.resize(33, 77)
            time.sleep(0.5)
            terminal.type("c\n")
            terminal.expect(r"columns=77, lines=33")
            terminal.type("c\n")
            terminal.wait()
        self.assertEqual(self.end_of(job)[0], 0)

    def test_a_breakpoint_without_a_console_says_how_to_get_one(self):
        self.python()
        code, _, err = self.end_of(self.run_job())
        self.assertEqual(code, 10, err)
        self.assertIn("bdb.BdbQuit", err)
        self.assertIn("start the job with --debug, then smflow attach", err)

    def test_a_shell_and_a_command_run_beside_the_program(self):
        self.python("import time\nprint('running', flush=True)\ntime.sleep(600)\n")
        job = self.run_job()
        self.wait_for_line(job, "running")
        with self.attach("--shell") as terminal:
            terminal.type("echo $((6*7)) $(hostname) $(pwd)\n")
            terminal.expect("42 algo-1 /opt/ml/code")
            terminal.type("exit 5\n")
            self.assertEqual(terminal.wait(), 5)
        result = self.smflow("attach", "--exec", "cat", "/opt/ml/input/data/traindata/a.txt")
        self.assertEqual((result.returncode, result.stdout), (0, "one\n"), result.stderr)
        name = next((self.folder / "results").rglob("record.json")).parent.name
        for typed in (name[:8], name[-5:-2], name[-3:]):
            self.assert_exit(self.smflow("attach", typed, "--exec", "true"), 0)
        self.assertNotEqual(self.smflow("attach", "nobodys", "--exec", "true").returncode, 0)
        result = self.smflow("attach", "--exec", "sh", "-c", "exit 3")
        self.assertEqual(result.returncode, 3)
        job.send_signal(2)
        self.assertEqual(self.end_of(job)[0], 130)

    def test_gdb_attaches_to_a_program_that_runs_and_its_time_stands_still(self):
        self.write("sagemaker_config.yaml", self.config.replace("3600", "20"))
        self.native("#include <unistd.h>\nint main() { for (;;) ::usleep(1000); }\n")
        started = time.monotonic()
        job = self.run_job()
        self.wait_for_line(job, "running ./main")
        with self.attach() as terminal:
            terminal.expect(r"\(gdb\) ")
            time.sleep(max(0, 26 - (time.monotonic() - started)))
            self.assertIsNone(job.poll())
            terminal.type("bt\n")
            terminal.expect(r"main \(\)")
            terminal.type("detach\nquit\n")
            terminal.wait()
        code, _, err = self.end_of(job)
        self.assertEqual(code, 12, err)
        self.assertGreater(time.monotonic() - started, 26)

    def test_a_job_that_waits_for_its_debugger_can_be_stopped(self):
        self.native()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        job.send_signal(2)
        code, _, err = self.end_of(job, 20)
        self.assertEqual(code, 130, err)

    def test_a_crash_names_file_and_line_and_leaves_a_core_to_open(self):
        self.native()
        self.write("sagemaker_config.yaml", self.config_of_crash())
        code, _, err = self.end_of(self.run_job())
        self.assertEqual(code, 10, err)
        self.assertRegex(err, r"main \(\) at .*trainer.cpp:16")
        self.assertIn("SIGSEGV", err)
        self.assertRegex(err, r"smflow attach my-job-\S+ --post-mortem")
        with self.attach("--post-mortem") as terminal:
            terminal.expect(r"trainer.cpp:16")
            terminal.expect(r"\(gdb\) ")
            terminal.type("print loss\n")
            terminal.expect(r"\$1 = 79")
            terminal.type("quit\n")
            self.assertEqual(terminal.wait(), 0)

    def config_of_crash(self):
        return self.config + "CONTAINER:\n  ENVIRONMENT:\n    CRASH: '1'\n"

    def test_a_core_is_not_kept_when_it_is_not_wanted(self):
        self.native()
        self.write("sagemaker_config.yaml",
                   self.config_of_crash().replace("STOP_GRACE: 2", "STOP_GRACE: 2\n  KEEP_CORE: false"))
        code, _, err = self.end_of(self.run_job())
        self.assertEqual(code, 10, err)
        self.assertNotIn("--post-mortem", err)
        result = self.smflow("attach", "--post-mortem")
        self.assert_exit(result, 13)
        self.assertIn("error[E383]", result.stderr)

    def test_debugpy_stops_at_a_breakpoint_that_an_editor_sets(self):
        self.python("import time\nloss = 93\ntime.sleep(0)\nprint('loss', loss, flush=True)\n")
        job = self.run_job("--debugpy")
        self.wait_for_line(job, "waiting for a client of debugpy at port 5678")
        self.assert_exit(self.smflow("attach", "--vscode"), 0)
        launch = json.loads((self.folder / ".vscode/launch.json").read_text())
        entry = launch["configurations"][0]
        connect = entry["connect"]
        for _ in range(100):
            try:
                editor = DebugAdapter(self.connect, (connect["host"], connect["port"]))
                editor.ask("initialize", adapterID="test", pathFormat="path")
                break
            # Before debugpy listens nobody does, or the container engine, which hangs up.
            except (ConnectionError, json.JSONDecodeError):
                time.sleep(0.1)
        editor.send("attach", justMyCode=entry["justMyCode"], pathMappings=entry["pathMappings"])
        editor.wait_for("event", "initialized")
        editor.ask("setBreakpoints", source={"path": str(self.folder / "code/main.py")}, breakpoints=[{"line": 4}])
        editor.ask("configurationDone")
        thread = editor.wait_for("event", "stopped")["threadId"]
        frame = editor.ask("stackTrace", threadId=thread)["stackFrames"][0]
        self.assertEqual((frame["line"], frame["source"]["path"]), (4, str(self.folder / "code/main.py")))
        self.assertEqual(editor.ask("evaluate", expression="loss + 1", frameId=frame["id"])["result"], "94")
        editor.ask("continue", threadId=thread)
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)
        self.assertIn("loss 93", out)

    def test_says_what_there_is_when_nothing_is_meant(self):
        result = self.smflow("attach")
        self.assert_exit(result, 13)
        self.assertIn("error[E380]: no job runs on this machine", result.stderr)
        self.assertIn("smflow run --config FILE --debug", result.stderr)

    def test_visual_studio_code_finds_its_entries(self):
        self.write(".vscode/launch.json", '// mine\n{"version": "0.2.0", "configurations": [{"name": "own"}]}\n')
        self.python()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        result = self.smflow("attach", "--vscode")
        self.assert_exit(result, 0)
        launch = json.loads((self.folder / ".vscode/launch.json").read_text())
        names = [entry["name"] for entry in launch["configurations"]]
        self.assertEqual(names, ["own", "smflow: debugpy in algo-1", "smflow: gdb in algo-1"])
        self.smflow("attach", "--vscode")
        self.assertEqual(json.loads((self.folder / ".vscode/launch.json").read_text()), launch)
        gdb = launch["configurations"][2]
        pipe = gdb["pipeTransport"]
        # What the C/C++ extension does: its gdb through the pipe program, spoken to in MI.
        command = [pipe["pipeProgram"], *pipe["pipeArgs"], pipe["debuggerPath"] + " --interpreter=mi -q"]
        script = f"-target-attach {gdb['processId']}\n-thread-info\n-target-detach\n-gdb-exit\n"
        answer = subprocess.run(command, input=script, env=self.environment, cwd=self.folder, capture_output=True,
                                text=True, timeout=60)
        self.assertIn("^done,threads=[", answer.stdout, answer.stdout + answer.stderr)
        job.send_signal(2)
        self.end_of(job, 30)


if __name__ == "__main__":
    unittest.main()
