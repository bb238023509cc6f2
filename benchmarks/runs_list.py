#!/usr/bin/env python3
"""Listing 10, 1,000 and 10,000 runs of a folder, by an option: with the index of this machine, and without it; against a
program that reads one JSON file a run: time, and the peak of memory."""

import argparse
import json
import os
import shutil
import tempfile
from pathlib import Path

from paired import checked, interleave, machine, table, usage_rows
from programs import PYTHON, SOURCE, program

PEER = "one JSON file a run"
OPTION = "training:GENERATOR.LATENT_SIZE"


def card(number):
    """A run of the DCGAN: its 60 options and 5 metrics, as its ended card has them."""
    name = f"gan-{20250101 + number // 1000}-{number % 1000:06d}-{number:05d}"
    params = {f"sagemaker:SAGEMAKER.OPTION_{i}": f"value {i}" for i in range(45)}
    params |= {f"training:TRAINING.OPTION_{i}": i for i in range(14)}
    params[OPTION] = 100 if number % 10 == 0 else 64
    metrics = {f"metric_{i}": [1 / (number + i + 1), 100, 0.1, 90, 3.5, 1, 100] for i in range(5)}
    return name, {"schema": "smflow.card/1", "id": name, "record": f"team/exp/configs/{name}", "exp": "team/exp", "by": "ann",
                  "host": "lab-07", "at": "2025-01-01T00:00:00.000Z", "mode": "sagemaker", "type": "ml.g5.xlarge", "count": 1,
                  "spot": True, "max_run_s": 86400, "commit": "1" * 40, "dirty": False, "image": "sha256:" + "2" * 64,
                  "cfg": "3" * 64, "data": "4" * 64, "parent": "", "params": params, "changed": [OPTION],
                  "state": "succeeded", "reason": "", "started": "2025-01-01T00:00:10.000Z",
                  "ended": "2025-01-01T01:00:00.000Z", "billable_s": 3600, "metrics": metrics}


def make_runs(folder, count):
    for number in range(count):
        name, content = card(number)
        text = json.dumps(content)
        month = f"2025-{number // 900 % 12 + 1:02d}"
        for kind in ("started", "ended"):
            path = folder / "smflow/v1" / kind / month / f"{number % 28 + 1:02d}T{number % 1000:06d}Z~{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


def compare(count, rounds, folder):
    bucket = folder / f"bucket-{count}"
    make_runs(bucket, count)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    command = [program("smflow"), "runs", "list", "--bucket", f"file://{bucket}", "--where", "GENERATOR.LATENT_SIZE=100",
               "--columns", "RUN"]
    peer_command = [PYTHON, str(SOURCE / "benchmarks/peer_runs.py"), str(bucket / "smflow/v1/ended"), OPTION, "100"]

    def ours():
        usage = checked(command, env=environment)
        if len(usage.output.split()) != 1 + (count + 9) // 10:
            raise SystemExit("error: smflow has found other runs than there are")
        return usage

    def cold():
        shutil.rmtree(folder / "cache", ignore_errors=True)
        return ours()

    def peer():
        usage = checked(peer_command, env=environment)
        if len(usage.output.split()) != (count + 9) // 10:
            raise SystemExit("error: the peer has found other runs than there are")
        return usage

    rows = usage_rows(f"{count:,} runs, no cache", interleave(cold, peer, max(3, rounds // 3)), PEER, memory=True)
    ours()
    bar = "<= 1 s" if count == 10_000 else ""
    return rows + usage_rows(f"{count:,} runs", interleave(ours, peer, rounds), PEER, wall_bar=bar, memory=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    rows = []
    with tempfile.TemporaryDirectory(prefix="smflow-bench-") as folder:
        for count in (10, 1_000, 10_000):
            rows += compare(count, rounds, Path(folder))
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
