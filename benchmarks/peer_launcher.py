"""What a launcher on the SageMaker Python SDK does before it can do anything: import boto3 and PyYAML, read the config
and make a client. The SDK itself is not packaged by Debian; it imports these and much more, so this is its floor."""

import sys

import boto3
import yaml

with open(sys.argv[1], encoding="utf-8") as file:
    config = yaml.safe_load(file)
boto3.client("sagemaker", region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
print(config["SAGEMAKER"]["JOB_NAME"])
