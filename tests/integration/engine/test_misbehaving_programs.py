"""Programs that end badly: the right status, a useful reason, and nothing left behind."""

import os
import subprocess
import time
from pathlib import Path

from engine_case import IMAGE, SMFLOW, EngineCase, of_processes, unittest

LOG_BYTES = 1 << 30
MEMORY_LIMIT_KB = 30 * 1024


class Crashes(EngineCase):
    def test_an_uncaught_exception_gives_its_type_its_text_and_the_place(self):
        self.native(CRASH="throw")
        reason = self.fails(134)
        self.assertTrue(reason.startswith("AlgorithmError: std::out_of_range: batch size 7 is odd"), reason)
        self.assertIn("load_batch", reason)

    def test_an_uncaught_exception_without_our_handlers_gives_its_text(self):
        self.native(CRASH="plain-throw")
        reason = self.fails(134)
        self.assertIn("std::out_of_range: batch size 7 is odd", reason)
        self.assertIn("SIGABRT", reason)

    def test_a_segmentation_fault_gives_the_signal_and_the_function(self):
        self.native(CRASH="segfault")
        reason = self.fails(139)
        self.assertIn("SIGSEGV", reason)
        self.assertRegex(reason, r"read_pixel.* at \S*crashes\.cpp:\d+")

    def test_a_segmentation_fault_without_our_handlers_gives_the_signal(self):
        self.native(CRASH="plain-segfault")
        self.assertIn("SIGSEGV", self.fails(139))

    def test_abort_gives_the_signal(self):
        self.native(CRASH="abort")
        self.assertIn("SIGABRT", self.fails(134))

    def test_a_python_exception_gives_its_text_and_the_line(self):
        self.python("def step():\n    raise ValueError('bad shape')\n\nstep()\n")
        reason = self.fails(1)
        self.assertTrue(reason.startswith("AlgorithmError: ValueError: bad shape"), reason)
        self.assertIn("main.py:2 in step", reason)

    def test_each_signal_is_128_and_its_number(self):
        for name, number in (("KILL", 9), ("TERM", 15), ("SEGV", 11)):
            with self.subTest(name):
                self.shell(f"kill -{name} $$; sleep 60")
                self.assertIn(f"SIG{name}", self.fails(128 + number))

    def test_exit_code_255_is_kept(self):
        self.shell("echo 'the cause of it' >&2; exit 255")
        self.assertIn("the cause of it", self.fails(255))

    def test_the_last_output_is_in_the_reason_also_from_stdout(self):
        self.python("import sys\nprint('the config lacks a key; giving up', flush=True)\nsys.exit(3)\n")
        self.assertIn("last output:\nthe config lacks a key; giving up", self.fails(3))


class Stops(EngineCase):
    def test_a_program_that_ignores_sigterm_is_killed_after_the_grace_period(self):
        self.shell("trap '' TERM; echo half > $SM_MODEL_DIR/half; while :; do sleep 1; done")
        begin = time.monotonic()
        outcome = self.run_ends(12, "SAGEMAKER.MAX_RUN_TIME=5", "LOCAL.STOP_GRACE=2")
        self.assertGreater(time.monotonic() - begin, 7)
        self.assertEqual(outcome["state"], "timed_out")
        self.assertEqual(outcome["hosts"], [{"name": "algo-1", "exit_code": 137}])
        self.assertTrue((self.output_folder() / "model.tar.gz").is_file())

    def test_a_program_without_a_handler_ends_at_sigterm(self):
        self.shell("exec sleep 600")
        outcome = self.run_ends(12, "SAGEMAKER.MAX_RUN_TIME=5", "LOCAL.STOP_GRACE=600")
        self.assertEqual(outcome["hosts"], [{"name": "algo-1", "exit_code": 143}])

    def test_children_that_left_their_session_die_with_the_job(self):
        self.shell(
            "trap '' TERM HUP\n"
            "(setsid sh -c 'trap \"\" TERM HUP; sleep 6001 & sleep 6002' &)\n"
            "(setsid setsid sleep 6003 >/dev/null 2>&1 </dev/null &)\n"
            "sleep 6004 &\n"
            "while ! pgrep -f 'sleep 6002' >/dev/null || ! pgrep -f 'sleep 6003' >/dev/null; do sleep 0.05; done\n"
            "echo all there; exit 5\n")
        self.fails(5)
        self.assertIn("all there", self.output)

    def test_children_of_a_successful_program_die_too(self):
        self.shell(
            "(setsid sleep 6005 >/dev/null 2>&1 &)\n"
            "while ! pgrep -f 'sleep 6005' >/dev/null; do sleep 0.05; done\n")
        self.assertEqual(self.run_ends(0)["status"], "Completed")


class Output(EngineCase):
    def test_a_program_that_closes_its_output_runs_to_its_end(self):
        self.shell("exec >&- 2>&-; sleep 0.3; touch $SM_MODEL_DIR/here; exit 4")
        self.fails(4)
        self.assertTrue((self.output_folder() / "model.tar.gz").is_file())

    def test_bytes_that_are_no_text_harm_nothing(self):
        self.shell("head -c 300000 /dev/urandom; printf '\\0\\377\\n' >&2; exit 3")
        self.fails(3)

    # The pipe, the relay, the log file and the record: 1 GiB goes through all of them, memory stays.
    def test_a_gigabyte_of_log_is_kept_whole_in_little_memory(self):
        self.native(CRASH="log", LOG_BYTES=LOG_BYTES)
        process = subprocess.Popen([SMFLOW, *self.arguments()], cwd=self.folder, env=self.environment,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        peaks = {}
        while process.poll() is None:
            for pid in [process.pid, *self.entrypoints(process.pid)]:
                peaks[pid] = max(peaks.get(pid, 0), self.peak_kb(pid))
            time.sleep(0.1)
        _, err = process.communicate()
        self.assertEqual(process.returncode, 10, err)
        self.assertGreaterEqual(len(peaks), 2, "the entrypoint was never seen")
        self.assertLess(max(peaks.values()), MEMORY_LIMIT_KB, peaks)
        self.assert_nothing_left()
        # A container has an output and an error stream, and the reason tells of errors.
        if not IMAGE:
            self.assertIn("the end of it", self.outcome()["reason"])
        log = self.records()[-1] / "logs/algo-1.txt"
        whole = b"x" * 63 + b"\n"
        lines = {True: 0, False: 0}
        with log.open("rb") as file:
            for line in file:
                lines[line == whole] += 1
        self.assertEqual(lines[True], LOG_BYTES // 64)
        self.assertLess(lines[False], 20)  # those of the entrypoint

    def entrypoints(self, launcher):
        """The processes of the job that run our own entrypoint."""
        return [pid for pid, command in self.marked_processes().items() if command.split()[:1] == ["train"]]

    @staticmethod
    def peak_kb(pid):
        try:
            status = Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return 0
        return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)


class FailureFile(EngineCase):
    def test_its_first_1024_characters_are_the_reason(self):
        self.python("import os\nopen(os.environ['SM_OUTPUT_FAILURE'], 'w').write('é' * 3000)\nraise SystemExit(1)\n")
        reason = self.fails(1)
        self.assertEqual(len(reason), 1024)
        self.assertEqual(reason, "AlgorithmError: " + "é" * (1024 - 16 - 14) + ", exit code: 1")

    def test_the_programs_own_text_is_not_replaced(self):
        self.shell("echo 'my own words' > $SM_OUTPUT_FAILURE; echo noise >&2; exit 9")
        self.assertEqual(self.fails(9), "AlgorithmError: my own words, exit code: 9")

    def test_exit_0_is_success_also_with_a_failure_file(self):
        self.shell("echo 'was nearly lost' > $SM_OUTPUT_FAILURE")
        outcome = self.run_ends(0)
        self.assertEqual(outcome["status"], "Completed")
        self.assertNotIn("nearly", str(outcome.get("reason")))

    def test_a_pipe_or_link_in_its_place_is_not_followed(self):
        self.shell("mkfifo $SM_OUTPUT_FAILURE; exit 6")
        self.assertIn("exit code: 6", self.fails(6))
        self.shell("ln -s /etc/passwd $SM_OUTPUT_FAILURE; exit 6")
        self.assertNotIn("root:", self.fails(6))


PRIVATE = ["-m"] if os.geteuid() == 0 else ["-rm"]


def can_mount():
    command = ["unshare", *PRIVATE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@of_processes("the engine does not see the disk of the test")
@unittest.skipUnless(can_mount(), "needs a mount namespace of its own")
class FullDisk(EngineCase):
    def job_on_small_disk(self, folder, megabytes, *sets):
        """Runs a job whose folder `folder` lies on a small file system; its listing afterwards is in `left`."""
        disk = self.folder / folder
        disk.mkdir(parents=True)
        script = ('mount -t tmpfs -o size=$1m none "$2" || exit 99; shift 2\n'
                  '"$@"; code=$?; find "$DISK" -mindepth 1 > "$LISTING"; exit $code')
        environment = {**self.environment, "DISK": str(disk), "LISTING": str(self.folder / "left")}
        command = ["unshare", *PRIVATE, "sh", "-c", script, "sh", str(megabytes), str(disk), SMFLOW]
        return subprocess.run(command + self.arguments(*sets), cwd=self.folder, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False)

    def left(self):
        names = [Path(line).relative_to(self.folder) for line in (self.folder / "left").read_text().splitlines()]
        return [str(name) for name in names if name.name != ".lock"]

    def test_a_program_that_fills_the_disk_fails_for_that_reason(self):
        self.shell("head -c 64000000 /dev/zero > $SM_MODEL_DIR/weights || exit 8")
        result = self.job_on_small_disk("work", 16)
        self.assert_exit(result, 10)
        self.assertIn("no space left on device (ENOSPC)", self.outcome()["reason"])
        self.assertEqual(self.outcome()["hosts"], [{"name": "algo-1", "exit_code": 8}])
        self.assertEqual(self.left(), [])
        self.assert_nothing_left()

    def test_a_disk_too_full_for_the_archive_fails_the_job_and_keeps_its_files(self):
        self.shell("head -c 12000000 /dev/urandom > $SM_MODEL_DIR/weights")
        result = self.job_on_small_disk("work", 16)
        self.assert_exit(result, 10)
        self.assertIn("ENOSPC", self.outcome()["reason"])
        self.assertIn("kept in", self.outcome()["reason"])
        self.assertTrue([name for name in self.left() if name.endswith("ml/model/weights")])
        self.assertFalse([name for name in self.left() if ".tar.gz" in name])
        self.assertEqual(list((self.folder / "results").rglob("model.tar.gz*")), [])

    def test_a_full_store_has_the_whole_archive_or_none(self):
        self.shell("head -c 12000000 /dev/urandom > $SM_MODEL_DIR/weights")
        result = self.job_on_small_disk("results/exp/outputs", 4)
        self.assert_exit(result, 10)
        self.assertIn("ENOSPC", self.outcome()["reason"])
        self.assertFalse([name for name in self.left() if "model.tar.gz" in name], self.left())


if __name__ == "__main__":
    unittest.main()
