"""The committed templates, schemas and reference equal what the declared options generate."""

import subprocess
import unittest

from smflow_case import SMFLOW, SOURCE, SmflowCase


class GeneratedFiles(SmflowCase):
    def test_the_committed_files_are_what_the_options_generate(self):
        subprocess.run([SOURCE / "tools/generated_files.sh", SMFLOW, self.folder], check=True, timeout=60)
        made = sorted(path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        self.assertEqual(len(made), 6)
        for path in made:
            with self.subTest(path=str(path)):
                self.assertEqual(
                    (SOURCE / path).read_text(),
                    (self.folder / path).read_text(),
                    "write it again: cmake --build --preset dev --target generated_files",
                )

    def test_the_templates_say_nothing_but_the_defaults(self):
        shown = self.json_of(
            "config", "show", "--config", SOURCE / "configs/defaults/sagemaker_config.yaml",
            "--set", f"TRAINING.CONFIG_FILE={SOURCE}/configs/defaults/training_config.yaml", "--json",
        )
        self.write("empty.yaml", "TRAINING: {}\n")
        empty = self.json_of(
            "config", "show", "--config", self.write("job.yaml", "TRAINING: {CONFIG_FILE: empty.yaml}\n"), "--json"
        )
        self.assertEqual(shown["training"], empty["training"])
        for config in (shown, empty):
            del config["sagemaker"]["TRAINING"]
        self.assertEqual(shown["sagemaker"], empty["sagemaker"])

    def test_the_example_configs_of_the_repository_are_valid(self):
        for name in ("configs/sagemaker_config.yaml", "configs/quickstart/sagemaker_config.yaml"):
            with self.subTest(name=name):
                self.json_of("config", "show", "--config", name, "--json", cwd=SOURCE)


if __name__ == "__main__":
    unittest.main()
