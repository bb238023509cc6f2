"""Completion: what smflow answers, and what real shells make of it when the tab key is pressed."""

import os
import pty
import re
import select
import shutil
import time
import unittest
from pathlib import Path

from smflow_case import SMFLOW, SmflowCase
from test_local_job import CONFIG

KEY = "\x07"  # shows the line as the shell has it


class Answers(SmflowCase):
    def answers(self, *words):
        result = self.smflow("__complete", *words)
        self.assert_exit(result, 0)
        self.assertEqual(result.stderr, "")
        return [line.split("\t")[0] for line in result.stdout.splitlines()]

    def test_commands_and_what_they_do(self):
        self.assertIn("runs\tThe runs of a team", self.smflow("__complete", "").stdout)
        self.assertEqual(self.answers("ru"), ["run", "runs"])
        self.assertEqual(self.answers("runs", "re"), ["replicate"])
        self.assertEqual(self.answers("runs", "list", "x"), [])
        self.assertNotIn("__complete", self.answers(""))

    def test_options_of_the_command(self):
        self.assertIn("--where", self.answers("runs", "list", "--"))
        self.assertEqual(self.answers("runs", "list", "--wh"), ["--where"])
        self.assertEqual(self.answers("run", "--set", "A.B=1", "--set-t"), ["--set-training"])
        self.assertEqual(len(self.answers("run", "--")), len(set(self.answers("run", "--"))))

    def test_options_of_commands_of_the_other_program(self):
        self.assertIn("--details", self.answers("board", "--"))
        self.assertEqual(self.answers("logs", "--foll"), ["--follow"])

    def test_values_of_options(self):
        self.assertEqual(self.answers("--color", "a"), ["auto", "always"])
        self.assertEqual(self.answers("--color=n"), ["--color=never"])
        self.assertEqual(self.answers("completion", ""), ["bash", "zsh", "fish"])
        self.assertEqual(self.answers("runs", "list", "--status", "failed,st"), ["failed,stopped"])
        self.assertEqual(self.answers("run", "--config", "x"), [":files"])
        self.assertEqual(self.answers("run", "--config=x"), [":files"])

    def test_keys_of_the_config_and_their_values(self):
        self.assertEqual(self.answers("run", "--set", "SAGEMAKER.SPOT"), ["SAGEMAKER.SPOT_INSTANCE="])
        self.assertEqual(self.answers("run", "--set", "SAGEMAKER.SPOT_INSTANCE=t"), ["SAGEMAKER.SPOT_INSTANCE=true"])
        self.assertEqual(self.answers("run", "--set=LOCAL.ENGINE=pro"), ["--set=LOCAL.ENGINE=process"])

    def test_names_of_runs_from_the_cache_alone(self):
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)
        self.write("code/main.sh", "#!/bin/sh\n", 0o755)
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml"), 0)
        self.assertEqual(self.answers("runs", "show", ""), [])
        (run,) = self.json_of("runs", "list", "--json", "--bucket", f"file://{self.folder}/results")["runs"]
        shutil.rmtree(self.folder / "results")
        name = run["name"]
        self.assertEqual(self.answers("runs", "show", ""), ["latest", name])
        self.assertEqual(self.answers("runs", "show", name[:9]), [name])
        self.assertEqual(self.answers("runs", "diff", "latest", name[-5:-2]), [name[-5:]])
        self.assertEqual(self.answers("runs", "list", "--experiment", "te"), ["team/exp"])
        self.assertEqual(self.answers("logs", "lat"), ["latest"])

    def test_the_scripts_are_printed(self):
        for shell in ("bash", "zsh", "fish"):
            self.assertIn("__complete", self.smflow("completion", shell).stdout)
        self.assert_accepted("help/completion.txt", self.smflow("completion", "--help").stdout)
        self.assert_exit(self.smflow("completion", "tcsh"), 2)
        self.assert_exit(self.smflow("completion"), 2)


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, command, folder, environment):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, environment)

    def close(self):
        os.close(self.terminal)
        os.waitpid(self.process, 0)

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read_until(self, pattern, seconds=30):
        seen = ""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.terminal], [], [], 0.2)
            if ready:
                seen += os.read(self.terminal, 65536).decode(errors="replace")
            if found := re.search(pattern, seen):
                return found
        raise AssertionError(f"no {pattern!r} in {seen!r}")


class InShells(SmflowCase):
    LINES = (
        ("smflow compl", "smflow completion "),
        ("smflow runs repl", "smflow runs replicate "),
        ("smflow run --set SAGEMAKER.SPOT", "smflow run --set SAGEMAKER.SPOT_INSTANCE="),
        ("smflow run --set SAGEMAKER.SPOT_INSTANCE=t", "smflow run --set SAGEMAKER.SPOT_INSTANCE=true "),
        ("smflow run --set-training 'A.B=two words' --det", "smflow run --set-training 'A.B=two words' --detach "),
        ("smflow runs list --bucket s3://a/b --wh", "smflow runs list --bucket s3://a/b --where "),
        ("smflow run --config only_", "smflow run --config only_one.yaml "),
        ("smflow run --config=only_", "smflow run --config=only_one.yaml "),
        ("smflow --color=ne", "smflow --color=never "),
    )

    def setUp(self):
        super().setUp()
        self.write("only_one.yaml", "")
        self.environment |= {"PATH": f"{Path(SMFLOW).parent}:{self.environment['PATH']}", "TERM": "dumb", "COLUMNS": "200",
                             "ZDOTDIR": str(self.folder), "XDG_CONFIG_HOME": str(self.folder / "config")}
        (self.folder / "home").mkdir()

    def check(self, command, setup):
        if shutil.which(command[0]) is None:
            self.skipTest(f"{command[0]} is not installed")
        shell = Shell(command, self.folder, self.environment)
        self.addCleanup(shell.close)
        shell.send(setup + "\n")
        shell.read_until("<ready>")
        for typed, expected in self.LINES:
            with self.subTest(shell=command[0], typed=typed):
                shell.send("\x15" + typed + "\t" + KEY)
                self.assertEqual(shell.read_until(r"<line:([^>]*)>")[1], expected)

    def test_bash(self):
        self.check(["bash", "--norc", "--noprofile", "-i"],
                   "source <(smflow completion bash); bind 'set enable-bracketed-paste off'; "
                   "bind -x '\"\\C-g\": printf \"<line:%s>\" \"$READLINE_LINE\"'; printf '<%s>' ready")

    def test_zsh(self):
        self.check(["zsh", "-f", "-i"],
                   "autoload -U compinit && compinit -u -d ./dump; source <(smflow completion zsh); "
                   "show() { print -n \"<line:$BUFFER>\" }; zle -N show; bindkey '^G' show; bindkey '^U' kill-whole-line; "
                   "printf '<%s>' ready")

    def test_fish(self):
        self.check(["fish", "--no-config", "-i"],
                   "smflow completion fish | source; bind \\cg 'printf \"<line:%s>\" (commandline)'; "
                   "bind \\cu 'commandline \"\"'; printf '<%s>' ready")


if __name__ == "__main__":
    unittest.main()
