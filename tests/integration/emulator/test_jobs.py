"""Jobs that complete, fail, are stopped and run out of time, seen through boto3."""

import contextlib
import tarfile
import time
import unittest

from botocore.exceptions import ClientError, WaiterError

from emulator_case import GROUP, KEYS, EmulatorCase
from secret_scan import leaks


class Jobs(EmulatorCase):
    def statuses(self, job):
        return [one["Status"] for one in job["SecondaryStatusTransitions"]]

    def wait_for_line(self, name, line):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(self.logs.exceptions.ResourceNotFoundException):
                events = self.logs.filter_log_events(logGroupName=GROUP, logStreamNamePrefix=name + "/")["events"]
                if line in [event["message"] for event in events]:
                    return
            time.sleep(0.1)
        self.fail(f"the line '{line}' never came")

    def test_a_job_completes_with_logs_metrics_and_artifacts(self):
        self.write("s3/bucket/in/a.txt", "one\n")
        self.program('cp "$SM_CHANNEL_DATA/a.txt" "$SM_MODEL_DIR/weights"\n'
                     'for i in 1 2 3; do echo "loss: 0.$i"; done\n')
        source = {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/in/"}
        algorithm = {"TrainingImage": "demo:1", "TrainingInputMode": "File",
                     "MetricDefinitions": [{"Name": "loss", "Regex": "loss: ([0-9.]+)"}]}
        arn = self.create("demo", AlgorithmSpecification=algorithm, HyperParameters={"lr": "0.1"},
                          InputDataConfig=[{"ChannelName": "data", "DataSource": {"S3DataSource": source}}])
        self.assertEqual(arn["TrainingJobArn"], "arn:aws:sagemaker:eu-west-1:000000000000:training-job/demo")
        job = self.wait("demo")
        self.assertEqual(job["TrainingJobStatus"], "Completed", job.get("FailureReason"))
        self.assertEqual(self.statuses(job), ["Starting", "Training", "Uploading", "Completed"])
        self.assertEqual(job["HyperParameters"], {"lr": "0.1"})
        self.assertAlmostEqual(job["FinalMetricDataList"][0]["Value"], 0.3, places=5)
        model = self.folder / job["ModelArtifacts"]["S3ModelArtifacts"].replace("s3://", "s3/")
        with tarfile.open(model) as archive:
            self.assertEqual(archive.extractfile("weights").read(), b"one\n")
        (stream,) = self.streams("demo")
        self.assertRegex(stream, r"^demo/algo-1-\d{10}$")
        found = self.logs.filter_log_events(logGroupName=GROUP, filterPattern='"loss:"')
        self.assertEqual([e["message"] for e in found["events"]], ["loss: 0.1", "loss: 0.2", "loss: 0.3"])
        self.assertGreater(self.checked, 4)

    def test_a_job_sees_no_key_of_the_caller_or_of_the_emulator(self):
        self.program("env; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'; exit 1\n")
        self.create("demo")
        with self.assertRaises(WaiterError):
            self.wait("demo")
        lines = [event["message"] for event in self.logs.filter_log_events(logGroupName=GROUP)["events"]]
        self.assertIn("TRAINING_JOB_NAME=demo", lines)
        self.assertEqual(leaks(KEYS, texts=[("the log", "\n".join(lines))]), [])
        self.assertGreater(len(self.signatures), 2)

    def test_a_job_fails_with_the_programs_reason(self):
        self.program("echo 'the dog ate it' > /opt/ml/output/failure\nexit 3\n")
        self.create("demo")
        with self.assertRaises(WaiterError):
            self.wait("demo")
        job = self.sagemaker.describe_training_job(TrainingJobName="demo")
        self.assertEqual(job["TrainingJobStatus"], "Failed")
        self.assertIn("the dog ate it", job["FailureReason"])
        self.assertTrue(job["FailureReason"].startswith("AlgorithmError: "), job["FailureReason"])

    def test_a_job_is_stopped_and_keeps_what_it_made(self):
        self.program("trap 'echo saved > /opt/ml/model/weights; exit 0' TERM\necho ready\n"
                     "while :; do sleep 0.1; done\n")
        self.create("demo")
        self.wait_for_line("demo", "ready")
        self.sagemaker.stop_training_job(TrainingJobName="demo")
        job = self.sagemaker.describe_training_job(TrainingJobName="demo")
        self.assertIn(job["TrainingJobStatus"], ("Stopping", "Stopped"))
        job = self.wait("demo")
        self.assertEqual((job["TrainingJobStatus"], job["SecondaryStatus"]), ("Stopped", "Stopped"))
        self.assertIn("Stopping", self.statuses(job))
        self.assertTrue((self.folder / "s3/bucket/out/demo/output/model.tar.gz").exists())
        with self.assertRaises(ClientError) as again:
            self.sagemaker.stop_training_job(TrainingJobName="demo")
        self.assertEqual(again.exception.response["Error"]["Code"], "ValidationException")

    def test_a_job_runs_out_of_time(self):
        self.program("exec sleep 600\n")
        self.create("demo", StoppingCondition={"MaxRuntimeInSeconds": 1})
        job = self.wait("demo")
        self.assertEqual((job["TrainingJobStatus"], job["SecondaryStatus"]), ("Stopped", "MaxRuntimeExceeded"))

    def test_sigterm_stops_the_jobs_and_the_emulator(self):
        self.program("trap 'echo saved > /opt/ml/model/weights; exit 0' TERM\necho ready\n"
                     "while :; do sleep 0.1; done\n")
        self.create("demo")
        self.wait_for_line("demo", "ready")
        self.assertEqual(self.stop_emulator(), 0)
        self.assertTrue((self.folder / "s3/bucket/out/demo/output/model.tar.gz").exists())

    def test_refusals_have_the_services_codes(self):
        self.create("demo")
        for code, call in {
            "ResourceInUse": lambda: self.create("demo"),
            "ValidationException": lambda: self.sagemaker.describe_training_job(TrainingJobName="nobody"),
        }.items():
            with self.assertRaises(ClientError) as refused:
                call()
            self.assertEqual(refused.exception.response["Error"]["Code"], code)
        with self.assertRaises(ClientError) as refused:
            self.create("demo-2", RoleArn="arn:aws:iam::1:role/somebody-else")
        self.assertRegex(refused.exception.response["Error"]["Message"], "1 validation error detected: .*'roleArn'")
        self.wait("demo")

    def test_lists_searches_and_tags(self):
        arn = self.create("demo", Tags=[{"Key": "owner", "Value": "ann"}])["TrainingJobArn"]
        self.wait("demo")
        names = [job["TrainingJobName"] for page in self.sagemaker.get_paginator("list_training_jobs").paginate(
            StatusEquals="Completed") for job in page["TrainingJobSummaries"]]
        self.assertEqual(names, ["demo"])
        self.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "vision"}])
        self.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["owner"])
        self.assertEqual(self.sagemaker.list_tags(ResourceArn=arn)["Tags"], [{"Key": "team", "Value": "vision"}])
        expression = {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "vision"}]}
        found = self.sagemaker.search(Resource="TrainingJob", SearchExpression=expression)["Results"]
        self.assertEqual([one["TrainingJob"]["TrainingJobName"] for one in found], ["demo"])


if __name__ == "__main__":
    unittest.main()
