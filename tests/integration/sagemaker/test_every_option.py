"""Every option of the SageMaker config that a job on SageMaker has, as `aws sagemaker describe-training-job` says it."""

import json
import subprocess

from sagemaker_case import SageMakerCase
from sagemaker_options import DATA, OPTIONS, VPC, not_sent

# Of the options that say where the job's image and bucket are, those of SageMakerCase.
FIXED = {"SAGEMAKER.REGION": "eu-west-1", "SAGEMAKER.ARN": "arn:aws:iam::123456789012:role/train",
         "S3.SAGEMAKER_RESULTS_BUCKET": "results", "TRAINING.CONFIG_FILE": "training_config.yaml"}
CHOSEN = {
    **FIXED,
    **DATA,
    **VPC,
    "SAGEMAKER.INSTANCE_TYPE": "ml.p4d.24xlarge",
    "SAGEMAKER.INSTANCE_COUNT": 2,
    "SAGEMAKER.JOB_NAME": "every-option",
    "SAGEMAKER.MAX_RUN_TIME": 3601,
    "SAGEMAKER.VOLUME_SIZE_GB": 77,
    "SAGEMAKER.KEEP_ALIVE_PERIOD": 600,
    "SAGEMAKER.MAX_RETRY_ATTEMPTS": 3,
    "SAGEMAKER.ENCRYPT_INTER_CONTAINER_TRAFFIC": True,
    "SAGEMAKER.REMOTE_DEBUG": True,
    "SAGEMAKER.OUTPUT_KMS_KEY": "alias/output",
    "SAGEMAKER.TAGS": {"team": "vision", "größe": "grün"},
    "SAGEMAKER.METRIC_DEFINITIONS": {"loss": "loss: ([0-9.e+-]+)"},
    "ECR.IMAGE_NAME": "team/gan",
    "ECR.TAG": "v1",
    "ECR.ACCOUNT": "000000000001",
    "S3.EXPERIMENT_NAME": "exp/one",
    "S3.CONFIG_FOLDER": "c",
    "S3.CHECKPOINT_DIR": "d",
    "S3.OUTPUT_DIR": "o",
    "S3.COMPRESS_OUTPUT": False,
    "S3.INPUT_MODE": "FastFile",
    "S3.DATA_DISTRIBUTION": "ShardedByS3Key",
    "CONTAINER.OUTPUT_DIR": "/opt/ml/saved",
    "CONTAINER.PROGRAM": "train.sh",
    "CONTAINER.ENVIRONMENT": {"NOTE": "grün"},
}
# What excludes something of the above.
OTHERWISE = {
    **FIXED,
    "SAGEMAKER.INSTANCE_TYPE": "ml.m5.xlarge",
    "SAGEMAKER.INSTANCE_COUNT": 1,
    "SAGEMAKER.SPOT_INSTANCE": True,
    "SAGEMAKER.MAX_RUN_TIME": 3600,
    "SAGEMAKER.MAX_WAIT_TIME": 7200,
    "SAGEMAKER.NETWORK_ISOLATION": True,
    "SAGEMAKER.VOLUME_KMS_KEY": "alias/volume",
    "ECR.IMAGE_URI": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/gan@sha256:" + "0" * 64,
}


class EveryOption(SageMakerCase):
    def described(self, options):
        """The job of a config of these options, with its tags."""
        config = {"LOCAL": {"CODE": "code"}}
        for path, value in options.items():
            section, name = path.split(".")
            config.setdefault(section, {})[name] = value
        self.write("every_option.yaml", json.dumps(config, ensure_ascii=False))
        submitted = self.smflow("run", "--config", "every_option.yaml", "--detach", "--no-check", "--json")
        self.assert_exit(submitted, 0)
        name = json.loads(submitted.stdout.splitlines()[-1])["job_name"]
        job = json.loads(subprocess.run(
            ["/usr/bin/aws", "sagemaker", "describe-training-job", "--training-job-name", name, "--endpoint-url", self.url],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=True).stdout)
        # Debian's awscli is older than RemoteDebugConfig and the output's CompressionType, and leaves them out.
        newer = self.sagemaker.describe_training_job(TrainingJobName=name)
        tags = self.sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
        return {**job, "RemoteDebugConfig": newer.get("RemoteDebugConfig", {}),
                "OutputDataConfig": newer["OutputDataConfig"], "Tags": tags}

    def test_is_in_the_description_of_the_job(self):
        sent = {path for path, option in OPTIONS.items() if option.shown is not not_sent}
        self.assertEqual(sent, set(CHOSEN) | set(OTHERWISE), "an option that this test does not try")
        for options in (CHOSEN, OTHERWISE):
            job = self.described(options)
            for path, value in options.items():
                with self.subTest(path):
                    self.assertTrue(OPTIONS[path].shown(job, value), f"{path}={value} is not in {job}")
