"""The training program on two hosts of one job, which train one model together over the job's own network."""

import os
import re
import tarfile
import time
import unittest
from pathlib import Path

from pictures import write_pictures
from smflow_case import SmflowCase

CODE = Path(os.environ["SMFLOW_GAN_TRAINING"]).parent
TRAINING = """\
DATALOADER: {NUM_WORKERS: 1, BATCH_SIZE: 4, IMAGE_SIZE: 32}
GENERATOR: {FEATURE_SIZE: 8}
DISCRIMINATOR: {FEATURE_SIZE: 8}
TRAINING: {NUM_EPOCHS: %d, NUM_GPU: 0, LOG_EVERY: 1}
"""
CONFIG = """\
SAGEMAKER: {INSTANCE_TYPE: local, JOB_NAME: two, INSTANCE_COUNT: 2}
LOCAL: {ENGINE: process, CODE: %s, STOP_GRACE: 60}
S3: {TRAINING_DATA: file://data, SAGEMAKER_RESULTS_BUCKET: file://results}
TRAINING: {CONFIG_FILE: training_config.yaml}
CONTAINER: {ENVIRONMENT: {OMP_NUM_THREADS: '1'}}
"""


class HostsTogether(SmflowCase):
    def setUp(self):
        super().setUp()
        # 34 pictures: one host has 17, and neither has half a batch too many.
        write_pictures(self.folder / "data", 34)
        self.write("sagemaker_config.yaml", CONFIG % CODE)
        self.epochs(2)

    def epochs(self, count):
        self.write("training_config.yaml", TRAINING % count)

    def run_job(self, *more):
        result = self.smflow("run", "--config", "sagemaker_config.yaml", *more)
        if "E109" in result.stderr:
            self.skipTest("this machine refuses the namespaces that several hosts need")
        return result

    def digests(self, text):
        return dict(re.findall(r"(algo-\d) │ weights of this host: sha256 (\w{64})", text))

    def start_and_wait_for_a_step(self):
        self.epochs(10000)
        job = self.start("run", "--config", "sagemaker_config.yaml")
        for line in job.stdout:
            if "Loss_D" in line:
                return job
        self.fail(job.stderr.read())

    def test_end_with_equal_weights_and_one_model(self):
        result = self.run_job()
        self.assert_exit(result, 0)
        digests = self.digests(result.stdout)
        self.assertEqual(set(digests), {"algo-1", "algo-2"}, result.stdout)
        self.assertEqual(digests["algo-1"], digests["algo-2"])
        self.assertIn("17 pictures, 4 batches an epoch", result.stdout)
        self.assertEqual(result.stdout.count("Loss_D"), 8, "the leading host logs, and it only")
        (model,) = self.folder.glob("results/experiment/outputs/*/output/model.tar.gz")
        with tarfile.open(model) as archive:
            self.assertIn("generator.safetensors", {name.removeprefix("./") for name in archive.getnames()})
        again = self.run_job()
        self.assertEqual(self.digests(again.stdout), digests, "the same seed gives the same weights")

    def test_train_on_more_than_one_alone(self):
        both = self.run_job()
        alone = self.run_job("--set", "SAGEMAKER.INSTANCE_COUNT=1")
        self.assert_exit(alone, 0)
        self.assertIn("34 pictures, 8 batches an epoch", alone.stdout)
        losses = [re.findall(r"Loss_D: (\S+)", result.stdout) for result in (both, alone)]
        self.assertNotEqual(losses[0], losses[1][:8])

    def test_a_host_that_dies_ends_the_job_with_its_name(self):
        job = self.start_and_wait_for_a_step()
        killed = self.smflow("attach", "--host", "algo-2", "--exec", "sh", "-c", "kill -9 $(pidof main)")
        self.assert_exit(killed, 0)
        out, err = job.communicate(timeout=60)
        self.assertEqual(job.returncode, 10, err)
        self.assertRegex(err, r"reason +AlgorithmError: algo-2: .*SIGKILL", err)
        self.assertIn("the hosts of the job have lost each other", out)

    def test_a_stop_ends_all_after_the_same_step_and_the_job_can_go_on(self):
        job = self.start_and_wait_for_a_step()
        time.sleep(1)
        job.send_signal(2)
        out, err = job.communicate(timeout=60)
        self.assertEqual(job.returncode, 130, err)
        digests = self.digests(out)
        self.assertEqual(len(digests), 2, out)
        self.assertEqual(len(set(digests.values())), 1, out)
        (record,) = self.folder.glob("results/experiment/checkpoints/*")
        (name,) = [path.name for path in record.iterdir() if path.name.startswith("checkpoint-")][-1:]
        step = int(re.search(r"\d+", name).group())
        self.epochs(step // 4 + 2)
        result = self.run_job("--resume-from", record.name)
        self.assert_exit(result, 0)
        self.assertIn("continuing from", result.stdout)
        self.assertEqual(len(set(self.digests(result.stdout).values())), 1)


if __name__ == "__main__":
    unittest.main()
