"""smflow rehearse spot: small programs that survive interruptions in different ways, and the verdicts on them."""

import json
import re
import signal
import time
import unittest
from pathlib import Path

from smflow_case import SmflowCase
from test_build import Engine

CONFIG = """\
SAGEMAKER:
  INSTANCE_TYPE: local
  JOB_NAME: my_job
LOCAL:
  ENGINE: process
  CODE: code
S3:
  SAGEMAKER_RESULTS_BUCKET: file://results
  EXPERIMENT_NAME: team/exp
TRAINING:
  CONFIG_FILE: training_config.yaml
"""

# How it begins, and what it does at each step, like telling of it with a JSON line, is the test's.
PROGRAM = """\
#!/bin/sh
saved=/opt/ml/checkpoints/step
step=0
total=0
tell() {{ echo "{{\\"step\\":$step,\\"epoch\\":1,\\"m\\":{{\\"loss\\":$total}}}}"; }}
{begin}
while [ $step -lt {steps} ]; do
  sleep "${{PACE:-0.1}}"
  step=$((step + 1))
  total=$((total + step))
  {each}
done
echo "trained to $total" > $SM_MODEL_DIR/weights
"""
RESUME = "[ -e $saved ] && read step total < $saved"
SAVE = "echo $step $total > $saved.tmp && mv $saved.tmp $saved"
LEAVE = f'if [ -n "$asked" ]; then {SAVE}; exit 143; fi'


def in_time(rehearse):
    """The result of rehearse(seconds), which interrupts after that time and has a step take a tenth of it. A busy machine
    may need longer to the first step: an interruption before that is told without a step, and all is slowed down."""
    for seconds in (1, 3, 9):
        result = rehearse(seconds)
        if not re.search("interrupted$", result.stderr, re.MULTILINE):
            break
    return result


class Rehearse(SmflowCase):
    def setUp(self):
        super().setUp()
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)

    def program(self, steps=25, begin=RESUME, each=f"tell; {LEAVE}", trap="trap 'asked=yes' TERM"):
        self.write("code/main.sh", PROGRAM.format(steps=steps, begin=f"{trap}\n{begin}", each=each), 0o755)

    def rehearse(self, *more, after=None, times="1"):
        def once(seconds):
            pace = f'CONTAINER.ENVIRONMENT={{PACE: "{seconds / 10}"}}'
            return self.smflow("rehearse", "spot", "--config", "sagemaker_config.yaml", "--after", after or f"{seconds}s",
                               "--times", times, "--set", pace, *more)

        return once(1) if after else in_time(once)

    def verdict(self, exit_code, *more, **timing):
        result = self.rehearse("--json", *more, **timing)
        self.assert_exit(result, exit_code)
        return json.loads(result.stdout)

    def assert_nothing_left(self):
        left = [str(path) for path in (self.folder / "cache").rglob("*") if path.is_file() and path.stat().st_size]
        self.assertEqual(left, [])
        self.assertEqual([path.name for path in (self.folder / "cache/smflow/jobs").iterdir() if path.is_dir()], [])
        self.assertFalse((self.folder / "results").exists())


class Verdicts(Rehearse):
    def test_a_program_that_saves_and_resumes_is_identical(self):
        self.program(steps=40)
        verdict = self.verdict(0, times="2")
        self.assertEqual(verdict["schema"], "smflow.rehearsal/1")
        self.assertEqual(verdict["verdict"], "identical")
        self.assertEqual(verdict["notes"], [])
        self.assertEqual(verdict["steps"], 40)
        self.assertEqual(len(verdict["interruptions"]), 2)
        for interruption in verdict["interruptions"]:
            self.assertEqual(interruption["resumed_at"], interruption["step"])
            self.assertEqual(interruption["lost_steps"], 0)
            self.assertEqual(interruption["hosts"], [{"name": "algo-1", "exit_code": 143}])
            self.assertTrue(interruption["within_grace"])
            self.assertEqual(interruption["checkpoint_files"], 1)
        self.assertEqual(verdict["model"], {"equal": True, "files": 1, "differences": []})
        self.assertEqual((verdict["curve"]["points"], verdict["curve"]["first_difference"]), (40, None))
        self.assert_nothing_left()

    def test_the_text_says_the_same(self):
        self.program()
        result = self.rehearse()
        self.assert_exit(result, 0)
        self.assertRegex(result.stdout, r"^IDENTICAL  resumed after every interruption")
        self.assertRegex(result.stdout, r"interruption 1   after [\d.]+ s at step \d+ \(epoch 1\); ended within [\d.]+ s, "
                                        r"exit code 143\n +resumed at step \d+; no work lost\n")
        self.assertIn("model            the same, 1 file byte for byte\n", result.stdout)
        self.assertIn("curve            the same, in 25 values of loss\n", result.stdout)
        self.assertRegex(result.stderr, r"reference +nobody interrupts it\nreference +Completed at step 25\n"
                                        r"start 1 +SIGTERM comes after \d\.0 s\nstart 1 +interrupted at step \d+\n"
                                        r"start 2 +nobody interrupts it\nstart 2 +Completed at step 25\n")

    def test_a_program_that_ignores_its_checkpoint_is_not_resumed(self):
        self.program(begin="")
        verdict = self.verdict(10)
        self.assertEqual(verdict["verdict"], "restarted")
        (interruption,) = verdict["interruptions"]
        self.assertEqual(interruption["went_on_from"], "start")
        self.assertEqual(interruption["lost_steps"], interruption["step"])
        self.assertIn("began again from the start", verdict["headline"])
        self.assert_nothing_left()

    def test_a_program_without_checkpoints_is_told_where_to_save(self):
        self.program(begin="", each="tell", trap="")
        result = self.rehearse()
        self.assert_exit(result, 10)
        self.assertIn("NOT RESUMED  after interruption 1 the program began again from the start", result.stdout)
        self.assertIn("there was nothing in '/opt/ml/checkpoints': save checkpoints there", result.stdout)

    def test_a_program_that_ignores_sigterm_is_killed_and_loses_work(self):
        self.program(steps=40, each=f"[ $((step % 10)) = 1 ] && {SAVE}; tell", trap="trap '' TERM")
        verdict = self.verdict(0, "--set", "LOCAL.STOP_GRACE=1")
        (interruption,) = verdict["interruptions"]
        self.assertEqual(interruption["hosts"], [{"name": "algo-1", "exit_code": 137}])
        self.assertFalse(interruption["within_grace"])
        self.assertEqual(interruption["resumed_at"] % 10, 1)
        # The kill may come between saving a step and telling of it.
        self.assertEqual(interruption["lost_steps"], max(0, interruption["step"] - interruption["resumed_at"]))
        self.assertLess(interruption["lost_steps"], 10)
        self.assertIn("did not end within 1.0 s of SIGTERM and was killed", verdict["notes"][0])

    def test_a_checkpoint_that_lacks_something_shows_in_model_and_curve(self):
        self.program(begin="[ -e $saved ] && read step ignored < $saved")
        verdict = self.verdict(0)
        self.assertEqual(verdict["verdict"], "resumed")
        self.assertEqual(verdict["model"]["differences"], [{"path": "weights", "kind": "content"}])
        self.assertEqual(verdict["curve"]["first_difference"]["step"], verdict["interruptions"][0]["step"] + 1)
        self.assertIn("the checkpoint does not hold everything", verdict["notes"][0])

    def test_a_job_that_is_over_before_was_not_rehearsed(self):
        self.program(steps=3)
        verdict = self.verdict(2, after="30s")
        self.assertEqual(verdict["verdict"], "not_rehearsed")
        self.assertIn("before the first interruption at 30 s", verdict["headline"])
        self.assertEqual(verdict["notes"], ["take a shorter --after, like --after 1s"])
        self.assertEqual(verdict["interruptions"], [])
        self.assert_nothing_left()

    def test_a_program_that_cannot_start_again_has_failed(self):
        self.program(begin="[ -e $saved ] && { echo 'damaged checkpoint' >&2; exit 3; }")
        verdict = self.verdict(10)
        self.assertEqual(verdict["verdict"], "failed")
        self.assertIn("the start after interruption 1 failed", verdict["headline"])
        self.assertIn("damaged checkpoint", verdict["headline"])
        self.assert_nothing_left()

    def test_a_program_that_tells_no_steps_is_not_proven(self):
        self.program()
        program = self.folder / "code/main.sh"
        program.write_text(program.read_text().replace("echo \"{", ": \"{"))
        verdict = self.verdict(10, after="1s")
        self.assertEqual(verdict["verdict"], "untold")
        self.assertIn("let it print lines like", verdict["notes"][0])

    def test_nothing_but_checkpoints_reaches_the_next_start(self):
        places = "$SM_MODEL_DIR/left $SM_OUTPUT_DATA_DIR/left /opt/ml/left /tmp/left"
        self.program(begin=f"{RESUME}\nfor left in {places}; do [ -e $left ] && exit 9; touch $left; done")
        self.assertEqual(self.verdict(0)["interruptions"][0]["lost_steps"], 0)


class Folder(Rehearse):
    def test_keep_leaves_what_all_starts_made(self):
        self.program()
        result = self.rehearse("--keep")
        self.assert_exit(result, 0)
        place = Path(re.search(r"kept in (\S+)", result.stderr)[1])
        self.assertEqual(place.parent, self.folder / "cache/smflow/jobs")
        for name in ("checkpoints/step", "reference/logs/algo-1.txt", "start-1/logs/algo-1.txt", "start-2/logs/algo-1.txt"):
            self.assertTrue((place / name).is_file(), name)
        self.assert_exit(self.rehearse(), 0)
        self.assertTrue(place.exists())

    def interrupted(self, number):
        self.program()
        process = self.start("rehearse", "spot", "--config", "sagemaker_config.yaml", "--after", "1s")
        for line in process.stderr:
            if line.startswith("start 1"):
                break
        process.send_signal(number)
        process.communicate(timeout=60)
        return process.returncode

    def test_ctrl_c_ends_it_and_leaves_nothing(self):
        begin = time.monotonic()
        self.assertEqual(self.interrupted(signal.SIGINT), 130)
        self.assertLess(time.monotonic() - begin, 60)  # far below the 120 s the program may take
        self.assert_nothing_left()

    def test_ctrl_c_ends_it_while_its_image_is_pulled(self):
        engine = self.serve(Engine(self.folder / "engine.sock"))
        self.environment["DOCKER_HOST"] = f"unix://{self.folder}/engine.sock"
        self.addCleanup(engine.block.set)
        engine.block.clear()
        self.program()
        for chosen in ("container", "auto"):
            engine.calls.clear()
            process = self.start("rehearse", "spot", "--config", "sagemaker_config.yaml", "--set", f"LOCAL.ENGINE={chosen}",
                                 "--set", "ECR.IMAGE_URI=127.0.0.1:1/gan:v1")
            while not engine.calls:
                self.assertIsNone(process.poll())
            begin = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130, err)
            self.assertLess(time.monotonic() - begin, 10)  # the pull takes 30 s
            self.assertNotIn("as a process", err)
            self.assert_nothing_left()

    def test_what_a_kill_leaves_is_removed_by_the_next_job(self):
        self.assertEqual(self.interrupted(signal.SIGKILL), -signal.SIGKILL)
        self.assertTrue(list((self.folder / "cache/smflow/jobs").glob("my-job-*-rehearsal")))
        self.assert_exit(self.rehearse(), 0)
        self.assert_nothing_left()


class Refusals(Rehearse):
    def test_a_job_for_sagemaker_says_how_to_run_it_here(self):
        result = self.rehearse("--set", "SAGEMAKER.INSTANCE_TYPE=ml.g5.xlarge", "--set", "ECR.IMAGE_NAME=gan", "--set",
                               "SAGEMAKER.ARN=arn:aws:iam::123456789012:role/train", "--set",
                               "S3.SAGEMAKER_RESULTS_BUCKET=my-bucket")
        self.assert_exit(result, 2)
        self.assertIn("E396", result.stderr)
        self.assertIn("--set SAGEMAKER.INSTANCE_TYPE=local", result.stderr)

    def test_a_time_that_is_none_is_a_usage_error(self):
        for after in ("0s", "soon", "5"):
            result = self.rehearse(after=after)
            self.assert_exit(result, 2)
            self.assertIn(f"--after: '{after}' is no time", result.stderr)
        self.assert_exit(self.rehearse(times="0"), 2)


if __name__ == "__main__":
    unittest.main()
