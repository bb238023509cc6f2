#!/usr/bin/env python3
"""Making the board of 10, 1,000 and 10,000 runs on disk, with the index of this machine and without it: time, peak memory, size
of the page. Every run has a record of 60 parameters, a metrics file of 200 lines with 6 metrics, and a log; the newest 100 have 12 pictures of 48 KiB. The number of
runs in the page is checked. There is no peer: no other tool makes one page of a folder of runs."""

import argparse
import base64
import datetime
import gzip
import json
import os
import random
import re
import shutil
import statistics

from paired import checked, machine, spread
from programs import folder, program

METRICS = ("discriminator/loss", "generator/loss", "d/real", "d/fake_before", "d/fake_after", "speed/images_per_second")
PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(48 * 1024)


def record(name, created, chance):
    training = {f"SECTION_{s}": {f"OPTION_{o}": chance.choice((1, 2, 0.5)) for o in range(10)} for s in range(5)}
    sagemaker = {"S3": {f"PLACE_{o}": f"s3://bucket/place-{o}" for o in range(10)}}
    return {
        "schema": "smflow.run/1",
        "run": {"id": name, "experiment": "team/exp", "created": created.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
        "who": {"user": chance.choice(("ann", "kim", "li")), "host": "lab-07"},
        "invocation": {"argv": ["smflow", "run", "--config", "configs/sagemaker_config.yaml"], "tool": {"version": "0.1.0"}},
        "target": {"mode": "sagemaker", "instance_type": "ml.g5.xlarge", "max_run_s": 3600},
        "configs": {"effective": {"sagemaker": sagemaker, "training": training},
                    "changed": {"training:SECTION_0.OPTION_0": 2}, "hash": "3" * 64},
        "replicate": {"command": "smflow run", "exact": False, "why_not_exact": ["the code"]},
    }


def metric_lines(chance):
    return "".join(
        json.dumps({"v": 1, "t": 1.8e9 + step, "step": step * 10, "epoch": 1,
                    "m": {name: round(chance.random(), 6) for name in METRICS}}) + "\n" for step in range(200))


def make_runs(root, count):
    chance = random.Random(1)
    newest = datetime.datetime(2026, 11, 1)
    for i in range(count):
        created = newest - datetime.timedelta(minutes=7 * i)
        name = f"gan-{created:%Y%m%d-%H%M%S}-{i:05d}"
        path = root / "team/exp/configs" / name
        for below in ("metrics", "logs", "samples"):
            (path / below).mkdir(parents=True)
        (path / "record.json").write_text(json.dumps(record(name, created, chance), indent=2))
        (path / "outcome.json").write_text(json.dumps({
            "schema": "smflow.outcome/1", "state": "succeeded", "exit_code": 0, "phases": [],
            "metrics": {name: {"last": chance.random(), "least": 0.1, "greatest": 0.9, "points": 200} for name in METRICS}}))
        (path / "metrics/metrics.jsonl").write_text(metric_lines(chance))
        (path / "logs/algo-1.txt").write_text("[1/5][20/57] Loss_D: 0.4120 Loss_G: 2.1410\n" * 200)
        for epoch in range(12 if i < 100 else 0):
            (path / f"samples/epoch-{epoch:04}.png").write_bytes(PICTURE)


def runs_in(page):
    return len(json.loads(gzip.decompress(base64.b64decode(re.search(r'id="cards">([^<]*)<', page.read_text())[1])))["runs"])


def measure(count, rounds):
    with folder() as path:
        make_runs(path / "runs", count)
        environment = {**os.environ, "XDG_CACHE_HOME": str(path / "cache")}
        place = ["--bucket", f"file://{path}/runs"]
        checked([program("smflow"), "runs", "list", "--reindex", *place], env=environment)

        def made(cold):
            if cold:
                shutil.rmtree(path / "cache", ignore_errors=True)
            usage = checked([program("smflow"), "board", *place, "-o", "board.html"], cwd=path, env=environment)
            assert runs_in(path / "board.html") == count
            return usage

        for name, usages in (("no", [made(True) for _ in range(rounds)]), ("yes", [made(False) for _ in range(rounds)])):
            size = (path / "board.html").stat().st_size
            print(f"| {count:,} | {name} | {spread([u.wall_s for u in usages])} | {spread([u.cpu_s for u in usages])} | "
                  f"{statistics.median(u.peak_mib for u in usages):.0f} | {size / 2**20:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, nargs="+", default=[10, 1000, 10000])
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print(f"{machine()}\n\n| runs | index | wall s | CPU s | peak MiB | page MiB |\n| --- | --- | --- | --- | --- | --- |")
    for count in arguments.runs:
        measure(count, arguments.rounds)


if __name__ == "__main__":
    main()
