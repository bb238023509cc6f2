"""The runs of a team: what smflow run leaves, read back by the runs commands on another person's machine."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import time
import unittest
from pathlib import Path

from smflow_case import SMFLOW, SOURCE, SmflowCase
from terminal import Terminal
from test_local_job import CONFIG

PROGRAM = """\
#!/bin/sh
set -e
mkdir -p "$SM_OUTPUT_DATA_DIR/metrics"
for step in 1 2 3; do
  echo "{\\"v\\":1,\\"step\\":$step,\\"epoch\\":1,\\"m\\":{\\"loss\\":0.$((5 - step))}}" >> "$SM_OUTPUT_DATA_DIR/metrics/metrics.jsonl"
done
cp "$SM_CHANNEL_TRAINDATA/a.txt" "$SM_MODEL_DIR/weights"
"""
GOLDEN = SOURCE / "tests/data/runs"


class Runs(SmflowCase):
    def setUp(self):
        super().setUp()
        self.write("data/a.txt", "one\n")
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("sagemaker_config.yaml", CONFIG)
        self.write("code/main.sh", PROGRAM, 0o755)
        self.environment["SMFLOW_BUCKET"] = f"file://{self.folder}/results"

    def run_job(self, *more):
        self.assert_exit(self.smflow("run", "--config", "sagemaker_config.yaml", *more), 0)
        return self.list_of()[0]["name"]

    def list_of(self, *more):
        return self.json_of("runs", "list", "--json", *more)["runs"]

    def record(self, name):
        return self.folder / "results/team/exp/configs" / name

    def git(self, *arguments):
        subprocess.run(["git", "-c", "user.name=ann", "-c", "user.email=ann@example.org", *arguments], cwd=self.folder,
                       env={**self.environment, "GIT_CONFIG_GLOBAL": "/dev/null"}, check=True, capture_output=True)

    def test_a_run_is_listed_with_its_options_and_metrics(self):
        name = self.run_job("--set", "CONTAINER.ENVIRONMENT={NOTE: x}")
        (run,) = self.list_of()
        self.assertEqual((run["name"], run["state"], run["experiment"]), (name, "succeeded", "team/exp"))
        self.assertEqual(run["metrics"]["loss"], {"last": 0.2, "least": 0.2, "greatest": 0.4})
        self.assertEqual(run["parameters"]["sagemaker:CONTAINER.ENVIRONMENT"], {"NOTE": "x"})

    def test_filters_take_options_and_metrics(self):
        self.run_job("--set", "SAGEMAKER.MAX_RUN_TIME=100")
        newer = self.run_job("--set", "SAGEMAKER.MAX_RUN_TIME=200")
        for matching in (["--where", "SAGEMAKER.MAX_RUN_TIME>100"], ["--where", "SAGEMAKER.MAX_RUN_TIME=200", "--since", "1h"]):
            self.assertEqual([run["name"] for run in self.list_of(*matching)], [newer], matching)
        self.assertEqual(len(self.list_of("--where", "loss<0.3", "--status", "succeeded", "--experiment", "team")), 2)
        self.assertEqual([run["name"] for run in self.list_of("--sort", "-SAGEMAKER.MAX_RUN_TIME")][0], newer)
        self.assertEqual(self.list_of("--experiment", "other"), [])
        self.assert_exit(self.smflow("runs", "list", "--where", "nothing"), 2)

    def test_a_name_that_no_run_knows_is_pointed_out(self):
        self.run_job()
        for option, name in (("--where", "SAGEMAKER.MAX_RUN_TIM=100"), ("--sort", "-los"), ("--columns", "+lost")):
            result = self.smflow("runs", "list", option, name)
            self.assert_exit(result, 0)
            near = "SAGEMAKER.MAX_RUN_TIME" if option == "--where" else "loss"
            self.assertRegex(result.stderr, f"no run has an option or a metric '.*'; did you mean '{near}'")
        known = self.smflow("runs", "list", "--columns", "RUN,-JOB,COMMIT,loss", "--sort", "loss")
        self.assertNotIn("no run has", known.stderr)

    def test_runs_that_others_add_and_remove_are_seen_at_once(self):
        first = self.run_job()
        self.assertEqual(len(self.list_of()), 1)
        cache = self.environment["XDG_CACHE_HOME"]
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache-of-a-teammate")
        second = self.run_job()
        self.assert_exit(self.smflow("runs", "rm", first, "--yes"), 0)
        self.environment["XDG_CACHE_HOME"] = cache
        self.assertEqual([run["name"] for run in self.list_of()], [second])

    def test_a_damaged_cache_is_made_again(self):
        self.run_job()
        (index,) = (self.folder / "cache/smflow/runs").glob("*.index")
        for damage in (b"", b"smflow-index-1\n\xff\xff\xff\xff", index.read_bytes()[:-7]):
            index.write_bytes(damage)
            self.assertEqual(len(self.list_of()), 1)

    def test_names_may_be_short_while_they_are_unique(self):
        first = self.run_job()
        second = self.run_job()
        for short, whole in ((first, first), (first[-5:], first), ("latest", second), ("latest~1", first)):
            self.assertEqual(self.json_of("runs", "show", short, "--json")["name"], whole)
        several = self.smflow("runs", "show", "my-job")
        self.assert_exit(several, 2)
        self.assertIn(first, several.stderr)
        self.assert_exit(self.smflow("runs", "show", "nobody"), 13)

    def test_the_record_knows_the_code_and_the_data(self):
        self.write(".gitignore", "results\ncache\nhome\n")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "first")
        self.git("remote", "add", "origin", "https://ann:secret@example.org/team/gan.git")
        self.write("code/more.sh", "echo new\n")
        self.write("code/main.sh", PROGRAM + "echo changed\n", 0o755)
        before = (self.folder / ".git/index").read_bytes()
        name = self.run_job()
        self.assertEqual((self.folder / ".git/index").read_bytes(), before)
        record = json.loads((self.record(name) / "record.json").read_text())
        self.assertEqual(record["source"]["remote"], "https://example.org/team/gan.git")
        self.assertTrue(record["source"]["dirty"])
        clone = self.folder / "clone"
        self.git("clone", "-q", ".", str(clone))
        shutil.copy(self.record(name) / "source.patch", clone / ".git/p")
        for command in (["checkout", "-q", record["source"]["commit"]], ["apply", "--index", ".git/p"]):
            subprocess.run(["git", *command], cwd=clone, check=True)
        tree = subprocess.run(["git", "write-tree"], cwd=clone, check=True, capture_output=True, text=True).stdout.strip()
        self.assertEqual(tree, record["source"]["tree"])
        (data,) = record["data"]
        self.assertEqual((data["channel"], data["count"], data["bytes"], data["hash_kind"]), ("traindata", 1, 4, "sha256-list"))
        self.assertTrue((self.folder / "results" / data["manifest"]).is_file())
        self.assertTrue(record["replicate"]["exact"], record["replicate"])

    def test_the_code_of_two_runs_is_compared_from_their_records(self):
        self.write(".gitignore", "results\ncache\nhome\n")
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-qm", "first")
        first = self.run_job()
        self.write("code/more.sh", "echo new\n")
        self.git("add", "-A")
        self.git("commit", "-qm", "second")
        self.write("code/main.sh", PROGRAM + "echo changed\n", 0o755)
        second = self.run_job()
        clone = self.folder / "clone"
        self.git("clone", "-q", ".", str(clone))
        shown = self.smflow("runs", "diff", first, second, "--source", cwd=clone)
        self.assert_exit(shown, 0)
        self.assertIn("1 file, +1 -0, source.patch", shown.stdout)
        self.assertRegex(shown.stdout, r"(?s)b/code/main\.sh.*\+echo changed.*b/code/more\.sh.*\+echo new")
        back = self.json_of("runs", "diff", second, first, "--source", "--json", cwd=clone)["source"]
        self.assertIn("-echo changed", back)
        status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, check=True, capture_output=True, text=True)
        self.assertEqual(status.stdout, "")
        elsewhere = self.folder / "elsewhere"
        self.git("init", "-q", str(elsewhere))
        refused = self.smflow("runs", "diff", first, second, "--source", cwd=elsewhere)
        self.assert_exit(refused, 13)
        self.assertRegex(refused.stderr, f"E378.*{first}.*is not in the repository of this folder")

    def test_a_key_in_the_uncommitted_code_is_left_out_and_named(self):
        self.git("init", "-q")
        self.git("commit", "-qm", "first", "--allow-empty")
        self.write("code/keys.py", "id = 'AKIAIOSFODNN7EXAMPLE'\naws_secret_access_key = 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY1'\n")
        name = self.run_job()
        patch = (self.record(name) / "source.patch").read_text()
        self.assertNotIn("AKIAIOSFODNN7EXAMPLE", patch)
        self.assertNotIn("wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY1", patch)
        record = json.loads((self.record(name) / "record.json").read_text())
        self.assertIn({"where": "source.patch", "rule": "access-key-id"}, record["redactions"])
        self.assertFalse(record["replicate"]["exact"])

    def test_metrics_come_from_the_log_when_the_program_writes_none(self):
        self.write("code/main.sh", "#!/bin/sh\nfor l in 1.5 1.2e-05; do echo \"Loss_D: $l\"; done\n", 0o755)
        name = self.run_job()
        metrics = self.json_of("runs", "metrics", name, "--json")
        self.assertEqual(metrics["source"], "log")
        self.assertEqual([point["value"] for point in metrics["series"][0]["points"]], [1.5, 1.2e-05])
        self.assertEqual(self.list_of()[0]["metrics"]["discriminator:loss"]["least"], 1.2e-05)

    def test_a_metric_that_is_no_number_says_so(self):
        self.write("code/main.sh", PROGRAM.replace('\\"m\\":{', '\\"m\\":{\\"broken\\":\\"NaN\\",'), 0o755)
        name = self.run_job()
        self.assertRegex(self.smflow("runs", "show", name).stdout, r"broken +NaN +never a number\n")
        self.assertRegex(self.smflow("runs", "metrics", name).stdout, r"broken +NaN +- +- +- +-\n")
        self.assertEqual([run["name"] for run in self.list_of("--where", "broken=NaN")], [name])
        self.assertEqual(self.list_of("--where", "broken<2"), [])

    def test_metrics_are_given_as_a_table(self):
        name = self.run_job()
        table = self.smflow("runs", "metrics", name, "--csv")
        self.assertEqual(table.stdout, "step,epoch,time,loss\n1,1,,0.4\n2,1,,0.3\n3,1,,0.2\n")
        self.assertIn("•", self.smflow("runs", "metrics", name).stdout)

    def test_a_diff_shows_what_differs_and_nothing_else(self):
        first = self.run_job()
        self.write("data/b.txt", "two\n")
        second = self.run_job("--set", "SAGEMAKER.MAX_RUN_TIME=100")
        differences = self.json_of("runs", "diff", first, second, "--json")["differences"]
        self.assertEqual(differences["config"], {"sagemaker:SAGEMAKER.MAX_RUN_TIME": ["86400", "100"]})
        self.assertEqual(differences["data"]["traindata objects"], ["", "1 added, 0 removed, 0 changed"])
        self.assertEqual(sorted(differences), ["config", "data"])

    def test_a_teammate_replicates_a_run_from_its_record_alone(self):
        name = self.run_job("--set", "SAGEMAKER.MAX_RUN_TIME=100")
        place = self.folder / "teammate"
        place.mkdir()
        for file in ("sagemaker_config.yaml", "training_config.yaml"):
            (self.folder / file).unlink()
        self.environment["XDG_CACHE_HOME"] = str(place / "cache")
        result = self.smflow("runs", "replicate", name, cwd=place)
        self.assert_exit(result, 0)
        replica = self.list_of()[0]
        self.assertEqual(replica["parent"], name)
        differences = self.json_of("runs", "diff", name, replica["name"], "--json")["differences"]
        places = {"sagemaker:LOCAL.CODE", "sagemaker:S3.SAGEMAKER_RESULTS_BUCKET", "sagemaker:S3.TRAINING_DATA"}
        self.assertEqual((list(differences), set(differences["config"])), (["config"], places), "only paths became absolute")
        metrics = [self.json_of("runs", "metrics", one, "--json")["series"] for one in (name, replica["name"])]
        self.assertEqual(*metrics)
        for run in (name, replica["name"]):
            self.assertEqual((self.record(run) / "config/sagemaker_config.yaml").read_text(), CONFIG)
        again = self.smflow("runs", "replicate", replica["name"], "--set", "SAGEMAKER.MAX_RUN_TIME=50", cwd=place)
        self.assert_exit(again, 0)
        self.assertEqual(self.list_of()[0]["parameters"]["sagemaker:SAGEMAKER.MAX_RUN_TIME"], 50)
        self.assertEqual(list(Path("/tmp").glob("smflow-replica-*")), [])

    def test_a_replica_is_judged_by_the_schema_of_its_own_program(self):
        schema = json.loads((SOURCE / "configs/defaults/training_config.schema.json").read_text())
        option = {"type": "integer", "description": "An option of this program alone.", "default": 4}
        schema["properties"] = {"A": {"type": ["object", "null"], "description": "Its section.",
                                      "additionalProperties": False, "properties": {"B": option}}}
        self.write("code/training_config.schema.json", json.dumps(schema))
        name = self.run_job("--set-training", "A.B=2")
        self.assertEqual(self.list_of()[0]["parameters"]["training:A.B"], 2)
        place = self.folder / "teammate"
        shutil.copytree(self.folder / "code", place / "their code")
        shutil.rmtree(self.folder / "code")
        refused = self.smflow("runs", "replicate", name, cwd=place)
        self.assert_exit(refused, 14)
        self.assertRegex(refused.stderr, "E374.*the program in")
        (place / "their code/training_config.schema.json").write_text("{}")
        more = ("--set", f"LOCAL.CODE={place}/their code", "--set-training", "A.B=7", "--allow-drift")
        self.assert_exit(self.smflow("runs", "replicate", name, *more, cwd=place), 0)
        self.assertEqual(self.list_of()[0]["parameters"]["training:A.B"], 7)

    def test_every_drift_is_named_before_a_replica_starts(self):
        name = self.run_job()
        self.write("data/a.txt", "other\n")
        self.write("code/main.sh", PROGRAM + "echo more\n", 0o755)
        refused = self.smflow("runs", "replicate", name)
        self.assert_exit(refused, 14)
        self.assertRegex(refused.stderr, r"(?s)E374.*program.*E374.*traindata.*0 added, 0 removed, 1 changed")
        self.assertEqual(len(self.list_of()), 1)
        self.assert_exit(self.smflow("runs", "replicate", name, "--allow-drift"), 0)

    def test_a_dry_run_of_a_replica_starts_nothing(self):
        name = self.run_job()
        result = self.smflow("runs", "replicate", name, "--dry-run")
        self.assert_exit(result, 0)
        self.assertEqual(json.loads(result.stdout)["schema"], "smflow.plan/1")
        text = re.sub(r"\d{8}-\d{6}-[a-z0-9]{5}", "TIME-TAIL", result.stdout + result.stderr)
        text = re.sub(r"/tmp/smflow-replica-\w+", "SCRATCH", text)
        self.assert_accepted("runs/replicate_dry_run.txt", text)
        self.assertEqual(len(self.list_of()), 1)

    def test_a_run_is_pulled_whole_and_only_once(self):
        name = self.run_job()
        self.assertIn("would fetch", self.smflow("runs", "pull", name, "--dry-run").stderr)
        self.assertFalse((self.folder / name).exists())
        time.sleep(0.2)  # what was written a moment ago is fetched once more, as it may have changed since
        self.assert_exit(self.smflow("runs", "pull", name, "--to", "best"), 0)
        self.assertTrue((self.folder / "best/record/record.json").is_file())
        self.assertTrue((self.folder / "best/output/output/model.tar.gz").is_file())
        self.assertIn("0 objects fetched", self.smflow("runs", "pull", name, "--to", "best").stderr)

    def test_a_removed_run_leaves_nothing(self):
        name = self.run_job()
        self.assert_exit(self.smflow("runs", "rm", name), 2)
        self.assertIn("would remove", self.smflow("runs", "rm", name, "--dry-run").stderr)
        self.assertEqual(len(self.list_of()), 1)
        self.assert_exit(self.smflow("runs", "rm", name, "--yes"), 0)
        left = [str(path) for path in (self.folder / "results").rglob(f"*{name}*") if path.is_file()]
        self.assertEqual(left, [])
        self.assertEqual(self.list_of(), [])

    def test_a_removed_run_that_packed_nothing_leaves_nothing(self):
        name = self.run_job("--set", "S3.COMPRESS_OUTPUT=false")
        self.assertTrue(list((self.folder / "results").rglob(f"{name}/output/model/*")))
        self.assert_exit(self.smflow("runs", "rm", name, "--yes"), 0)
        left = [str(path) for path in (self.folder / "results").rglob(f"*{name}*/**/*") if path.is_file()]
        self.assertEqual(left, [])

    def test_records_of_the_version_before_the_index_are_found_and_read(self):
        shutil.copytree(GOLDEN / "before_cards", self.folder / "old")
        place = ["--bucket", "file://old"]
        self.assertEqual(self.list_of(*place), [])
        (run,) = self.list_of("--reindex", *place)
        self.assertEqual((run["state"], run["user"]), ("succeeded", "ann"))
        self.assert_exit(self.smflow("runs", "show", "latest", *place), 0)

    def test_texts_are_the_accepted_ones(self):
        shutil.copytree(GOLDEN / "bucket", self.folder / "bucket")
        place = ["--bucket", "file://bucket"]
        reindexed = self.smflow("runs", "list", "--reindex", *place)
        self.assert_accepted("runs/reindex.txt", reindexed.stderr)
        for file, command in (("list.txt", ["list"]), ("list.json", ["list", "--json"]),
                              ("list_none.txt", ["list", "--by", "nobody"]), ("show.txt", ["show", "x7k2a", "--all"]),
                              ("show.json", ["show", "x7k2a", "--json"]), ("diff.txt", ["diff", "x7k2a", "b27qt"]),
                              ("diff.json", ["diff", "x7k2a", "b27qt", "--json"]), ("metrics.txt", ["metrics", "x7k2a"]),
                              ("metrics.csv", ["metrics", "x7k2a", "--csv"]), ("metrics.json", ["metrics", "x7k2a", "--json"]),
                              ("pull.txt", ["pull", "x7k2a", "--dry-run"]), ("rm.txt", ["rm", "x7k2a", "--dry-run"])):
            result = self.smflow("runs", *command, *place)
            self.assert_exit(result, 0)
            self.assert_accepted(f"runs/{file}", result.stdout + result.stderr)

    def test_a_terminal_shows_the_newest_twenty_in_columns(self):
        shutil.copytree(GOLDEN / "bucket", self.folder / "bucket")
        (source,) = (self.folder / "bucket").rglob("*x7k2a/record.json")
        for number in range(25):
            name = f"gan-20260302-0801{number:02}-n{number:04}"
            record = json.loads(source.read_text())
            record["run"].update(id=name, created=f"2026-03-02T08:01:{number:02}.118Z")
            record["configs"]["effective"]["training"]["TRAINING"]["NUM_EPOCHS"] = number
            self.write(f"bucket/team/gan/configs/{name}/record.json", json.dumps(record))
            state = "failed" if number % 5 == 4 else "succeeded"
            outcome = {"state": state, "reason": "AlgorithmError: out of emoji, exit code: 1" if state == "failed" else ""}
            self.write(f"bucket/team/gan/configs/{name}/outcome.json", json.dumps(outcome))
        self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "file://bucket"), 0)
        with Terminal([SMFLOW, "runs", "list", "--bucket", "file://bucket"], cwd=self.folder, env=self.environment) as terminal:
            self.assertEqual(terminal.wait(), 0, terminal.shown)
        self.assert_accepted("runs/list_terminal.txt", terminal.shown.replace("\r\n", "\n"))

    def test_errors_are_the_accepted_ones(self):
        shutil.copytree(GOLDEN / "bucket", self.folder / "bucket")
        place = ["--bucket", "file://bucket"]
        self.assert_exit(self.smflow("runs", "list", "--reindex", *place), 0)
        texts = []
        for command in (["show", "nobody"], ["show", "gan"], ["rm", "x7k2a"], ["list", "--where", "x"], ["list", "--since", "x"],
                        ["list", "--status", "x"], ["diff", "x7k2a"], ["replicate", "nobody"]):
            result = self.smflow("runs", *command, *place)
            self.assertNotEqual(result.returncode, 0, command)
            texts.append(f"$ smflow runs {' '.join(command)}\n{result.stderr}exit code {result.returncode}\n")
        self.assert_accepted("runs/errors.txt", "\n".join(texts))

    def test_errors_of_damaged_records_are_the_accepted_ones(self):
        def record_of(tail):
            (file,) = (self.folder / "bucket").rglob(f"*{tail}/record.json")
            return file

        def change(tail, edit):
            record = json.loads(record_of(tail).read_text())
            edit(record)
            record_of(tail).write_text(json.dumps(record))

        def write_configs(record):
            for which in ("sagemaker", "training"):
                file = record_of("x7k2a").parent / record["configs"][which]["key"]
                file.parent.mkdir(exist_ok=True)
                file.write_text("{}\n")
                record["configs"][which]["sha256"] = hashlib.sha256(b"{}\n").hexdigest()

        def change_a_config():
            change("x7k2a", write_configs)
            for file in record_of("x7k2a").with_name("config").iterdir():
                file.write_text("A: 1\n")

        def hide_a_value(record):
            write_configs(record)
            record["invocation"]["overrides"] = {"sagemaker": ["CONTAINER.ENVIRONMENT.WANDB_API_KEY=[redacted:name]"]}

        def forget_the_end():
            record_of("b27qt").with_name("outcome.json").unlink()
            change("b27qt", lambda record: record["target"].update(mode="sagemaker"))
            shutil.rmtree(self.folder / "bucket/smflow")
            self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "file://bucket"), 0)

        damages = (
            ("the record is gone", lambda: record_of("b27qt").unlink(), ["show", "b27qt"]),
            ("a newer version wrote it", lambda: change("b27qt", lambda record: record.update(schema="smflow.run/9")),
             ["show", "b27qt"]),
            ("a config was changed", change_a_config, ["replicate", "x7k2a"]),
            ("a value was a secret", lambda: change("x7k2a", hide_a_value), ["replicate", "x7k2a"]),
            ("it has not ended", forget_the_end, ["rm", "b27qt", "--yes"]),
            ("no repository", lambda: None, ["diff", "x7k2a", "b27qt", "--source"]))
        texts = []
        for what, damage, command in damages:
            shutil.rmtree(self.folder / "bucket", ignore_errors=True)
            shutil.copytree(GOLDEN / "bucket", self.folder / "bucket")
            self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "file://bucket"), 0)
            damage()
            result = self.smflow("runs", *command, "--bucket", "file://bucket")
            self.assertNotEqual(result.returncode, 0, command)
            texts.append(f"# {what}\n$ smflow runs {' '.join(command)}\n{result.stderr}exit code {result.returncode}\n")
        self.assert_accepted("runs/damaged.txt", "\n".join(texts))

    def test_what_is_pulled_and_removed_is_told_in_the_accepted_words(self):
        shutil.copytree(GOLDEN / "bucket", self.folder / "bucket")
        place = ["--bucket", "file://bucket"]
        self.assert_exit(self.smflow("runs", "list", "--reindex", *place), 0)
        texts = []
        for command in (["pull", "x7k2a", "--to", "best"], ["rm", "x7k2a", "b27qt", "--yes"]):
            result = self.smflow("runs", *command, *place)
            self.assert_exit(result, 0)
            texts.append(f"$ smflow runs {' '.join(command)}\n{result.stdout}{result.stderr}")
        self.assert_accepted("runs/pulled_and_removed.txt", "\n".join(texts))

    def test_help_is_the_accepted_one(self):
        for command in ("", "list", "show", "diff", "metrics", "replicate", "pull", "rm"):
            self.assert_accepted(f"help/runs_{command or 'all'}.txt", self.smflow("runs", *command.split(), "--help").stdout)


if __name__ == "__main__":
    unittest.main()
