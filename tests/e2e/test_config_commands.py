"""smflow config show|check|reference|schema|init, and what a mistake in a file looks like."""

import json
import unittest

from smflow_case import SmflowCase

ORIGINAL_SAGEMAKER = """\
SAGEMAKER:
  ARN: arn:aws:iam::123456789012:role/SageMakerTraining
  INSTANCE_TYPE: local
  INSTANCE_COUNT: 1
  SPOT_INSTANCE: false
  JOB_NAME: gan_training
  MAX_WAIT_TIME: 86400
  MAX_RUN_TIME: 86400
ECR:
  IMAGE_NAME: gan_training
  TAG: build_0_1
S3:
  TRAINING_DATA: s3://sagemaker-gan-training-data/data
  SAGEMAKER_RESULTS_BUCKET: sagemaker-gan-results
  EXPERIMENT_NAME: ml_engineer_1/gan_training/training_20210816_v01
  CONFIG_FOLDER: configs
  CHECKPOINT_DIR: model_outputs
  OUTPUT_DIR: sagemaker_outputs
CONTAINER:
  OUTPUT_DIR: /opt/ml/checkpoints
TRAINING:
  CONFIG_FILE: training_config.yaml
"""

# A program of somebody else's: no schema beside it, so its config is passed on as it is.
TRAINING = "ANYTHING:\n  GOES: 1\n"

NETWORK_COMMANDS = ["attach", "board", "build", "check", "logs", "status", "stop", "wait", "pull", "doctor", "emulator"]


class ConfigCommands(SmflowCase):
    def setUp(self):
        super().setUp()
        (self.folder / "code").mkdir()
        self.write("training_config.yaml", TRAINING)

    def config(self, text=ORIGINAL_SAGEMAKER):
        return self.write("sagemaker_config.yaml", text + "LOCAL:\n  CODE: code\n")

    def test_the_original_projects_file_loads_as_it_is(self):
        shown = self.json_of("config", "show", "--config", self.config(), "--json")
        self.assertEqual(shown["sagemaker"]["SAGEMAKER"]["JOB_NAME"], "gan_training")
        self.assertEqual(shown["sagemaker"]["S3"]["CHECKPOINT_DIR"], "model_outputs")

    def test_every_value_tells_its_origin(self):
        self.config()
        shown = self.json_of(
            "config", "show", "--config", "sagemaker_config.yaml", "--origin", "--json",
            "--set", "SAGEMAKER.INSTANCE_COUNT=2",
        )["sagemaker"]
        self.assertEqual(shown["SAGEMAKER"]["INSTANCE_COUNT"], {"value": 2, "origin": "--set SAGEMAKER.INSTANCE_COUNT=2"})
        self.assertEqual(shown["SAGEMAKER"]["INSTANCE_TYPE"]["origin"], "sagemaker_config.yaml:3:18")
        self.assertEqual(shown["LOCAL"]["ENGINE"]["origin"], "default")

    def test_a_typo_is_refused_with_its_place_and_the_right_key(self):
        self.config(ORIGINAL_SAGEMAKER.replace("INSTANCE_COUNT", "INSTANCE_CUONT"))
        for command in (["run"], ["config", "check"], ["config", "show"]):
            result = self.smflow(*command, "--config", "sagemaker_config.yaml")
            self.assert_exit(result, 3)
            self.assertIn("sagemaker_config.yaml:4:3", result.stderr)
            self.assertIn("INSTANCE_COUNT", result.stderr)
        self.assertFalse((self.folder / "runs").exists())

    def test_all_errors_of_a_file_come_at_once(self):
        text = ORIGINAL_SAGEMAKER.replace("INSTANCE_COUNT: 1", "INSTANCE_COUNT: 0").replace("false", "yes")
        result = self.smflow("config", "check", "--config", self.config(text), "--json")
        self.assert_exit(result, 3)
        places = [(error["where"]["line"], error["where"]["column"]) for error in json.loads(result.stdout)["errors"]]
        self.assertEqual(places, [(4, 19), (5, 18)])

    def test_a_spot_job_may_not_wait_less_than_it_runs(self):
        self.config()
        result = self.smflow(
            "config", "check", "--config", "sagemaker_config.yaml",
            "--set", "SAGEMAKER.SPOT_INSTANCE=true", "--set", "SAGEMAKER.MAX_RUN_TIME=90000",
        )
        self.assert_exit(result, 3)
        self.assertIn("MAX_WAIT_TIME", result.stderr)

    def test_files_that_cannot_be_read_are_a_configuration_error(self):
        (self.folder / "a_folder").mkdir()
        for name in ("missing.yaml", "a_folder", "/dev/zero"):
            self.assert_exit(self.smflow("config", "check", "--config", name), 3)

    def test_a_missing_training_file_is_named_with_the_nearest(self):
        text = ORIGINAL_SAGEMAKER.replace("training_config.yaml", "trainig_config.yaml")
        result = self.smflow("config", "check", "--config", self.config(text))
        self.assert_exit(result, 3)
        self.assertIn("trainig_config.yaml", result.stderr)
        self.assertIn("did you mean 'training_config.yaml'?", result.stderr)

    def test_the_template_that_init_writes_is_valid(self):
        self.assert_exit(self.smflow("config", "init", "new"), 0)
        before = (self.folder / "new/sagemaker_config.yaml").read_text()
        self.assert_exit(self.smflow("config", "init", "new"), 14)
        self.assertEqual((self.folder / "new/sagemaker_config.yaml").read_text(), before)
        json.loads((self.folder / "new/sagemaker_config.schema.json").read_text())

    def test_reference_and_schema_are_on_stdout(self):
        reference = self.smflow("config", "reference")
        self.assert_exit(reference, 0)
        self.assertIn("INSTANCE_TYPE", reference.stdout)
        schema = json.loads(self.smflow("config", "schema").stdout)
        self.assertEqual(schema["$schema"], "http://json-schema.org/draft-07/schema#")


class Usage(SmflowCase):
    def test_a_mistyped_command_gets_a_suggestion_and_exit_2(self):
        result = self.smflow("rnu", "--config", "x")
        self.assert_exit(result, 2)
        self.assertIn("did you mean 'run'?", result.stderr)

    def test_a_missing_option_is_a_usage_error(self):
        result = self.smflow("run")
        self.assert_exit(result, 2)
        self.assertIn("--config", result.stderr)
        self.assertIn("smflow run --help", result.stderr)

    def test_help_shows_examples_before_options(self):
        for command in ([], ["run"], ["config"], ["config", "show"], ["config", "check"], ["config", "reference"],
                        ["config", "schema"], ["config", "init"], ["rehearse", "spot"], ["completion"], *([name] for name in NETWORK_COMMANDS)):
            text = self.smflow(*command, "--help").stdout
            self.assertLess(text.index("Examples:"), text.index("--help"), command)

    def test_help_gives_each_command_one_line(self):
        lines = self.smflow("--help").stdout.split("Subcommands:\n")[1].split("\n\n")[0].splitlines()
        self.assertEqual([line.split()[0] for line in lines], ["run", "runs", "rehearse", "config", "completion", *NETWORK_COMMANDS])

    def test_without_a_terminal_there_is_no_colour(self):
        self.assertNotIn("\x1b", self.smflow("rnu").stderr)
        self.assertIn("\x1b[", self.smflow("--color", "always", "run", "--config", "missing.yaml").stderr)


if __name__ == "__main__":
    unittest.main()
