#!/usr/bin/env python3
"""The entrypoint around an empty program, and a whole local job around it."""

import argparse
import json
import os

from paired import checked, interleave, machine, table, usage_rows
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


def entrypoint(rounds):
    with folder() as base:
        write_contract(base)
        environment = dict(os.environ, SAGEMAKER_BASE_DIR=str(base))
        measured = interleave(lambda: checked([program("train")], env=environment),
                              lambda: checked([PYTHON, str(SOURCE / "benchmarks/peer_entrypoint.py")], env=environment),
                              rounds)
        return usage_rows("entrypoint around an empty program", measured, "its steps in Python", wall_bar="<= 5 wall ms")


def whole_job(rounds):
    with job_folder("exit 0\n") as path:

        def ours():
            usage = checked([program("smflow"), "run", "--config", "sagemaker_config.yaml"], cwd=path)
            job = max((path / "results/exp/configs").iterdir(), key=lambda record: record.stat().st_mtime_ns)
            if json.loads((job / "outcome.json").read_text())["status"] != "Completed":
                raise SystemExit("error: the job has not completed")
            return usage

        def peer():
            return checked([PYTHON, str(SOURCE / "benchmarks/peer_launcher.py"), "sagemaker_config.yaml"], cwd=path)

        return usage_rows("whole local job around an empty program", interleave(ours, peer, rounds),
                          "boto3 + PyYAML, no job", wall_bar="<= 50 wall ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    rows = entrypoint(rounds) + whole_job(rounds)
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
