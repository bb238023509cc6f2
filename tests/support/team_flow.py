"""A team and its bucket: two people run, a third, who may only read, lists, shows, compares, and does the best again."""

import base64
import gzip
import json
import re

PROGRAM = """\
#!/bin/sh
set -e
mkdir -p "$SM_OUTPUT_DATA_DIR/metrics" "$SM_OUTPUT_DATA_DIR/samples"
for step in 1 2 3; do
  echo "{\\"v\\":1,\\"step\\":$step,\\"epoch\\":1,\\"m\\":{\\"loss\\":$RATE.$((5 - step))}}" >> "$SM_OUTPUT_DATA_DIR/metrics/metrics.jsonl"
done
cat "$SM_CHANNEL_TRAINDATA/a.txt" > "$SM_MODEL_DIR/weights"
"""
CONFIG = """\
SAGEMAKER: {INSTANCE_TYPE: local, JOB_NAME: gan}
LOCAL: {ENGINE: process, CODE: code}
S3: {TRAINING_DATA: %s, SAGEMAKER_RESULTS_BUCKET: %s, EXPERIMENT_NAME: team/gan}
TRAINING: {CONFIG_FILE: training_config.yaml}
"""


class TeamFlow:
    """For an SmflowCase that sets `bucket`, and has become_a_reader(), which sets `place`, and objects()."""

    def refused(self):
        """What the reader asked for and may not have."""
        return []

    def write_project(self, data):
        self.write("ours/code/main.sh", PROGRAM, 0o755)
        self.write("ours/sagemaker_config.yaml", CONFIG % (data, self.bucket))
        self.write("ours/training_config.yaml", "A:\n  B: 1\n")

    def run_as(self, user, rate, *more):
        self.environment |= {"SUDO_USER": user, "XDG_CACHE_HOME": str(self.folder / f"cache-{user}")}
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml", "--set",
                                     f"CONTAINER.ENVIRONMENT={{RATE: '{rate}'}}", *more, cwd=self.folder / "ours"), 0)

    def read(self, *arguments):
        return self.json_of(*arguments, "--json", cwd=self.place)

    def test_what_two_have_run_a_third_reads_compares_and_does_again(self):
        for user, rate in (("ann", 3), ("kim", 1), ("ann", 2)):
            self.run_as(user, rate)
        before = self.objects()
        self.become_a_reader()

        runs = self.read("runs", "list", "--sort", "loss")["runs"]
        self.assertEqual([(run["user"], run["metrics"]["loss"]["last"]) for run in runs],
                         [("kim", 1.2), ("ann", 2.2), ("ann", 3.2)])
        best, _, worst = (run["name"] for run in runs)
        self.assertEqual([run["name"] for run in self.read("runs", "list", "--by", "kim")["runs"]], [best])
        self.assertEqual(self.read("runs", "show", best[-5:])["record"]["who"]["user"], "kim")
        differences = self.read("runs", "diff", best, worst)["differences"]
        self.assertEqual(differences["config"]["sagemaker:CONTAINER.ENVIRONMENT"], ['{"RATE":"1"}', '{"RATE":"3"}'])

        self.assertEqual(self.read("board", "--bucket", self.bucket)["runs"], 3)
        page = (self.place / "board.html").read_text()
        cards = json.loads(gzip.decompress(base64.b64decode(re.search(r'id="cards">([^<]*)<', page)[1])))
        newest_first = [run["name"] for run in self.read("runs", "list")["runs"]]
        self.assertEqual([run["id"] for run in cards["runs"]], newest_first)
        self.assertEqual([run["detail"] for run in cards["runs"]], [True] * 3)

        own = ("--set", f"S3.SAGEMAKER_RESULTS_BUCKET=file://{self.place}/own")
        self.assert_exit(self.smflow("runs", "replicate", best, *own, cwd=self.place), 0)
        replica = self.read("runs", "list", "--bucket", f"file://{self.place}/own")["runs"][0]
        self.assertEqual((replica["parent"], replica["user"], replica["metrics"]), (best, "mia", runs[0]["metrics"]))
        self.assertEqual(self.refused(), [])
        self.assertEqual(self.objects(), before)
