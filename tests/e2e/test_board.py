"""smflow board: the file it writes, where it goes, and what it refuses. The page itself is tested in a browser."""

import base64
import gzip
import json
import re
import shutil
import unittest

from smflow_case import SOURCE, SmflowCase

RUN = "gan-20261123-130245-7f3a2"


class Board(SmflowCase):
    def add_run(self, name=RUN, experiment="team/exp"):
        record = {
            "schema": "smflow.run/1",
            "run": {"id": name, "experiment": experiment, "created": "2026-11-23T13:02:45.118Z"},
            "who": {"user": "ann", "host": "lab-07"},
            "target": {"mode": "process", "instance_type": "local", "max_run_s": 60},
            "configs": {"effective": {"training": {"TRAINING": {"NUM_EPOCHS": 5}}}, "changed": {}},
        }
        self.write(f"results/{experiment}/configs/{name}/record.json", json.dumps(record))
        self.write(f"results/{experiment}/configs/{name}/outcome.json", json.dumps({"state": "succeeded"}))
        self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "file://results"), 0)

    def board(self, *more):
        return self.smflow("board", "--bucket", "file://results", *more)

    def cards(self, name="board.html"):
        page = (self.folder / name).read_text()
        return json.loads(gzip.decompress(base64.b64decode(re.search(r'id="cards">([^<]*)<', page)[1])))

    def assert_error(self, result, exit_code, code):
        self.assert_exit(result, exit_code)
        self.assertIn(f"error[{code}]", result.stderr)

    def test_writes_a_page_with_every_run(self):
        self.add_run()
        self.add_run("gan-20261123-130245-aaaaa", "other")
        result = self.board()
        self.assert_exit(result, 0)
        self.assertEqual(result.stdout, f"{self.folder.resolve()}/board.html\n")
        self.assertEqual(sorted(run["experiment"] for run in self.cards()["runs"]), ["other", "team/exp"])

    def test_replaces_the_page_of_before(self):
        self.add_run()
        self.write("board.html", "old")
        self.assert_exit(self.board(), 0)
        self.assertEqual(len(self.cards()["runs"]), 1)

    def test_shows_one_experiment(self):
        self.add_run()
        self.add_run("gan-20261123-130245-aaaaa", "other")
        self.assert_exit(self.board("--experiment", "other", "-o", "pages/other.html"), 0)
        self.assertEqual([run["id"] for run in self.cards("pages/other.html")["runs"]], ["gan-20261123-130245-aaaaa"])

    def test_takes_the_bucket_of_the_config(self):
        self.add_run()
        self.write("code/main.sh", "#!/bin/sh\n", 0o755)
        self.write("training_config.yaml", "A:\n  B: 1\n")
        self.write("job.yaml", "S3:\n  SAGEMAKER_RESULTS_BUCKET: file://results\nLOCAL:\n  CODE: code\n"
                   "TRAINING:\n  CONFIG_FILE: training_config.yaml\n")
        result = self.smflow("board", "--config", "job.yaml", "--json")
        self.assert_exit(result, 0)
        answer = json.loads(result.stdout)
        self.assertEqual(answer["runs"], 1)
        self.assertEqual(answer["bytes"], (self.folder / "board.html").stat().st_size)

    def test_publishes_beside_the_runs(self):
        self.add_run()
        for experiment, place in (("", "results/board.html"), ("team", "results/team/board.html")):
            result = self.board("--publish", *(["--experiment", experiment] if experiment else []))
            self.assert_exit(result, 0)
            self.assertTrue(result.stdout.endswith(place + "\n"), result.stdout)
            self.assertEqual(len(self.cards(place)["runs"]), 1)
        self.assertFalse((self.folder / "board.html").exists())

    def test_a_dry_run_writes_nothing(self):
        self.add_run()
        for more in ((), ("--publish",)):
            self.assert_exit(self.board("--dry-run", *more), 0)
        self.assertEqual([path.name for path in self.folder.rglob("*.html")], [])

    def test_the_runs_are_those_of_the_list(self):
        self.add_run()
        self.add_run("gan-20261123-130245-aaaaa", "other")
        self.write("results/smflow/v1/started/2026-11/23T130245Z~broken.json", "{")
        self.write("results/team/exp/configs/unfinished/record.json", "{")
        result = self.board()
        self.assert_exit(result, 0)
        self.assertIn("E341", result.stderr)
        self.assertIn("broken.json", result.stderr)
        listed = self.json_of("runs", "list", "--bucket", "file://results", "--json")["runs"]
        self.assertEqual([run["id"] for run in self.cards()["runs"]], [run["name"] for run in listed])

    def test_a_run_whose_record_is_broken_keeps_its_row(self):
        self.add_run()
        self.write(f"results/team/exp/configs/{RUN}/record.json", "{")
        result = self.board()
        self.assert_exit(result, 0)
        self.assertIn("E371", result.stderr)
        self.assertEqual([run["detail"] for run in self.cards()["runs"]], [False])

    def test_an_empty_bucket_is_an_error(self):
        self.assert_error(self.board(), 13, "E343")
        self.assertFalse((self.folder / "board.html").exists())

    def test_the_runs_are_found_as_by_every_command(self):
        self.add_run()
        self.environment["SMFLOW_BUCKET"] = "file://results"
        self.assert_exit(self.smflow("board"), 0)
        self.assertEqual(len(self.cards()["runs"]), 1)
        del self.environment["SMFLOW_BUCKET"]
        (self.folder / "results").rename(self.folder / "runs")
        self.assert_exit(self.smflow("board", "-o", "usual.html"), 0)
        self.assertEqual(len(self.cards("usual.html")["runs"]), 1)

    def test_a_taken_port_is_an_error(self):
        first = self.start("board", "--bucket", "file://results", "--serve", "--json")
        self.addCleanup(first.stdout.close)
        self.addCleanup(first.stderr.close)
        port = json.loads(first.stdout.readline())["url"].split(":")[2].split("/")[0]
        self.assert_error(self.board("--serve", "--port", port), 5, "E342")

    def test_the_page_is_the_accepted_one(self):
        """Without its script and style, which have tests of their own, and with its data unpacked."""
        shutil.copytree(SOURCE / "tests/data/runs/bucket", self.folder / "results")
        self.assert_exit(self.smflow("runs", "list", "--reindex", "--bucket", "file://results"), 0)
        self.assert_exit(self.board(), 0)
        page = (self.folder / "board.html").read_text()
        page = re.sub(r"<(style|script)>.*?</\1>", r"<\1>...</\1>", page, flags=re.DOTALL)
        page = re.sub(r"'sha256-[^']*'", "'sha256-...'", page)
        page = re.sub(r'(<script type="text/plain" id="(?:cards|d-\d+)">)([^<]*)', self.unpacked, page)
        page = re.sub(r'"made": \d+', '"made": 0', page)
        self.assert_accepted("board/page.txt", page)

    @staticmethod
    def unpacked(found):
        return found[1] + "\n" + json.dumps(json.loads(gzip.decompress(base64.b64decode(found[2]))), indent=1, ensure_ascii=False)

    def test_texts_are_the_accepted_ones(self):
        self.add_run()
        texts = []
        for command in ([], ["--json"], ["--dry-run"], ["--publish"], ["--experiment", "none"]):
            result = self.board(*command)
            text = f"$ smflow board {' '.join(command)}\n{result.stdout}{result.stderr}exit code {result.returncode}\n"
            text = re.sub(r"curves are plain lines.*\n", "", text)  # without uPlot
            texts.append(re.sub(r'[\d.]+ KiB|(?<="bytes":)\d+', "SIZE", text))
        self.assert_accepted("board/texts.txt", "\n".join(texts))
        self.assert_accepted("help/board.txt", self.smflow("board", "--help").stdout)

    def test_serving_and_writing_exclude_each_other(self):
        self.assert_error(self.board("--serve", "-o", "x.html"), 2, "E002")


if __name__ == "__main__":
    unittest.main()
