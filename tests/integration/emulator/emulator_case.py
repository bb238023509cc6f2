"""A test case with an emulator of its own, and a boto3 whose every answer is checked against botocore's models."""

import json
import os
import signal

import boto3
from botocore.config import Config

from secret_scan import leaks, signatures_in
from smflow_case import SmflowCase

GROUP = "/aws/sagemaker/TrainingJobs"
KEYS = {"aws_access_key_id": "ASIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "aws_session_token": "IQoJb3JpZ2luX2VjEXAMPLE" * 10}


def check_shape(shape, value, path=""):
    """What is wrong with a raw answer: unknown members, missing required ones, other types."""
    if shape.type_name == "structure":
        assert isinstance(value, dict), f"{path} is no object: {value!r}"
        for name in value:
            assert name in shape.members, f"{path}.{name} is not in the model"
            check_shape(shape.members[name], value[name], f"{path}.{name}")
        for name in shape.required_members:
            assert name in value, f"{path}.{name} is missing"
    elif shape.type_name == "list":
        assert isinstance(value, list), f"{path} is no list: {value!r}"
        for index, one in enumerate(value):
            check_shape(shape.member, one, f"{path}[{index}]")
    elif shape.type_name == "map":
        assert isinstance(value, dict), f"{path} is no map: {value!r}"
    elif shape.type_name == "string":
        assert isinstance(value, str), f"{path} is no text: {value!r}"
        assert not shape.enum or value in shape.enum, f"{path} is {value!r}, not one of {shape.enum}"
    elif shape.type_name == "boolean":
        assert isinstance(value, bool), f"{path} is no boolean: {value!r}"
    else:
        assert isinstance(value, (int, float)) and not isinstance(value, bool), f"{path} is no number: {value!r}"


class EmulatorCase(SmflowCase):
    def setUp(self):
        super().setUp()
        self.printed, self.signatures = [], set()
        self.environment.update({name.upper(): value for name, value in KEYS.items()})
        self.addCleanup(self.assert_no_secret_is_left)
        self.start_emulator("#!/bin/sh\necho hello\n")

    def start_emulator(self, program, *arguments):
        self.write("code/main.sh", program, 0o755)
        self.stopped = False
        self.emulator = self.start("emulator", "--port", "0", "--json", "--code", "code", "--s3-root", "s3", *arguments)
        line = self.emulator.stdout.readline()
        self.assertTrue(line, "the emulator did not start")
        self.url = json.loads(line)["endpoint"]
        self.addCleanup(self.stop_emulator)
        self.checked = 0
        self.sagemaker, self.logs = self.client("sagemaker"), self.client("logs")

    def stop_emulator(self):
        if not self.stopped:
            self.stopped = True
            self.emulator.send_signal(signal.SIGTERM)
            self.printed += self.emulator.communicate(timeout=60)
        return self.emulator.returncode

    def assert_no_secret_is_left(self):
        secrets = {**KEYS, **{f"signature {number}": one for number, one in enumerate(self.signatures)}}
        found = leaks(secrets, [self.folder], [("the emulator's output", text) for text in self.printed])
        self.assertEqual(found, [])

    def program(self, text):
        self.write("code/main.sh", "#!/bin/sh\n" + text, 0o755)

    def client(self, service):
        client = boto3.client(service, endpoint_url=self.url, region_name="eu-west-1", **KEYS,
                              config=Config(retries={"max_attempts": 1}))
        operations = client.meta.service_model

        def check(http_response, operation_name=None, model=None, **_):
            model = operations.operation_model(model.name if model else operation_name)
            # The body of other protocols may be a stream, which reading would use up.
            json_protocol = operations.metadata["protocol"] == "json"
            if json_protocol and http_response.status_code == 200 and model.output_shape:
                check_shape(model.output_shape, json.loads(http_response.content), model.name)
                self.checked += 1

        def note(request, **_):
            self.signatures |= signatures_in(request.headers["Authorization"])

        client.meta.events.register(f"before-send.{service}", note)
        client.meta.events.register(f"after-call.{service}", check)
        return client

    def create(self, name, **more):
        request = {
            "TrainingJobName": name,
            "RoleArn": "arn:aws:iam::111122223333:role/train",
            "AlgorithmSpecification": {"TrainingImage": "demo:1", "TrainingInputMode": "File"},
            "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
            "ResourceConfig": {"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
            "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        }
        request.update(more)
        return self.sagemaker.create_training_job(**request)

    def wait(self, name):
        waiter = self.sagemaker.get_waiter("training_job_completed_or_stopped")
        waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 100})
        return self.sagemaker.describe_training_job(TrainingJobName=name)

    def streams(self, name):
        found = self.logs.describe_log_streams(logGroupName=GROUP, logStreamNamePrefix=name + "/")
        return [stream["logStreamName"] for stream in found["logStreams"]]

    def environment_of_clients(self):
        keys = {name.upper(): value for name, value in KEYS.items()}
        return {**os.environ, **keys, "AWS_DEFAULT_REGION": "eu-west-1", "AWS_PAGER": "", "HOME": str(self.folder),
                "PYTHONPATH": ""}
