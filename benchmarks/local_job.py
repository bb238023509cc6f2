#!/usr/bin/env python3
"""The entrypoint around an empty program, and a whole local job around it."""

import argparse
import json
import os

from paired import Comparison, checked, interleave, machine, table
from programs import PYTHON, SOURCE, folder, job_folder, program


def write_contract(base):
    """/opt/ml of a job without data, around an empty program."""
    for name in ("input/config", "input/data/traindata", "code", "model", "output/data"):
        (base / name).mkdir(parents=True)
    files = {
        "hyperparameters": {"train_cfg_filename": "training_config.yaml", "output_dir": "/opt/ml/checkpoints"},
        "resourceconfig": {"current_host": "localhost", "hosts": ["localhost"], "network_interface_name": "lo"},
        "inputdataconfig": {"traindata": {"TrainingInputMode": "File"}},
    }
    for name, content in files.items():
        (base / f"input/config/{name}.json").write_text(json.dumps(content))
    (base / "code/main.sh").write_text("#!/bin/sh\nexit 0\n")
    (base / "code/main.sh").chmod(0o755)


def rows_of(name, ours, peer, peer_name, bars, rounds):
    measured = interleave(ours, peer, rounds)
    for unit, figure, bar in (("CPU ms", lambda usage: usage.cpu_s * 1e3, bars[0]),
                              ("wall ms", lambda usage: usage.wall_s * 1e3, bars[1])):
        yield Comparison(name, unit, *[[figure(usage) for usage in side] for side in measured], peer_name, bar)


def entrypoint(rounds):
    with folder() as base:
        write_contract(base)
        environment = dict(os.environ, SAGEMAKER_BASE_DIR=str(base))
        return list(rows_of("entrypoint around an empty program",
                            lambda: checked([program("train")], env=environment),
                            lambda: checked([PYTHON, str(SOURCE / "benchmarks/peer_entrypoint.py")], env=environment),
                            "its steps in Python", ("", "<= 5 wall ms"), rounds))


def whole_job(rounds):
    with job_folder("exit 0\n") as path:

        def ours():
            usage = checked([program("smflow"), "run", "--config", "sagemaker_config.yaml"], cwd=path)
            job = max((path / "results/exp/configs").iterdir(), key=lambda record: record.stat().st_mtime_ns)
            if json.loads((job / "outcome.json").read_text())["status"] != "Completed":
                raise SystemExit("error: the job has not completed")
            return usage

        return list(rows_of("whole local job around an empty program", ours,
                            lambda: checked([PYTHON, str(SOURCE / "benchmarks/peer_launcher.py"),
                                             "sagemaker_config.yaml"], cwd=path),
                            "boto3 + PyYAML, no job", ("", "<= 50 wall ms"), rounds))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    rows = entrypoint(rounds) + whole_job(rounds)
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
