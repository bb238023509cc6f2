"""Every option of the SageMaker config: legal values to try besides the limits in the schema, values to refuse, and where
a value stands in the request of CreateTrainingJob."""

from dataclasses import dataclass, field
from typing import Callable


@dataclass
class Option:
    shown: Callable  # (request, value): is the value in the request as it should be?
    values: list = field(default_factory=list)
    refused: list = field(default_factory=list)
    beside: dict = field(default_factory=dict)  # options this one needs


def found(request, path):
    for name in path.split("."):
        if request is None:
            return None
        request = request[int(name)] if name.isdigit() else request.get(name)
    return request


def at(path, absent=None):
    """The value stands at a place of the request; the value `absent` is left out."""
    return lambda request, value: found(request, path) == (None if value == absent else value)


def ends(path, form="{}"):
    return lambda request, value: found(request, path).endswith(form.format(value))


def holds(path, form="{}"):
    return lambda request, value: form.format(value) in found(request, path)


def pairs(path, key, text):
    return lambda request, value: value.items() <= {one[key]: one[text] for one in found(request, path)}.items()


def not_sent(request, value):
    return request == not_sent.base


IMAGE = "AlgorithmSpecification.TrainingImage"
METRICS = "AlgorithmSpecification.MetricDefinitions"
DATA = {"S3.TRAINING_DATA": "s3://data/images/"}
SPOT = {"SAGEMAKER.SPOT_INSTANCE": True, "SAGEMAKER.MAX_RUN_TIME": 1}
VPC = {"SAGEMAKER.SUBNETS": ["subnet-1"], "SAGEMAKER.SECURITY_GROUP_IDS": ["sg-1"]}
REGISTRY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/"
ROLE = "arn:aws:iam::123456789012:role/"


def filled(start, size, letter="x"):
    return start + letter * (size - len(start))


def many(count, key=4, text=4):
    return {filled(f"k{i}", key): filled("v", text) for i in range(count)}


def network(path, most):
    return Option(at("VpcConfig." + path), [[f"a-{i}" for i in range(most)], ["Z" * 32]],
                  [[f"a-{i}" for i in range(most + 1)], ["Z" * 33], [""], []], VPC)


def key(path):
    return Option(at(path, absent=""), ["alias/my_key", filled(ROLE.replace("role/", "key/"), 2048)], ["k" * 2049, "a b"])


def folder(*shown):
    return Option(lambda request, value: all(one(request, value) for one in shown), ["a", "a.b/c_d-e/f", "x" * 200],
                  ["", "..", "a/../b", "/a", "a b", "x" * 1024])


OPTIONS = {
    "SAGEMAKER.ARN": Option(at("RoleArn"), ["arn:aws-us-gov:iam::123456789012:role/a/b_c+=,.@-", filled(ROLE, 2048)],
                            ["", ROLE, filled(ROLE, 2049), ROLE + "a b", ROLE + "a\n"]),
    "SAGEMAKER.INSTANCE_TYPE": Option(at("ResourceConfig.InstanceType"), ["ml.p4d.24xlarge", "ml.trn1n.32xlarge"],
                                      ["", "ml.g5", "ml.g5.xlarge\n"]),
    "SAGEMAKER.INSTANCE_COUNT": Option(at("ResourceConfig.InstanceCount")),
    "SAGEMAKER.SPOT_INSTANCE": Option(at("EnableManagedSpotTraining", absent=False)),
    "SAGEMAKER.JOB_NAME": Option(lambda request, value: request["TrainingJobName"].startswith(value[0]),
                                 ["a", "A" * 41, "a" + "_" * 40, "0-_-_a", "a-"], ["", "-a", "A" * 42, "a b", "a\n"]),
    "SAGEMAKER.MAX_WAIT_TIME": Option(at("StoppingCondition.MaxWaitTimeInSeconds"), beside=SPOT),
    "SAGEMAKER.MAX_RUN_TIME": Option(at("StoppingCondition.MaxRuntimeInSeconds")),
    "SAGEMAKER.REGION": Option(holds(IMAGE, ".ecr.{}."), ["us-east-1", "ap-southeast-3"], ["x"]),
    "SAGEMAKER.VOLUME_SIZE_GB": Option(at("ResourceConfig.VolumeSizeInGB")),
    "SAGEMAKER.KEEP_ALIVE_PERIOD": Option(at("ResourceConfig.KeepAlivePeriodInSeconds", absent=0), [1, 3600]),
    "SAGEMAKER.MAX_RETRY_ATTEMPTS": Option(at("RetryStrategy.MaximumRetryAttempts", absent=0), [1]),
    "SAGEMAKER.NETWORK_ISOLATION": Option(at("EnableNetworkIsolation", absent=False)),
    "SAGEMAKER.ENCRYPT_INTER_CONTAINER_TRAFFIC": Option(at("EnableInterContainerTrafficEncryption", absent=False)),
    "SAGEMAKER.REMOTE_DEBUG": Option(at("RemoteDebugConfig.EnableRemoteDebug", absent=False)),
    "SAGEMAKER.SUBNETS": network("Subnets", 16),
    "SAGEMAKER.SECURITY_GROUP_IDS": network("SecurityGroupIds", 5),
    "SAGEMAKER.VOLUME_KMS_KEY": key("ResourceConfig.VolumeKmsKeyId"),
    "SAGEMAKER.OUTPUT_KMS_KEY": key("OutputDataConfig.KmsKeyId"),
    "SAGEMAKER.TAGS": Option(
        pairs("Tags", "Key", "Value"), [{"a b_.:/=+-@": ""}, {"größe": "grün 木"}, many(47, 128, 256)],
        [many(48), many(1, 129), many(1, 4, 257), {"": "a"}, {"aws:a": "b"}, {"a": "b;"}, {"a\n": "b"}, {"a": "b\tc"}]),
    "SAGEMAKER.METRIC_DEFINITIONS": Option(
        pairs(METRICS, "Name", "Regex"), [{"a b": "loss: ([0-9.]+)"}, many(40, 255, 500), {"ö": "木=(.*)"}],
        [many(41), many(1, 256), many(1, 4, 501), {"": "a"}, {"a": ""}, {"a\n": "b"}, {"a": "b\nc"}]),
    "ECR.IMAGE_NAME": Option(holds(IMAGE, "/{}:"), ["a/b_c.d-e", "x" * (255 - len(REGISTRY + ":latest"))],
                             ["", "A", "a:b", "x" * (256 - len(REGISTRY + ":latest")), "a\n"]),
    "ECR.TAG": Option(ends(IMAGE, ":{}"), ["_", "A.b-c", "x" * 128], ["", ".a", "x" * 129, "a\n"]),
    "ECR.ACCOUNT": Option(lambda request, value: found(request, IMAGE).startswith(value), ["000000000001"], ["1", "a" * 12]),
    "ECR.IMAGE_URI": Option(at(IMAGE), [REGISTRY + "a@sha256:" + "0" * 64, filled(REGISTRY, 255)],
                            [filled(REGISTRY, 256), "a b", "a\n"]),
    "S3.TRAINING_DATA": Option(at("InputDataConfig.1.DataSource.S3DataSource.S3Uri"),
                               ["s3://b-1.c/", "s3://b/a b/ö木", filled("s3://b/", 1024)],
                               ["s3://", "s3:///a", "b/c", "file:///", filled("s3://b/", 1025), "s3://b/a\nb", "s3://b\n"]),
    "S3.SAGEMAKER_RESULTS_BUCKET": Option(holds("OutputDataConfig.S3OutputPath", "s3://{}/"), ["b-1.c", "x" * 63],
                                          ["", "b", "B" * 4, "x" * 64, "file://runs", "s3://b", "abc\n"]),
    "S3.EXPERIMENT_NAME": folder(holds("OutputDataConfig.S3OutputPath", "/{}/"), holds("CheckpointConfig.S3Uri", "/{}/")),
    "S3.CONFIG_FOLDER": folder(holds("InputDataConfig.0.DataSource.S3DataSource.S3Uri", "/{}/")),
    "S3.CHECKPOINT_DIR": folder(holds("CheckpointConfig.S3Uri", "/{}/")),
    "S3.OUTPUT_DIR": folder(ends("OutputDataConfig.S3OutputPath", "/{}")),
    "S3.INPUT_MODE": Option(at("InputDataConfig.1.InputMode"), beside=DATA),
    "S3.DATA_DISTRIBUTION": Option(at("InputDataConfig.1.DataSource.S3DataSource.S3DataDistributionType"), beside=DATA),
    "S3.COMPRESS_OUTPUT": Option(lambda request, value: found(request, "OutputDataConfig.CompressionType") ==
                                 (None if value else "NONE")),
    "CONTAINER.OUTPUT_DIR": Option(at("CheckpointConfig.LocalPath"), ["/opt/ml/a", filled("/opt/ml/", 2500)],
                                   ["", "/opt/ml/", "/tmp", filled("/opt/ml/", 2501), "/opt/ml/a\n"]),
    "CONTAINER.PROGRAM": Option(at("Environment.SAGEMAKER_PROGRAM"), ["main", "a b/ö.py", "x" * 512],
                                ["/a", "../a", "x" * 513]),
    "CONTAINER.ENVIRONMENT": Option(lambda request, value: value.items() <= found(request, "Environment").items(),
                                    [{"_a1": ""}, {"A": "a\nb=ö木"}, many(100, 512, 512)],
                                    [many(101), many(1, 513), many(1, 4, 513), {"": "a"}, {"1a": "b"}, {"a-b": "c"}]),
    "TRAINING.CONFIG_FILE": Option(at("HyperParameters.train_cfg_filename"), ["other ö.yaml", filled("x", 255)], ["none.yaml"]),
    "LOCAL.ENGINE": Option(not_sent),
    "LOCAL.CODE": Option(not_sent, ["elsewhere"]),
    "LOCAL.WORK_DIR": Option(not_sent, ["elsewhere"]),
    "LOCAL.SHAPE": Option(not_sent, ["ml.m5.xlarge"]),
    "LOCAL.AWS_CREDENTIALS": Option(not_sent),
    "LOCAL.KEEP_CORE": Option(not_sent),
    "LOCAL.STOP_GRACE": Option(not_sent),
}
