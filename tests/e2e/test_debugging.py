"""A job that is debugged on this machine, at a terminal: gdb on a native program, pdb at a breakpoint, a shell beside
it, and what a crash leaves. Its hosts are processes; tests/integration/container does the same with containers."""

import fcntl
import json
import os
import re
import shutil
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

ENDLESS_NATIVE = """\
#include <cstdio>
#include <unistd.h>
int main() { std::puts("in the loop"); std::fflush(stdout); for (;;) ::usleep(1000); }
"""

ENDLESS_PYTHON = """\
import time
print("in the loop", flush=True)
time.sleep(600)
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


def mi_debugger(entry):
    """What the C/C++ extension starts: its gdb through the pipe program, spoken to in MI."""
    pipe = entry["pipeTransport"]
    return [pipe["pipeProgram"], *pipe["pipeArgs"], pipe["debuggerPath"] + " --interpreter=mi -q"]


class Debugging(SmflowCase):
    """`config` is what the test of containers changes."""

    config = CONFIG
    # The folder of the test is in /tmp, and a host has a /tmp of its own.
    line_six = r"6\s+in .*trainer.cpp"
    connect = staticmethod(socket.create_connection)

    def setUp(self):
        super().setUp()
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", self.config)

    def native(self, text=NATIVE):
        self.write("src/trainer.cpp", text)
        (self.folder / "code").mkdir()
        subprocess.run(["g++", "-g", "-O0", *self.compile_options(), self.folder / "src/trainer.cpp", "-o",
                        self.folder / "code/main"], check=True)

    def compile_options(self):
        return []

    def python(self, text=PYTHON):
        self.write("code/main.py", text)

    def run_job(self, *more):
        return self.start("run", "--config", "sagemaker_config.yaml", *more)

    def attach(self, *more):
        return Terminal([SMFLOW, "attach", *more], cwd=self.folder, env=self.environment)

    def wait_for_line(self, job, text, seconds=60):
        """All that the job has printed up to the line with the text."""
        lines = []
        end = time.monotonic() + seconds
        for line in job.stdout:
            lines.append(line)
            if text in line:
                return "".join(lines)
            if time.monotonic() > end:
                break
        job.kill()
        self.fail(f"{text!r} is not in:\n{''.join(lines)}{job.stderr.read()}")

    def end_of(self, job, seconds=60):
        out, err = job.communicate(timeout=seconds)
        return job.returncode, out, err

    def interrupt(self, job):
        job.send_signal(2)
        return self.end_of(job)[0]

    def test_gdb_stops_in_the_training_step_of_a_program_that_waits(self):
        self.native()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger; in another terminal: smflow attach my-job-")
        with self.attach() as terminal:
            terminal.expect(r"Temporary breakpoint 1, main")
            terminal.expect(r"\(gdb\) ")
            terminal.type("break train_step if step == 2\ncontinue\n")
            terminal.expect(r"Breakpoint 2, train_step \(step=2, rate=7\)\s+at .*trainer.cpp:6\s+" + self.line_six)
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

    def test_breakpoints_of_the_other_hosts_are_passed(self):
        self.python()
        job = self.run_job("--debug", "algo-2", "--set", "SAGEMAKER.INSTANCE_COUNT=2")
        read = self.wait_for_line(job, "waits for a debugger")
        with self.attach("--host", "algo-2") as terminal:
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("loss 93")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("the program has ended")
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)
        self.assertIn("algo-1 │ loss 86\n", read + out)

    def test_a_console_is_left_at_the_end_of_its_input(self):
        self.python("import time\n" + PYTHON + "while True:\n    print('goes on', flush=True)\n    time.sleep(0.1)\n")
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        for typed, shown in ((None, "(Pdb) "), ("p loss\n", "\n93\n(Pdb) "), ("c\n", "loss 93"), ("c\n", "goes on")):
            given = {"stdin": subprocess.DEVNULL} if typed is None else {"input": typed}
            result = subprocess.run([SMFLOW, "attach"], cwd=self.folder, env=self.environment, capture_output=True,
                                    text=True, timeout=30, **given)
            self.assert_exit(result, 0)
            self.assertIn(shown, result.stdout)
            self.assertIn("the program goes on; back to it: smflow attach my-job-", result.stderr)
        self.assertEqual(self.interrupt(job), 130)

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
        self.assertIn("start the job with --debug, or --debug HOST for this host, then smflow attach", err)

    def test_a_shell_and_a_command_run_beside_the_program(self):
        self.python(ENDLESS_PYTHON)
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
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
        result = self.smflow("attach", "--exec", "no-such-command")
        self.assertIn(result.returncode, (126, 127))
        self.assertIn("no-such-command", result.stdout + result.stderr)
        self.assertNotIn("E385", result.stderr)
        result = self.smflow("attach", "--exec", "sh", "-c", "exit 3")
        self.assertEqual(result.returncode, 3)
        self.assertEqual(self.interrupt(job), 130)

    def test_gdb_attaches_to_a_program_that_runs_and_its_time_stands_still(self):
        self.write("sagemaker_config.yaml", self.config.replace("3600", "20"))
        self.native(ENDLESS_NATIVE)
        started = time.monotonic()
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
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
            terminal.expect(r"its backtrace, with the libraries of the place where it crashed: \S+/algo-1/backtrace.txt")
            terminal.expect(r"trainer.cpp:16\s+16\s+\*nowhere = loss;")
            terminal.expect(r"\(gdb\) ")
            terminal.type("print loss\n")
            terminal.expect(r"\$1 = 79")
            terminal.type("quit\n")
            self.assertEqual(terminal.wait(), 0)
        name = re.search(r"smflow attach (my-job-\S+) --post-mortem", err).group(1)
        self.assertRegex(next(self.folder.rglob(f".cores/{name}/algo-1/backtrace.txt")).read_text(), r"trainer.cpp:16")
        with self.attach("--post-mortem", name[-5:], "--host", "algo-1") as terminal:
            terminal.expect(f"the core of algo-1 of {name}")
            terminal.expect(r"\(gdb\) ")
            terminal.type("quit\n")
            self.assertEqual(terminal.wait(), 0)
        for other, whose in (([name, "--host", "algo-2"], f"host 'algo-2' of '{name}'"), (["nobodys"], "'nobodys'"),
                             (["--host", "algo-2"], "host 'algo-2' of any job")):
            result = self.smflow("attach", "--post-mortem", *other)
            self.assert_exit(result, 13)
            self.assertIn(f"error[E383]: there is no core of {whose} in", result.stderr)
            self.assertIn(f"the newest is of {name} --host algo-1", result.stderr)

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
        end = time.monotonic() + 60
        while True:
            try:
                editor = DebugAdapter(self.connect, (connect["host"], connect["port"]))
                editor.ask("initialize", adapterID="test", pathFormat="path")
                break
            # Before debugpy listens nobody does, or the container engine, which hangs up.
            except (ConnectionError, json.JSONDecodeError):
                self.assertLess(time.monotonic(), end, "debugpy does not listen")
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

    def test_a_program_that_a_shell_script_runs_is_the_one_that_gdb_opens(self):
        self.native(ENDLESS_NATIVE)
        self.write("code/train.sh", "./main\nexit\n", 0o755)
        self.write("sagemaker_config.yaml", self.config + "CONTAINER:\n  PROGRAM: train.sh\n")
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
        with self.attach() as terminal:
            terminal.expect("gdb on '/opt/ml/code/main'")
            terminal.expect(r"\(gdb\) ")
            terminal.type("up-silently 9\nframe\n")
            terminal.expect(r"main \(\) at \S*trainer.cpp:3")
            terminal.type("detach\nquit\n")
            terminal.wait()
        self.assertEqual(self.interrupt(job), 130)

    def test_gdb_opens_a_program_in_python_when_it_is_asked_for(self):
        self.python(ENDLESS_PYTHON)
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
        with self.attach("--gdb") as terminal:
            terminal.expect(r"gdb on '\S*/python3[.\d]*' in algo-1")
            terminal.expect(r"\(gdb\) ")
            terminal.type("info inferiors\n")
            terminal.expect(r"process \d+ .*python3")
            terminal.type("detach\nquit\n")
            self.assertEqual(terminal.wait(), 0)
        self.assertEqual(self.interrupt(job), 130)

    def test_a_console_is_joined_where_there_is_one(self):
        self.python()
        job = self.run_job()
        self.assertEqual(self.end_of(job)[0], 10)
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        with self.attach("--console") as terminal:
            terminal.expect(r"\(Pdb\) ")
            terminal.type("c\n")
            terminal.expect("loss 93")
            terminal.type("c\n")
            terminal.expect("the program has ended")
        self.assertEqual(self.end_of(job)[0], 0)
        self.python(ENDLESS_PYTHON)
        job = self.run_job()
        self.wait_for_line(job, "in the loop")
        result = self.smflow("attach", "--console")
        self.assert_exit(result, 13)
        self.assertIn("error[E387]: the program has no console", result.stderr)
        self.assertIn("start the job with --debug", result.stderr)
        self.assertEqual(self.interrupt(job), 130)

    def test_one_of_several_jobs_must_be_named(self):
        self.python(ENDLESS_PYTHON)
        jobs = [self.run_job(), self.run_job()]
        for job in jobs:
            self.wait_for_line(job, "in the loop")
        result = self.smflow("attach", "--exec", "true")
        self.assert_exit(result, 2)
        self.assertIn("error[E381]: 2 jobs of this machine could be meant", result.stderr)
        names = re.search(r"name one: (my-job-\S+), (my-job-\S+)", result.stderr).groups()
        self.assert_exit(self.smflow("attach", names[0], "--exec", "true"), 0)
        result = self.smflow("attach", names[1], "--host", "algo-9", "--exec", "true")
        self.assert_exit(result, 2)
        self.assertIn(f"error[E380]: job '{names[1]}' has no host 'algo-9'", result.stderr)
        self.assertIn("one of: algo-1", result.stderr)
        for job in jobs:
            job.send_signal(2)
        for job in jobs:
            self.assertEqual(self.end_of(job)[0], 130)

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
        self.assertIn("it is kept as .vscode/launch.json.old", result.stderr)
        self.assertIn("in a job started with --debugpy only", result.stderr)
        self.assertIn("// mine", (self.folder / ".vscode/launch.json.old").read_text())
        launch = json.loads((self.folder / ".vscode/launch.json").read_text())
        names = [entry["name"] for entry in launch["configurations"]]
        self.assertEqual(names, ["own", "smflow: gdb in algo-1"])
        self.smflow("attach", "--vscode")
        self.assertEqual(json.loads((self.folder / ".vscode/launch.json").read_text()), launch)
        gdb = launch["configurations"][1]
        script = f"-target-attach {gdb['processId']}\n-thread-info\n-target-detach\n-gdb-exit\n"
        answer = subprocess.run(mi_debugger(gdb), input=script, env=self.environment, cwd=self.folder, capture_output=True,
                                text=True, timeout=60)
        self.assertIn("^done,threads=[", answer.stdout, answer.stdout + answer.stderr)
        self.interrupt(job)

    def test_the_entry_of_visual_studio_code_stops_a_native_program_at_a_breakpoint(self):
        self.native()
        job = self.run_job("--debug")
        self.wait_for_line(job, "waits for a debugger")
        self.assert_exit(self.smflow("attach", "--vscode"), 0)
        entry, = json.loads((self.folder / ".vscode/launch.json").read_text())["configurations"]
        with subprocess.Popen(mi_debugger(entry), env=self.environment, cwd=self.folder, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as gdb:
            def send(*lines):
                gdb.stdin.write("".join(line + "\n" for line in lines))
                gdb.stdin.flush()

            def answer(pattern):
                shown = []
                for line in gdb.stdout:
                    shown.append(line)
                    if found := re.search(pattern, line):
                        return found
                return self.fail(f"{pattern!r} is not in:\n{''.join(shown)}")

            send(*(command["text"] for command in entry["setupCommands"]), f"-target-attach {entry['processId']}")
            answer(r"\*stopped")
            send("-break-insert -c \"step == 2\" train_step", "-exec-continue")
            source = answer(r'\*stopped,reason="breakpoint-hit".*fullname="([^"]*)",line="6"').group(1)
            for compiled, here in entry["sourceFileMap"].items():
                if source.startswith(compiled + "/"):
                    source = source.replace(compiled, here.replace("${workspaceFolder}", str(self.folder)), 1)
            self.assertEqual(os.path.realpath(source), os.path.realpath(self.folder / "src/trainer.cpp"))
            send("-data-evaluate-expression step")
            answer(r'\^done,value="2"')
            send("-break-delete", "-target-detach", "-gdb-exit")
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)


class HostsThatLetNobodyIn(SmflowCase):
    """A job folder that somebody holds, as a launcher does, around a process that is none of its programs."""

    def attach_to(self, process, *prefix, **more):
        place = self.folder / "cache/smflow/jobs/my-job"
        self.write("cache/smflow/jobs/my-job/algo-1/process", str(process))
        with open(place / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return subprocess.run([*prefix, more.pop("smflow", SMFLOW), "attach", "my-job", "--exec", "true"],
                                  cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=60)

    def test_a_host_whose_program_is_gone_is_told_from_one_that_refuses(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        result = self.attach_to(gone.pid)
        self.assert_exit(result, 13)
        self.assertIn("error[E382]: host 'algo-1' runs no program now", result.stderr)

    def test_a_job_of_another_user_lets_nobody_in(self):
        if os.geteuid() != 0:
            result = self.attach_to(1)
        else:
            programs = self.folder / "bin"
            shutil.copytree(os.path.dirname(SMFLOW), programs,
                            ignore=lambda _, names: [name for name in names if not name.startswith("smflow")])
            self.folder.chmod(0o755)
            result = self.attach_to(os.getpid(), "setpriv", "--reuid", "65534", "--clear-groups",
                                    smflow=str(programs / "smflow"))
        self.assert_exit(result, 5)
        self.assertIn("error[E385]: cannot get into the host of the job", result.stderr)
        self.assertIn("do it as the user who started the job", result.stderr)


if __name__ == "__main__":
    unittest.main()
