"""The calls of a submission by boto3, as a launcher in Python makes them: peer_submit.py SAGEMAKER_CONFIG"""

import json
import secrets
import sys
import time
from pathlib import Path

import boto3
import yaml
from botocore.exceptions import ClientError


def image_digest(name):
    """None of an image that is not there."""
    try:
        found = boto3.client("ecr").describe_images(repositoryName=name, imageIds=[{"imageTag": "latest"}])
    except ClientError:
        return None
    return found["imageDetails"][0]["imageDigest"]


def main():
    path = Path(sys.argv[1])
    config = yaml.safe_load(path.read_text())
    training = (path.parent / config["TRAINING"]["CONFIG_FILE"]).read_bytes()
    bucket, experiment = config["S3"]["SAGEMAKER_RESULTS_BUCKET"], config["S3"]["EXPERIMENT_NAME"]
    name = f"{config['SAGEMAKER']['JOB_NAME']}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
    account = boto3.client("sts").get_caller_identity()["Account"]
    record = f"{experiment}/configs/{name}"
    sagemaker = boto3.client("sagemaker")
    request = dict(
        TrainingJobName=name,
        RoleArn=config["SAGEMAKER"]["ARN"],
        AlgorithmSpecification={
            "TrainingImage": f"{account}.dkr.ecr.{sagemaker.meta.region_name}.amazonaws.com/{config['ECR']['IMAGE_NAME']}:1",
            "TrainingInputMode": "File"},
        InputDataConfig=[{"ChannelName": "config", "DataSource": {"S3DataSource": {
            "S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{record}/config/train"}}}],
        OutputDataConfig={"S3OutputPath": f"s3://{bucket}/{experiment}/outputs"},
        ResourceConfig={"InstanceType": config["SAGEMAKER"]["INSTANCE_TYPE"], "InstanceCount": 1, "VolumeSizeInGB": 30},
        StoppingCondition={"MaxRuntimeInSeconds": 86400})
    about = json.dumps({"name": name, "config": config, "image_digest": image_digest(config["ECR"]["IMAGE_NAME"])})
    files = {"config/sagemaker_config.yaml": path.read_bytes(), "config/training_config.yaml": training,
             "config/train/training_config.yaml": training, "effective.json": json.dumps(config),
             "request.json": json.dumps(request), "record.json": about}
    s3 = boto3.client("s3")
    for key, content in files.items():
        s3.put_object(Bucket=bucket, Key=f"{record}/{key}", Body=content)
    s3.put_object(Bucket=bucket, Key=f"smflow/v1/started/{time.strftime('%Y-%m')}/{name}.json", Body=about)
    created = sagemaker.create_training_job(**request)
    s3.put_object(Bucket=bucket, Key=f"{record}/submitted.json", Body=json.dumps({"name": name}))
    print(created["TrainingJobArn"])


if __name__ == "__main__":
    main()
