"""A training that was interrupted ends as one that was not: bit for bit on one thread."""

import signal
import unittest

import safetensors_reader
from gan_case import GanCase


class Resume(GanCase):
    def setUp(self):
        super().setUp()
        self.train("whole")

    def without_checkpoints(self, out):
        return [line for line in self.metrics(out) if line.get("event") != "checkpoint"]

    def assert_in_the_middle_of_an_epoch(self, out):
        metadata = safetensors_reader.read(self.checkpoints(out)[-1])[1]
        self.assertNotEqual(metadata["batch"], "0")
        self.assertLess(int(metadata["step"]), 40)

    def test_more_epochs_continue_fewer(self):
        self.train("parts", "TRAINING.NUM_EPOCHS=2")
        result = self.train("parts")
        self.assertIn("epoch 3, batch 1", result.stderr)
        self.assert_same_training("whole", "parts")
        self.assertEqual(self.metrics("whole"), self.metrics("parts"))

    def test_a_stop_in_the_middle_of_an_epoch(self):
        stopped = self.train_and_signal("parts")
        self.assert_exit(stopped, 128 + signal.SIGTERM)
        self.assertIn("stopped by signal 15; the next start continues from here", stopped.stderr)
        self.assert_in_the_middle_of_an_epoch("parts")
        self.assertTrue((self.folder / "parts/model/generator.pt").exists())

        result = self.train("parts")
        self.assertIn("continuing from", result.stderr)
        self.assert_same_training("whole", "parts")
        self.assertEqual(self.without_checkpoints("whole"), self.without_checkpoints("parts"))

    def test_a_sudden_death_repeats_what_was_not_saved(self):
        self.assert_exit(self.train_and_signal("parts", number=signal.SIGKILL), -signal.SIGKILL)
        self.train("parts")
        self.assert_same_training("whole", "parts")
        self.assertEqual(self.metrics("whole"), self.metrics("parts"))

    def test_the_log_goes_on_where_it_stopped(self):
        stopped = self.train_and_signal("parts")
        result = self.train("parts")
        losses = [[line.split(" | ")[0] for line in log.splitlines()] for log in (stopped.stdout, result.stdout)]
        whole = [line["step"] for line in self.metrics("whole") if "m" in line]
        self.assertEqual(len(losses[0]) + len(losses[1]), len(whole))
        self.assertFalse(set(losses[0]) & set(losses[1]))

    def test_the_metrics_say_where_it_went_on(self):
        self.assertEqual([line for line in self.metric_lines("whole") if line.get("event") == "resume"], [])
        self.train_and_signal("parts")
        saved = int(safetensors_reader.read(self.checkpoints("parts")[-1])[1]["step"])
        self.train("parts")
        resumed = [line["step"] for line in self.metric_lines("parts") if line.get("event") == "resume"]
        self.assertEqual(resumed, [saved])

    def test_a_finished_training_has_nothing_left_to_do(self):
        before = {path.name: path.read_bytes() for path in (self.folder / "whole/model").iterdir()}
        result = self.train("whole")
        self.assertEqual(result.stdout, "")
        self.assertEqual({path.name: path.read_bytes() for path in (self.folder / "whole/model").iterdir()}, before)

    def test_two_checkpoints_are_kept(self):
        self.assertEqual([path.name for path in self.checkpoints("whole")],
                         ["checkpoint-0000000030.safetensors", "checkpoint-0000000040.safetensors"])


class DamagedCheckpoints(GanCase):
    """Each is named and passed over; the training ends as without it."""

    def setUp(self):
        super().setUp()
        self.train("whole")
        self.train("damaged", "TRAINING.NUM_EPOCHS=2")

    def assert_passed_over(self, path, why):
        result = self.train("damaged")
        self.assertIn(f"checkpoint '{path}' is passed over: ", result.stderr)
        self.assertIn(why, result.stderr)
        self.assert_same_training("whole", "damaged")
        return result.stderr

    def test_one_that_was_cut_short(self):
        older, newest = self.checkpoints("damaged")
        newest.write_bytes(newest.read_bytes()[:-100])
        self.assertIn(f"continuing from '{older}'", self.assert_passed_over(newest, "lies outside the file"))

    def test_one_with_a_flipped_bit(self):
        older, newest = self.checkpoints("damaged")
        content = bytearray(newest.read_bytes())
        content[-1000] ^= 1
        newest.write_bytes(content)
        self.assertIn(f"continuing from '{older}'", self.assert_passed_over(newest, "its checksum is wrong"))

    def test_garbage(self):
        older, newest = self.checkpoints("damaged")
        newest.write_bytes(b"no checkpoint at all")
        self.assertIn(f"continuing from '{older}'", self.assert_passed_over(newest, "not a valid safetensors file"))

    def test_all_of_them(self):
        older, newest = self.checkpoints("damaged")
        newest.write_bytes(b"")
        older.write_bytes(b"\xff" * 64)
        notes = self.assert_passed_over(older, "the header is longer than the file")
        self.assertIn(f"checkpoint '{newest}' is passed over", notes)
        self.assertNotIn("continuing", notes)


class OtherConfiguration(GanCase):
    def test_a_checkpoint_of_another_configuration_is_refused(self):
        self.train("out", "TRAINING.NUM_EPOCHS=1")
        result = self.run_program("out", "GENERATOR.FEATURE_SIZE=4")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("was made with another configuration [E335]", result.stderr)
        self.assertEqual(len(self.checkpoints("out")), 1)

    def test_what_does_not_change_the_training_may_change(self):
        self.train("out", "TRAINING.NUM_EPOCHS=1")
        self.assertIn("continuing", self.train("out", "DATALOADER.NUM_WORKERS=2", "TRAINING.LOG_EVERY=3").stderr)


if __name__ == "__main__":
    unittest.main()
