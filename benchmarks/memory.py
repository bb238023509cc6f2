#!/usr/bin/env python3
"""Peak memory of a local job's own processes (launcher, sandbox, entrypoint, and a program that only copies) while data,
model and log grow. What is reported is the largest single process of the tree, by the kernel's account."""

import argparse

from paired import checked, machine
from programs import job_folder, program

MIB = 2**20


def copy(size, target):
    return f"head -c {size} /dev/urandom {target}\n"


def lines(size):
    return f"yes 'a line of a log that never seems to end' | head -c {size}\n"


def peak(shell_program, data_bytes=0):
    with job_folder(shell_program) as path:
        if data_bytes:
            with open(path / "data/big", "wb") as file:
                for _ in range(data_bytes // MIB):
                    file.write(bytes(MIB))
        usage = checked([program("smflow"), "run", "--config", "sagemaker_config.yaml"], cwd=path)
        return usage.peak_mib, usage.wall_s


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024, help="size of the large data, model and log")
    size = parser.parse_args().mib * MIB
    cases = {
        "nothing": ("exit 0\n", 0),
        f"data of {size // MIB} MiB, read once": ("cat /opt/ml/input/data/traindata/big >/dev/null\n", size),
        f"model of {size // MIB} MiB, no repetition in it": (copy(size, "> /opt/ml/model/weights"), 0),
        f"log of {size // MIB} MiB": (lines(size), 0),
    }
    print(f"{machine()}\n\n| job with | peak MiB | bar | wall s |\n| --- | --- | --- | --- |")
    for name, (text, data) in cases.items():
        mib, seconds = peak(text, data)
        print(f"| {name} | {mib:.1f} | < 30 | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
