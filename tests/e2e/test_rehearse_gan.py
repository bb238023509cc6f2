"""smflow rehearse spot around the training program: the same training to the last bit, with and without interruptions."""

import json
import unittest
from pathlib import Path

from pictures import write_pictures
from smflow_case import SMFLOW
from test_rehearse import Rehearse

PROGRAM = Path(SMFLOW).parent.parent / "sagemaker_container"
TRAINING = """\
DATALOADER: {NUM_WORKERS: 1, BATCH_SIZE: 4, IMAGE_SIZE: 32}
GENERATOR: {FEATURE_SIZE: 8}
DISCRIMINATOR: {FEATURE_SIZE: 8}
TRAINING: {NUM_EPOCHS: 80, NUM_GPU: 0, LOG_EVERY: 7, CHECKPOINT_EVERY: 50}
"""


@unittest.skipUnless((PROGRAM / "main").exists(), "needs the training program, which needs libtorch")
class Gan(Rehearse):
    def test_it_is_the_same_training(self):
        write_pictures(self.folder / "data", 40)
        self.write("training_config.yaml", TRAINING)
        verdict = self.verdict(0, "--set", f"LOCAL.CODE={PROGRAM}", "--set", "S3.TRAINING_DATA=file://data", "--set",
                               'CONTAINER.ENVIRONMENT={OMP_NUM_THREADS: "1"}')
        self.assertEqual(verdict["verdict"], "identical", json.dumps(verdict, indent=1))
        self.assertEqual(verdict["notes"], [])
        self.assertEqual(verdict["steps"], 800)
        (interruption,) = verdict["interruptions"]
        self.assertEqual(interruption["resumed_at"], interruption["step"])
        self.assertEqual((interruption["lost_steps"], interruption["lost_is_exact"]), (0, True))
        self.assertIsNone(verdict["curve"]["first_difference"])


if __name__ == "__main__":
    unittest.main()
