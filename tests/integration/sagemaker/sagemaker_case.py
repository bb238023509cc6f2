"""A job on SageMaker as a user runs it: S3, STS, IAM and ECR by moto, jobs and logs by the emulator."""

import json
import signal

import boto3

from moto_server import MotoServer
from smflow_case import SmflowCase

CONFIG = """\
SAGEMAKER:
  ARN: arn:aws:iam::123456789012:role/train
  INSTANCE_TYPE: ml.c5.xlarge
  JOB_NAME: gan
  TAGS: {team: vision}
ECR:
  IMAGE_NAME: gan_training
  TAG: build_0_1
S3:
  TRAINING_DATA: s3://results/data
  SAGEMAKER_RESULTS_BUCKET: results
  EXPERIMENT_NAME: exp
CONTAINER:
  ENVIRONMENT: {NOTE: of the config}
LOCAL:
  CODE: code
TRAINING:
  CONFIG_FILE: training_config.yaml
"""
PROGRAM = """\
#!/bin/sh
set -e
echo "trains with $(cat "$SM_CHANNEL_TRAINDATA/a.txt") and $NOTE"
cp "$SM_CHANNEL_CONFIG/training_config.yaml" "$SM_MODEL_DIR/config_seen"
mkdir -p "$SM_OUTPUT_DATA_DIR/metrics"
echo '{"loss": 0.5}' > "$SM_OUTPUT_DATA_DIR/metrics/metrics.jsonl"
"""


class SageMakerCase(SmflowCase):
    def setUp(self):
        super().setUp()
        moto = MotoServer()
        self.moto = moto.__enter__()
        self.addCleanup(moto.__exit__)
        self.environment.update(moto.environment())
        self.s3 = boto3.client("s3", endpoint_url=moto.url, **moto.keys)
        self.s3.create_bucket(Bucket="results", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_object(Bucket="results", Key="data/a.txt", Body=b"one")
        self.make_role_and_image()
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)
        self.program(PROGRAM)
        self.start_emulator()

    def make_role_and_image(self):
        trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
                                                         "Principal": {"Service": "sagemaker.amazonaws.com"}}]}
        boto3.client("iam", endpoint_url=self.moto.url, **self.moto.keys).create_role(
            RoleName="train", AssumeRolePolicyDocument=json.dumps(trust))
        ecr = boto3.client("ecr", endpoint_url=self.moto.url, **self.moto.keys)
        ecr.create_repository(repositoryName="gan_training")
        manifest = {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                    "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": 7,
                               "digest": "sha256:" + "0" * 64}, "layers": []}
        ecr.put_image(repositoryName="gan_training", imageTag="build_0_1", imageManifest=json.dumps(manifest))

    def program(self, text):
        self.write("code/main.sh", text, 0o755)

    def start_emulator(self):
        self.emulator = self.start("emulator", "--port", "0", "--json", "--code", "code", "--aws-endpoint", self.moto.url)
        line = self.emulator.stdout.readline()
        self.assertTrue(line, "the emulator did not start")
        self.addCleanup(self.stop_emulator)
        self.url = json.loads(line)["endpoint"]
        self.environment["AWS_ENDPOINT_URL"] = self.url
        self.sagemaker = boto3.client("sagemaker", endpoint_url=self.url, **self.moto.keys)

    def stop_emulator(self):
        self.emulator.send_signal(signal.SIGTERM)
        self.emulator.communicate(timeout=60)

    def run_job(self, *arguments):
        return self.smflow("run", "--config", "sagemaker_config.yaml", *arguments)

    def keys(self):
        return [o["Key"] for o in self.s3.list_objects_v2(Bucket="results").get("Contents", [])]

    def get(self, key):
        return self.s3.get_object(Bucket="results", Key=key)["Body"].read()

    def job_name(self):
        """Of the newest job."""
        return self.sagemaker.list_training_jobs(SortOrder="Descending")["TrainingJobSummaries"][0]["TrainingJobName"]
