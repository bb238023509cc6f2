#!/usr/bin/env python3
"""From the start of the process to a job that is accepted, against moto: smflow run --detach, and boto3 making the same
calls (GetCallerIdentity, DescribeImages, eight PutObject, CreateTrainingJob). Needs tools/moto.sh."""

import argparse
import os
import sys

from paired import checked, interleave, machine, table, usage_rows
from programs import PYTHON, SOURCE, job_folder, program

os.environ.setdefault("SMFLOW_MOTO", str(SOURCE / "build/moto"))
sys.path[:0] = [str(SOURCE / "tests/support"), os.environ["SMFLOW_MOTO"]]

import boto3  # noqa: E402
from moto_server import MotoServer  # noqa: E402

CONFIG = """\
SAGEMAKER:
  ARN: arn:aws:iam::123456789012:role/train
  INSTANCE_TYPE: ml.c5.xlarge
  JOB_NAME: bench
ECR:
  IMAGE_NAME: gan_training
S3:
  SAGEMAKER_RESULTS_BUCKET: results
  EXPERIMENT_NAME: exp
LOCAL:
  CODE: code
TRAINING:
  CONFIG_FILE: training_config.yaml
"""


def jobs(moto):
    sagemaker = boto3.client("sagemaker", endpoint_url=moto.url, **moto.keys)
    pages = sagemaker.get_paginator("list_training_jobs").paginate()
    return sum(len(page["TrainingJobSummaries"]) for page in pages)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with MotoServer() as moto, job_folder("exit 0\n") as folder:
        (folder / "sagemaker_config.yaml").write_text(CONFIG)
        boto3.client("s3", endpoint_url=moto.url, **moto.keys).create_bucket(
            Bucket="results", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        # Both with moto's botocore: Debian 12's does not know AWS_ENDPOINT_URL.
        env = {**kept, **moto.environment(), "PYTHONPATH": os.environ["SMFLOW_MOTO"]}
        ours = [program("smflow"), "run", "--config", "sagemaker_config.yaml", "--detach", "--no-check"]
        peer = [PYTHON, str(SOURCE / "benchmarks/peer_submit.py"), "sagemaker_config.yaml"]
        measured = interleave(lambda: checked(ours, cwd=folder, env=env), lambda: checked(peer, cwd=folder, env=env), rounds)
        if jobs(moto) != 2 * (rounds + 1):
            raise SystemExit("error: not every submission has made a job")
        rows = usage_rows("submit", measured, "boto3", cpu_bar=">= 10", wall_bar=">= 10")
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
