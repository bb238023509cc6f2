"""What a person and a launcher see of a training: its log, its results, its end when something is wrong."""

import json
import math
import re
import signal
import struct
import unittest

import safetensors_reader
from gan_case import PROGRAM, GanCase

# The metric definitions of the job; the first group is the value.
NUMBER = r"([-+]?[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]+)?)"
DEFINITIONS = {
    "discriminator/loss": "Loss_D: " + NUMBER,
    "generator/loss": "Loss_G: " + NUMBER,
    "d/real": r"D\(x\): " + NUMBER,
    "d/fake_before": r"D\(G\(z\)\)_before: " + NUMBER,
    "d/fake_after": r"D\(G\(z\)\)_after: " + NUMBER,
}


def losses(log):
    return [line.split(" | ")[0] for line in log.splitlines()]


class Log(GanCase):
    def assert_definitions_find_what_was_measured(self, log, out):
        measured = [line["m"] for line in self.metrics(out) if "m" in line]
        self.assertEqual(len(log.splitlines()), len(measured))
        for line, values in zip(log.splitlines(), measured):
            for name, definition in DEFINITIONS.items():
                found = float(re.search(definition, line).group(1))
                self.assertAlmostEqual(found, values[name], delta=max(5.1e-5 * (abs(found) > 9e-4), abs(found) * 1e-3))

    def test_metric_definitions_find_all_five_values(self):
        result = self.train("out", "TRAINING.NUM_EPOCHS=1")
        self.assertRegex(result.stdout.splitlines()[0], r"^\[1/1\]\[1/10\] Loss_D: .* \| [0-9]+ images/s$")
        self.assert_definitions_find_what_was_measured(result.stdout, "out")

    def test_small_values_are_found_in_scientific_notation(self):
        result = self.train("out", "TRAINING.NUM_EPOCHS=3", "TRAINING.LEARNING_RATE=0.05")
        self.assertRegex(result.stdout, r"_(before|after): [0-9.]+e-[0-9]+")
        self.assert_definitions_find_what_was_measured(result.stdout, "out")

    def test_only_every_nth_step_and_the_last_of_an_epoch_is_logged(self):
        result = self.train("out", "TRAINING.NUM_EPOCHS=2", "TRAINING.LOG_EVERY=4")
        places = re.findall(r"^\[(\d)/2\]\[(\d+)/10\]", result.stdout, re.MULTILINE)
        self.assertEqual(places, [("1", "4"), ("1", "8"), ("1", "10"), ("2", "2"), ("2", "6"), ("2", "10")])


class Determinism(GanCase):
    """Nothing but the seed and the data decides what is learnt."""

    def test_the_number_of_workers_changes_nothing(self):
        logs = [losses(self.train(f"{n}", f"DATALOADER.NUM_WORKERS={n}").stdout) for n in (0, 4)]
        self.assertEqual(logs[0], logs[1])
        self.assert_same_training("0", "4")

    def test_the_picture_cache_changes_nothing(self):
        logs = [losses(self.train(f"{n}", "TRAINING.NUM_EPOCHS=2", f"DATALOADER.CACHE={n}").stdout)
                for n in ("false", "true", "true")]
        self.assertEqual(logs[0], logs[1])
        self.assertTrue(any((self.folder / "cache").rglob("*")))

    def test_another_seed_is_another_training(self):
        logs = [losses(self.train(f"{n}", "TRAINING.NUM_EPOCHS=1", f"TRAINING.SEED={n}").stdout) for n in (1, 2)]
        self.assertNotEqual(logs[0], logs[1])


class Results(GanCase):
    def test_every_result_is_where_it_belongs(self):
        self.train("out", "TRAINING.NUM_EPOCHS=2")
        out = self.folder / "out"
        files = sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())
        charts = [name for name in files if name.startswith("output/tensorboard/events.out.tfevents.")]
        self.assertEqual(len(charts), 1)
        self.assertEqual([name for name in files if name not in charts],
                         ["checkpoints/checkpoint-0000000010.safetensors",
                          "checkpoints/checkpoint-0000000020.safetensors",
                          "model/discriminator.pt", "model/discriminator.safetensors",
                          "model/generator.pt", "model/generator.safetensors", "model/model.json",
                          "output/metrics/metrics.jsonl",
                          "output/samples/epoch-0001.png", "output/samples/epoch-0002.png"])

    def test_the_description_says_how_the_model_was_made(self):
        self.train("out", "TRAINING.NUM_EPOCHS=1")
        description = json.loads((self.folder / "out/model/model.json").read_text())
        self.assertEqual(description["generator"],
                         {"image_size": 32, "channels": 3, "latent_size": 100, "feature_size": 8})
        self.assertEqual((description["step"], description["epoch"]), (10, 1))

    def test_metrics_tell_what_was_written_when(self):
        self.train("out", "TRAINING.NUM_EPOCHS=3", "TRAINING.SAMPLE_EVERY=2", "TRAINING.CHECKPOINT_EVERY=2")
        events = [(line["step"], line["event"], line["file"]) for line in self.metrics("out") if "event" in line]
        self.assertEqual(events, [(20, "sample", "samples/epoch-0002.png"),
                                  (20, "checkpoint", "checkpoint-0000000020.safetensors"),
                                  (30, "sample", "samples/epoch-0003.png"),
                                  (30, "checkpoint", "checkpoint-0000000030.safetensors")])

    def test_a_sagemaker_job_finds_its_folders_in_the_environment(self):
        self.environment.update({
            "SM_CHANNELS": '["config","traindata"]',
            "SM_CHANNEL_CONFIG": str(self.folder),
            "SM_CHANNEL_TRAINDATA": str(self.folder),
            "SM_MODEL_DIR": str(self.folder / "opt/model"),
            "SM_OUTPUT_DATA_DIR": str(self.folder / "opt/output/data"),
            "SM_HOSTS": '["algo-1"]',
            "SM_CURRENT_HOST": "algo-1",
        })
        (self.folder / "opt/model").mkdir(parents=True)
        self.command = lambda *_: [PROGRAM, "--train_cfg_filename", self.config.name, "--output_dir",
                                   str(self.folder / "opt/checkpoints"), "--set", "DATALOADER.DATA_DIR=data",
                                   "--set", "TRAINING.NUM_EPOCHS=1"]
        self.train("")
        for file in ("model/generator.pt", "output/data/metrics/metrics.jsonl",
                     "checkpoints/checkpoint-0000000010.safetensors"):
            self.assertTrue((self.folder / "opt" / file).is_file(), file)


class Ends(GanCase):
    def test_a_crash_leaves_the_stack_of_the_program(self):
        result = self.train_and_signal("out", "TRAINING.NUM_EPOCHS=40", number=signal.SIGSEGV)
        self.assertEqual(result.returncode, -signal.SIGSEGV, result.stderr)
        self.assertIn("smflow: crash:", result.stderr)
        self.assertRegex(result.stderr, r"#\d+ .*_ZN6smflow3gan", "with names")

    def test_both_stop_signals_save_and_leave(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                result = self.train_and_signal(f"out-{number}", number=number)
                self.assert_exit(result, 128 + number)
                step = len(result.stdout.splitlines())
                self.assertEqual(self.checkpoints(f"out-{number}")[-1].name, f"checkpoint-{step:010}.safetensors")

    def test_a_loss_that_explodes_ends_the_job(self):
        result = self.run_program("out", "TRAINING.NUM_EPOCHS=1000", "TRAINING.LEARNING_RATE=10")
        self.assert_exit(result, 1)
        self.assertRegex(result.stderr, r"error: Loss_[DG] explodes: above 90 for 100 steps, [0-9.]+ "
                                        r"at epoch \d+, batch \d+ \(step \d+\) \[E337\]")

    def test_a_loss_that_is_no_number_ends_the_job(self):
        self.train("out", "TRAINING.NUM_EPOCHS=1")
        (checkpoint,) = self.checkpoints("out")
        safetensors_reader.poison(checkpoint, "generator.net.0.weight", struct.pack("<f", math.nan))
        result = self.run_program("out")
        self.assert_exit(result, 1)
        self.assertIn("error: Loss_D is nan at epoch 2, batch 1 (step 11) [E336]", result.stderr)
        self.assertEqual(self.checkpoints("out"), [checkpoint])

    def test_bf16_trains_on_every_processor(self):
        result = self.train("out", "TRAINING.NUM_EPOCHS=1", "TRAINING.PRECISION=bf16")
        exact = self.train("exact", "TRAINING.NUM_EPOCHS=1")
        first = [float(re.search(DEFINITIONS["discriminator/loss"], log.stdout).group(1)) for log in (result, exact)]
        self.assertAlmostEqual(*first, delta=0.05)

    def test_a_missing_gpu_is_said(self):
        result = self.train("out", "TRAINING.NUM_EPOCHS=1", "TRAINING.NUM_GPU=1")
        self.assertIn("NUM_GPU 1 but no CUDA device: training on the CPU", result.stderr)
        self.assertNotIn("NUM_GPU", self.train("cpu", "TRAINING.NUM_EPOCHS=1").stderr)

    def test_an_unreadable_picture_is_named_and_replaced(self):
        (self.folder / "data/even/torn.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        result = self.train("out", "TRAINING.NUM_EPOCHS=1")
        self.assertRegex(result.stderr, r"unreadable picture 'even/torn\.png' .*; another one takes its place")

    def test_too_many_unreadable_pictures_end_the_job(self):
        for path in (self.folder / "data/even").iterdir():
            path.write_bytes(b"torn")
        result = self.run_program("out", "DATALOADER.MAX_UNREADABLE=5")
        self.assert_exit(result, 3)
        self.assertIn("[E305]", result.stderr)

    def test_a_misspelt_option_is_refused_before_anything_starts(self):
        result = self.run_program("out", "TRAINING.NUM_EPOCH=1")
        self.assert_exit(result, 3)
        self.assertIn("NUM_EPOCHS", result.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_results_that_cannot_be_written_fail_the_training(self):
        result = self.run_program("/dev/full")
        self.assert_exit(result, 1)
        self.assertIn("/dev/full", result.stderr)


if __name__ == "__main__":
    unittest.main()
