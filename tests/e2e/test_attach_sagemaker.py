"""smflow attach of a job on SageMaker, against a small AWS of our own and a session-manager-plugin that writes down what
it is given. No session of the real service can be had in a test."""

import json
import os
import unittest

from smflow_case import SmflowCase
from test_check import SmallAws

JOB = "gan-20260131-120000-x7k2"
PLUGIN = """\
#!/bin/sh
if [ "$1" = --version ]; then echo "${PLUGIN_VERSION:-1.2.650.0}"; exit 0; fi
for word in "$@"; do echo "$word"; done > "$SEEN"
printenv AWS_SSM_START_SESSION_RESPONSE >> "$SEEN"
exit 7
"""
SESSION = {"SessionId": "ann-0123", "StreamUrl": "wss://example", "TokenValue": "not-a-real-token"}


def job(status="InProgress", secondary="Training", remote_debug=True):
    return 200, json.dumps({
        "TrainingJobName": JOB, "TrainingJobArn": f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{JOB}",
        "TrainingJobStatus": status, "SecondaryStatus": secondary, "CreationTime": 1769860800,
        "RemoteDebugConfig": {"EnableRemoteDebug": remote_debug}})


def refusal(code, message):
    return 400, json.dumps({"__type": code, "message": message})


class AttachSagemaker(SmflowCase):
    def setUp(self):
        super().setUp()
        self.aws = SmallAws()
        self.aws.answers.update({"DescribeTrainingJob": job(), "StartSession": (200, json.dumps(SESSION)),
                                 "UpdateTrainingJob": (200, "{}")})
        self.aws.start()
        self.addCleanup(self.aws.stop)
        self.environment.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="secret",
                                AWS_REGION="us-east-1", AWS_ENDPOINT_URL=self.aws.url,
                                SEEN=str(self.folder / "seen"))

    def plugin(self):
        self.write("bin/session-manager-plugin", PLUGIN, 0o755)
        self.environment["PATH"] = f"{self.folder}/bin:{os.environ['PATH']}"

    def seen(self):
        return (self.folder / "seen").read_text().splitlines()

    def test_becomes_the_plugin_with_the_session_and_keeps_its_token_from_the_command_line(self):
        self.plugin()
        result = self.smflow("attach", JOB, "--host", "algo-2")
        self.assert_exit(result, 7)
        target = {"Target": f"sagemaker-training-job:{JOB}_algo-2"}
        response, region, operation, _, request, endpoint, variable = self.seen()
        self.assertEqual((response, region, operation), ("AWS_SSM_START_SESSION_RESPONSE", "us-east-1", "StartSession"))
        self.assertEqual(json.loads(request), target)
        self.assertEqual(endpoint, self.aws.url)
        self.assertEqual(json.loads(variable), SESSION)
        self.assertNotIn("not-a-real-token", result.stdout + result.stderr)
        self.assertEqual(self.aws.calls, ["DescribeTrainingJob", "StartSession"])

    def test_an_old_plugin_gets_the_session_as_it_wants_it(self):
        self.plugin()
        self.environment["PLUGIN_VERSION"] = "1.2.398.0"
        self.smflow("attach", JOB)
        self.assertEqual(json.loads(self.seen()[0]), SESSION)

    def test_switches_remote_debugging_on_when_it_is_off(self):
        self.plugin()
        self.aws.answers["DescribeTrainingJob"] = job(remote_debug=False)
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 7)
        self.assertIn("UpdateTrainingJob", self.aws.calls)
        self.assertIn("remote debugging is on now", result.stderr)

    def test_switches_it_on_once_the_job_trains(self):
        self.plugin()
        answers = [job(secondary="Pending", remote_debug=False), job(remote_debug=False)]
        self.aws.answers["DescribeTrainingJob"] = lambda: answers.pop(0)
        self.assert_exit(self.smflow("attach", JOB), 7)
        self.assertEqual(self.aws.calls, ["DescribeTrainingJob", "DescribeTrainingJob", "UpdateTrainingJob", "StartSession"])

    def test_says_when_nobody_may_be_let_in(self):
        self.plugin()
        self.aws.answers.update(DescribeTrainingJob=job(remote_debug=False),
                                UpdateTrainingJob=refusal("ValidationException", "not with network isolation"))
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 14)
        self.assertIn("error[E391]", result.stderr)
        self.assertIn("SAGEMAKER.REMOTE_DEBUG: true", result.stderr)

    def test_says_what_to_install_and_the_command_by_hand(self):
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 5)
        self.assertIn(f"error[E390]: no job '{JOB}' runs on this machine, and one on SageMaker needs", result.stderr)
        by_hand = f"the same by hand: aws ssm start-session --target sagemaker-training-job:{JOB}_algo-1"
        self.assertIn(f"{by_hand} --region us-east-1\n", result.stderr)
        self.write("home/.aws/config", "[profile team]\noutput = json\n")
        del self.environment["AWS_REGION"]
        self.environment["AWS_EC2_METADATA_DISABLED"] = "true"
        self.assertIn(f"{by_hand} --profile team\n", self.smflow("attach", JOB, "--profile", "team").stderr)

    def test_says_when_the_job_has_ended(self):
        self.plugin()
        self.aws.answers["DescribeTrainingJob"] = job("Completed", "Completed")
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 14)
        self.assertIn("error[E391]", result.stderr)

    def test_says_what_a_container_that_does_not_answer_needs(self):
        self.plugin()
        self.aws.answers["StartSession"] = refusal("TargetNotConnected", "not connected")
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 6)
        self.assertIn("error[E392]", result.stderr)
        self.assertIn("ssmmessages:CreateControlChannel", result.stderr)

    def test_says_which_permission_is_missing(self):
        self.plugin()
        self.aws.answers["StartSession"] = refusal("AccessDeniedException", "no")
        result = self.smflow("attach", JOB)
        self.assert_exit(result, 4)
        self.assertIn("ssm:StartSession", result.stderr)

    def dry_run(self, *options):
        self.write("config.yaml", json.dumps({
            "SAGEMAKER": {"ARN": "arn:aws:iam::123456789012:role/train", "INSTANCE_TYPE": "ml.m5.xlarge", "INSTANCE_COUNT": 2},
            "ECR": {"IMAGE_NAME": "gan"}, "S3": {"SAGEMAKER_RESULTS_BUCKET": "results", "TRAINING_DATA": "s3://data/images"},
            "TRAINING": {"CONFIG_FILE": "training_config.yaml"}}))
        self.write("training_config.yaml", "TRAINING: {NUM_EPOCHS: 1}\n")
        return self.smflow("run", "--config", "config.yaml", "--dry-run", "--no-check", *options)

    def test_a_job_is_started_with_one_host_that_waits(self):
        result = self.dry_run("--debug", "algo-2")
        self.assert_exit(result, 0)
        self.assertIn('"SMFLOW_DEBUG": "wait"', result.stdout)
        self.assertIn('"SMFLOW_DEBUGGED_HOST": "algo-2"', result.stdout)
        unknown = self.dry_run("--debug", "algo-3")
        self.assert_exit(unknown, 2)
        self.assertIn("one of: algo-1, algo-2", unknown.stderr)

    def test_no_job_waits_for_an_editor_that_cannot_reach_it(self):
        result = self.dry_run("--debugpy")
        self.assert_exit(result, 2)
        self.assertIn("error[E380]", result.stderr)

    def test_only_a_shell_can_be_had(self):
        result = self.smflow("attach", JOB, "--gdb")
        self.assert_exit(result, 2)
        self.assertIn("error[E380]", result.stderr)
        self.assertEqual(self.aws.calls, [])


if __name__ == "__main__":
    unittest.main()
