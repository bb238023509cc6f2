#!/usr/bin/env python3
"""Commands that start nothing: --version, a refused config, a dry run; against the start of a boto3 launcher."""

import argparse

from paired import checked, interleave, machine, table, usage_rows
from programs import PYTHON, SOURCE, job_folder, program

PEER = "boto3 + PyYAML"


def compare(name, argv, *, bar, rounds, cwd, status=0, shows=""):
    def ours():
        usage = checked([program("smflow"), *argv], expected_status=status, cwd=cwd)
        if shows not in usage.output.decode():
            raise SystemExit(f"error: '{shows}' is not in what smflow {' '.join(argv)} printed")
        return usage

    def peer():
        return checked([PYTHON, str(SOURCE / "benchmarks/peer_launcher.py"), "sagemaker_config.yaml"], cwd=cwd)

    return usage_rows(name, interleave(ours, peer, rounds), PEER, cpu_bar=bar)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    rows = []
    with job_folder("exit 0\n") as folder:
        config = ["--config", "sagemaker_config.yaml"]
        rows += compare("smflow --version", ["--version"], bar="<= 10 CPU ms", rounds=rounds, cwd=folder,
                        shows="smflow ")
        rows += compare("smflow run --dry-run", ["run", *config, "--dry-run"], bar="<= 30 CPU ms", rounds=rounds,
                        cwd=folder, shows='"job_name": "bench-')
        (folder / "typo.yaml").write_text((folder / "sagemaker_config.yaml").read_text().replace("JOB_NAME", "JOB_NMAE"))
        rows += compare("a typo, refused", ["run", "--config", "typo.yaml"], bar="<= 10 CPU ms", rounds=rounds,
                        cwd=folder, status=3, shows="did you mean JOB_NAME?")
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
