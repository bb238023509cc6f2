"""A run of the real training program, replicated from its record alone: equal to the last bit on one thread."""

import tarfile
import unittest

from pictures import write_pictures
from smflow_case import SmflowCase

SAGEMAKER = """\
SAGEMAKER: {INSTANCE_TYPE: local, JOB_NAME: gan}
LOCAL: {ENGINE: process}
CONTAINER: {ENVIRONMENT: {OMP_NUM_THREADS: "1"}}
S3: {TRAINING_DATA: "file://data", SAGEMAKER_RESULTS_BUCKET: "file://results", EXPERIMENT_NAME: team/gan}
TRAINING: {CONFIG_FILE: training_config.yaml}
"""
TRAINING = """\
DATALOADER: {NUM_WORKERS: 1, BATCH_SIZE: 4, IMAGE_SIZE: 32}
GENERATOR: {FEATURE_SIZE: 8}
DISCRIMINATOR: {FEATURE_SIZE: 8}
TRAINING: {NUM_EPOCHS: 2, NUM_GPU: 0, LOG_EVERY: 1, LEARNING_RATE: 0.002}
"""
PICTURES = 16


class Replicate(SmflowCase):
    def setUp(self):
        super().setUp()
        write_pictures(self.folder / "data", PICTURES)
        self.write("sagemaker_config.yaml", SAGEMAKER)
        self.write("training_config.yaml", TRAINING)
        self.environment["SMFLOW_BUCKET"] = f"file://{self.folder}/results"

    def newest(self):
        return self.json_of("runs", "list", "--json")["runs"][0]

    def metrics(self, name):
        """Without what differs between equal runs: the time and the speed."""
        series = self.json_of("runs", "metrics", name, "--json")["series"]
        return {one["name"]: [(point["step"], point["value"]) for point in one["points"]]
                for one in series if not one["name"].startswith("speed/")}

    def weights(self, name):
        (model,) = (self.folder / "results").rglob(f"{name}/output/model.tar.gz")
        with tarfile.open(model) as archive:
            return {member.name: archive.extractfile(member).read() for member in archive if member.isfile()}

    def pictures(self, run):
        return {path.name: path.read_bytes() for path in (self.folder / "results" / run["record"] / "samples").iterdir()}

    def test_weights_metrics_and_pictures_are_equal_bit_for_bit(self):
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml"), 0)
        first = self.newest()
        teammate = self.folder / "teammate"
        teammate.mkdir()
        for file in ("sagemaker_config.yaml", "training_config.yaml"):
            (self.folder / file).unlink()
        self.environment["XDG_CACHE_HOME"] = str(teammate / "cache")
        self.assert_exit(self.smflow("runs", "replicate", first["name"], cwd=teammate), 0)
        second = self.newest()
        self.assertEqual(second["parent"], first["name"])
        self.assertGreater(len(self.metrics(first["name"])), 2)
        self.assertEqual(self.metrics(second["name"]), self.metrics(first["name"]))
        self.assertGreater(len(self.pictures(first)), 0)
        self.assertTrue(self.pictures(second) == self.pictures(first), "the pictures differ")
        first_weights, second_weights = self.weights(first["name"]), self.weights(second["name"])
        self.assertEqual(sorted(second_weights), sorted(first_weights))
        self.assertEqual([name for name in first_weights if first_weights[name] != second_weights[name]], [])

    def test_another_seed_is_another_training(self):
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml"), 0)
        first = self.newest()
        self.assert_exit(self.smflow("runs", "replicate", first["name"], "--set-training", "TRAINING.SEED=7"), 0)
        self.assertNotEqual(self.metrics(self.newest()["name"]), self.metrics(first["name"]))


if __name__ == "__main__":
    unittest.main()
