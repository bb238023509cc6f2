"""Jobs of ordinary users, of sudo, and on machines that refuse namespaces."""

import os
import shutil
import signal
import subprocess
import tarfile
from pathlib import Path

from engine_case import SMFLOW, TRAIN, EngineCase, unittest

ROOT = os.geteuid() == 0
# Nobody's: an id need not be in the user database.
USER = 61500 if ROOT else os.geteuid()
GROUP = 61501 if ROOT else os.getegid()

REFUSING = """\
for kind in $KINDS; do
  echo 0 > /proc/sys/user/max_${kind}_namespaces || exit 99
done
exec "$@"
"""


def can_unshare():
    command = ["unshare", "-Ur", "sh", "-c", REFUSING, "sh", "true"]
    return subprocess.run(command, env={**os.environ, "KINDS": "user net"}, capture_output=True,
                          check=False).returncode == 0


class OwnPrograms(EngineCase):
    """Runs copies of the programs that every user may execute, as the user of the test or another one."""

    def setUp(self):
        super().setUp()
        (self.folder / "bin").mkdir()
        for program in (SMFLOW, TRAIN):
            shutil.copy2(program, self.folder / "bin")

    def give_to_user(self):
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, USER, GROUP, follow_symlinks=False)

    def run_with(self, prefix, *sets, **variables):
        command = [*prefix, self.folder / "bin/smflow", *self.arguments(*sets)]
        return subprocess.run(command, cwd=self.folder, env={**self.environment, **variables}, capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=120, check=False)

    def owners(self):
        paths = [*(self.folder / "results").rglob("*"), *(self.folder / "work").rglob("*")]
        return {(path.lstat().st_uid, path.lstat().st_gid) for path in paths}


class OrdinaryUser(OwnPrograms):
    def setUp(self):
        super().setUp()
        self.prefix = ["setpriv", f"--reuid={USER}", f"--regid={GROUP}", "--clear-groups"] if ROOT else []

    def run_as_user(self, *sets):
        self.give_to_user()
        result = self.run_with(self.prefix, *sets)
        if "refuses namespaces" in result.stderr:
            self.skipTest("this machine refuses user namespaces")
        return result

    def test_is_root_inside_and_owns_everything_outside(self):
        self.shell("id -u; id -g; hostname; test -d /opt/ml/model && echo 1 > $SM_MODEL_DIR/weights\n"
                   "mkdir -m 700 /opt/ml/checkpoints/secret; echo 1 > /opt/ml/checkpoints/secret/state\n"
                   "touch /smflow-test-file 2>&1; mkfifo /tmp/pipe; chmod 000 /tmp/pipe; true\n")
        result = self.run_as_user()
        self.assert_exit(result, 0)
        self.assertIn("0\n0\nalgo-1\n", result.stdout)
        self.assertEqual(self.owners(), {(USER, GROUP)})
        self.assertTrue((self.output_folder() / "model.tar.gz").is_file())
        self.assertFalse(Path("/smflow-test-file").exists())
        self.assert_nothing_left()

    def test_two_hosts_reach_each_other(self):
        self.shell("getent hosts algo-1 algo-2 | wc -l; echo $SM_NETWORK_INTERFACE_NAME\n"
                   "(setsid sleep 6001 >/dev/null 2>&1 &)\n")
        result = self.run_as_user("SAGEMAKER.INSTANCE_COUNT=2")
        self.assert_exit(result, 0)
        self.assertIn("2\neth0\n", self.log("algo-1"))
        self.assert_nothing_left()

    def test_a_program_that_ignores_sigterm_is_killed(self):
        self.shell("trap '' TERM; while :; do sleep 1; done\n")
        self.assert_exit(self.run_as_user("SAGEMAKER.MAX_RUN_TIME=1", "LOCAL.STOP_GRACE=1"), 12)
        self.assert_nothing_left()


@unittest.skipUnless(ROOT, "needs root")
class Sudo(OwnPrograms):
    def test_the_job_runs_as_the_user_who_typed_sudo_and_its_files_are_that_users(self):
        self.shell("id -u; echo 1 > $SM_MODEL_DIR/weights; echo 1 > /opt/ml/checkpoints/state\n")
        self.give_to_user()
        result = self.run_with([], SUDO_UID=str(USER), SUDO_GID=str(GROUP))
        self.assert_exit(result, 0)
        self.assertEqual(self.owners(), {(USER, GROUP)})
        self.assert_nothing_left()


@unittest.skipUnless(can_unshare(), "needs a user namespace to forbid others in")
class Refusals(OwnPrograms):
    ALL = "user mnt pid uts ipc net"

    def run_refused(self, kinds, *sets):
        return self.run_with(["unshare", "-Ur", "sh", "-c", REFUSING, "sh"], *sets, KINDS=kinds)

    def test_without_namespaces_a_program_that_reads_the_variables_runs(self):
        self.shell(
            "test -e /opt/ml/model && echo unexpected; test -e $SM_INPUT_CONFIG_DIR/resourceconfig.json || exit 1\n"
            'echo "base ${SM_MODEL_DIR%/model}"; cat $SM_CHANNEL_TRAINDATA/a.txt > $SM_MODEL_DIR/weights\n'
            "echo 1 > $SM_OUTPUT_DATA_DIR/note; echo scratch > $TMPDIR/x\n"
            "(setsid sh -c 'trap \"\" TERM HUP; sleep 6001 & sleep 6002' >/dev/null 2>&1 &)\n"
            "while ! pgrep -f 'sleep 6002' >/dev/null; do sleep 0.05; done\n")
        result = self.run_refused(self.ALL)
        self.assert_exit(result, 0)
        self.assertIn("this machine refuses namespaces", result.stderr)
        self.assertIn("/opt/ml does not exist for the program", result.stderr)
        self.assertNotIn("unexpected", result.stdout)
        self.assertRegex(result.stdout, rf"base {self.folder}/work/job-[0-9a-z-]+/algo-1/ml\n")
        with tarfile.open(self.output_folder() / "model.tar.gz") as model:
            self.assertEqual(model.extractfile("weights").read(), b"one\n")
        self.assertTrue((self.folder / "data/a.txt").is_file())
        self.assertTrue((self.folder / "code/main.sh").is_file())
        self.assert_nothing_left()

    def test_without_namespaces_a_failing_program_has_its_reason(self):
        self.native(CRASH="segfault")
        result = self.run_refused(self.ALL)
        self.assert_exit(result, 10)
        self.assertIn("SIGSEGV", self.outcome()["reason"])
        self.assertIn("read_pixel", self.outcome()["reason"])
        self.assert_nothing_left()

    def test_without_namespaces_a_program_that_ignores_sigterm_is_killed_with_its_children(self):
        self.shell("trap '' TERM; (setsid sleep 6003 &) ; while :; do sleep 1; done\n")
        result = self.run_refused(self.ALL, "SAGEMAKER.MAX_RUN_TIME=1", "LOCAL.STOP_GRACE=1")
        self.assert_exit(result, 12)
        self.assert_nothing_left()

    def test_without_namespaces_the_death_of_the_launcher_ends_the_job(self):
        self.shell("trap '' TERM; (setsid sleep 6004 &); echo ready; while :; do sleep 1; done\n")
        command = ["unshare", "-Ur", "sh", "-c", REFUSING, "sh", self.folder / "bin/smflow", *self.arguments()]
        process = subprocess.Popen(command, cwd=self.folder, env={**self.environment, "KINDS": self.ALL}, text=True,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.assertIn("ready\n", iter(process.stdout.readline, ""))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.wait_until(lambda: not self.marked_processes())

    def test_without_namespaces_two_hosts_are_refused_in_words(self):
        self.shell("echo started")
        result = self.run_refused(self.ALL, "SAGEMAKER.INSTANCE_COUNT=2")
        self.assert_exit(result, 5)
        self.assertIn("E109", result.stderr)
        self.assertIn("user namespaces", result.stderr)
        self.assertNotIn("started", result.stdout)
        self.assert_nothing_left()

    def test_without_network_namespaces_two_hosts_share_one_network_and_are_told(self):
        self.python(
            "import os, socket, time\n"
            "me = os.environ['SM_CURRENT_HOST']\n"
            "server = socket.create_server((me, 0))\n"
            "print(server.getsockname()[0], socket.gethostbyname('algo-2'), os.environ['SM_NETWORK_INTERFACE_NAME'])\n")
        result = self.run_refused("net", "SAGEMAKER.INSTANCE_COUNT=2")
        self.assert_exit(result, 0)
        self.assertIn("the hosts share one network", result.stderr)
        self.assertIn("127.0.0.1 127.0.0.2 lo\n", self.log("algo-1"))
        self.assertIn("127.0.0.2 127.0.0.2 lo\n", self.log("algo-2"))
        self.assert_nothing_left()


if __name__ == "__main__":
    unittest.main()
