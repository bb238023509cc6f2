"""Whatever the SageMaker config says, what is sent is legal by botocore's model of CreateTrainingJob, and nothing is lost.

Needs a botocore that knows today's API: the one that tools/moto.sh fetches.
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import moto_server
from api_model import ApiModel
from sagemaker_options import OPTIONS, not_sent

PROGRAM = os.environ["CREATE_REQUESTS"]
BASE = {
    "SAGEMAKER.INSTANCE_TYPE": "ml.g5.xlarge",
    "SAGEMAKER.ARN": "arn:aws:iam::123456789012:role/R",
    "ECR.IMAGE_NAME": "gan",
    "S3.SAGEMAKER_RESULTS_BUCKET": "results",
    "TRAINING.CONFIG_FILE": "training.yaml",
}
# The API allows six hours since 2025; the model is older.
NEWER = {"ResourceConfig.KeepAlivePeriodInSeconds": {"max": 21600}}
# What cannot be said together with the other options.
ALONE = {"SAGEMAKER.SPOT_INSTANCE", "SAGEMAKER.MAX_WAIT_TIME", "ECR.IMAGE_URI"}


def schema_options():
    schema = json.loads(subprocess.run([PROGRAM, "--schema"], capture_output=True, check=True).stdout)
    return {f"{section}.{name}": option for section, group in schema["properties"].items()
            for name, option in group["properties"].items()}


def from_schema(option):
    if option["type"] == "boolean":
        return [True, False]
    limits = [option[name] for name in ("minimum", "maximum") if name in option]
    return limits + [one for one in option.get("enum", [])]


def beyond_schema(option):
    steps = {"minimum": -1, "maximum": 1}
    return [option[name] + step for name, step in steps.items() if name in option]


class CreateTrainingJob(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        moto_server.folder()
        cls.schema = schema_options()
        cls.model = ApiModel("sagemaker", "CreateTrainingJob", NEWER)
        not_sent.base = cls.answers([{}])[0]["request"]

    @classmethod
    def answers(cls, all_settings):
        with tempfile.TemporaryDirectory(prefix="smflow-plan-") as folder:
            files = [cls.write(Path(folder), number, settings) for number, settings in enumerate(all_settings)]
            result = subprocess.run([PROGRAM], input="".join(f"{file}\n" for file in files), cwd=folder, text=True,
                                    capture_output=True, check=True)
        return [json.loads(line) for line in result.stdout.splitlines()]

    @staticmethod
    def write(folder, number, settings):
        config = {}
        for path, value in {**BASE, **settings}.items():
            section, name = path.split(".")
            config.setdefault(section, {})[name] = value
        for name in ["training.yaml", *OPTIONS["TRAINING.CONFIG_FILE"].values]:
            (folder / name).write_text("ANY: 1\n")
        file = folder / f"sagemaker-{number}.yaml"
        file.write_text(json.dumps(config, ensure_ascii=False))
        return file

    def check(self, settings, answer):
        self.assertIn("request", answer, f"{settings}: {answer}")
        self.assertEqual(self.model.faults(answer["request"]), [], settings)
        for path, value in settings.items():
            if not (OPTIONS[path].shown is not_sent and len(settings) > 1):
                self.assertTrue(OPTIONS[path].shown(answer["request"], value), f"{path}={value}: {answer['request']}")

    def test_every_option_is_tried(self):
        self.assertEqual(set(self.schema), set(OPTIONS))
        for path, option in OPTIONS.items():
            self.assertTrue(option.values or from_schema(self.schema[path]), path)

    def test_each_legal_value_makes_a_legal_request_that_holds_it(self):
        cases = [{**option.beside, path: value} for path, option in OPTIONS.items()
                 for value in option.values + from_schema(self.schema[path]) if value not in option.refused]
        cases = [case for case in cases if not str(case.get("SAGEMAKER.INSTANCE_TYPE", "")).startswith("local")]
        self.assertGreater(len(cases), 80)
        for settings, answer in zip(cases, self.answers(cases), strict=True):
            with self.subTest(str(settings)[:200]):
                self.check(settings, answer)

    def test_the_values_together_make_a_legal_request(self):
        longest = {path: (option.values + from_schema(self.schema[path]))[-1] for path, option in OPTIONS.items()}
        together = {path: value for path, value in longest.items() if path not in ALONE}
        # Long names add up in the places of S3 and of the image.
        short = {path: OPTIONS[path].values[0] for path in together if path.startswith(("S3.", "ECR.")) and OPTIONS[path].values}
        first = {**together, **short, "CONTAINER.ENVIRONMENT": {"A": "b"}}
        spot = {**first, "SAGEMAKER.SPOT_INSTANCE": True, "SAGEMAKER.MAX_WAIT_TIME": 2419200, "SAGEMAKER.KEEP_ALIVE_PERIOD": 0}
        for settings, answer in zip([first, spot], self.answers([first, spot]), strict=True):
            self.check(settings, answer)

    def test_what_the_api_would_refuse_is_refused_before(self):
        cases = [{**option.beside, path: value} for path, option in OPTIONS.items()
                 for value in option.refused + beyond_schema(self.schema[path])]
        for settings, answer in zip(cases, self.answers(cases), strict=True):
            with self.subTest(str(settings)[:200]):
                self.assertIn("errors", answer, f"{settings} makes {answer}")


if __name__ == "__main__":
    unittest.main()
