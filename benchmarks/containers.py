#!/usr/bin/env python3
"""A job in a container around an empty program, and until its program's first line, against plain `docker run` of the same
image; from an edit to the first line of the changed program, against `docker build` and `docker run`; and a build that
finds every step done, against `docker build`. Needs root, and Debian's docker.io."""

import argparse
import os
import subprocess
import sys
import time

from paired import Comparison, checked, interleave, machine, table, usage_rows
from programs import SOURCE, folder, job_folder, program

sys.path[:0] = [str(SOURCE / "tests/support"), str(SOURCE / "tests/integration/container")]
os.environ["SMFLOW_TRAIN"] = program("train")
from engine_image import IMAGE, docker, engine_with_image  # noqa: E402


def as_container(path):
    name, tag = IMAGE.split(":")
    config = path / "sagemaker_config.yaml"
    config.write_text(config.read_text().replace("ENGINE: process", "ENGINE: container") +
                      f"ECR:\n  IMAGE_NAME: {name}\n  TAG: '{tag}'\n")


def contract(path):
    """/opt/ml/input for `docker run`, which writes none."""
    folder = path / "input/config"
    folder.mkdir(parents=True)
    (folder / "resourceconfig.json").write_text('{"current_host": "algo-1", "hosts": ["algo-1"]}')
    return ["-v", f"{path}/input:/opt/ml/input", "-v", f"{path}/data:/opt/ml/input/data/traindata:ro"]


def first_line(command, wanted, **options):
    """Seconds until the command prints what is wanted; it is left to end."""
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options) as process:
        seconds = None
        output = ""
        for line in process.stdout:
            output += line
            if wanted in line and seconds is None:
                seconds = time.monotonic() - started
    if seconds is None or process.returncode != 0:
        sys.exit(f"error: {command} ended with {process.returncode} and without '{wanted}':\n{output[-2000:]}")
    return seconds


def whole_job(rounds):
    with job_folder("exit 0\n") as path:
        as_container(path)
        mounts = contract(path) + ["-v", f"{path}/code:/opt/ml/code:ro"]
        measured = interleave(
            lambda: checked([program("smflow"), "run", "--config", "sagemaker_config.yaml"], cwd=path),
            lambda: checked(["docker", "run", "--rm", "--hostname", "algo-1", *mounts, IMAGE, "train"], cwd=path), rounds)
        return usage_rows("whole job in a container around an empty program", measured, "docker run, nothing kept")


def start_to_first_line(rounds):
    with job_folder("echo the first line\n") as path:
        as_container(path)
        mounts = contract(path) + ["-v", f"{path}/code:/opt/ml/code:ro"]
        measured = interleave(
            lambda: first_line([program("smflow"), "run", "--config", "sagemaker_config.yaml"], "the first line", cwd=path),
            lambda: first_line(["docker", "run", "--rm", "--hostname", "algo-1", *mounts, IMAGE, "train"], "the first line"), rounds)
        return [Comparison("from the command to the program's first line", "wall s", *measured, "docker run")]


def warm_build(rounds):
    with folder() as path:
        with subprocess.Popen(["git", "-C", SOURCE, "archive", "HEAD"], stdout=subprocess.PIPE) as archive:
            subprocess.run(["tar", "-x", "-C", path], stdin=archive.stdout, check=True)
        (path / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY . /smflow\nRUN true\nCOPY sagemaker_container /opt/ml/code\n")
        ours = [program("smflow"), "build", "warm", "ours", "Dockerfile", "--local"]
        peer = ["docker", "build", "-q", "-t", "warm:peer", "."]
        measured = interleave(lambda: checked(ours, cwd=path), lambda: checked(peer, cwd=path), rounds)
        return usage_rows("build of this repository with every step in the cache", measured, "docker build")


def edit_to_running(rounds):
    with job_folder("") as path:
        as_container(path)
        mounts = contract(path)
        (path / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY code /opt/ml/code\n")
        number = 0

        def edit():
            nonlocal number
            number += 1
            (path / "code/main.sh").write_text(f"#!/bin/sh\necho edit {number} runs\n")
            return f"edit {number} runs"

        def ours():
            return first_line([program("smflow"), "run", "--config", "sagemaker_config.yaml"], edit(), cwd=path)

        def peer():
            wanted = edit()
            started = time.monotonic()
            docker("build", "-q", "-t", "edited:1", path)
            built = time.monotonic() - started
            return built + first_line(["docker", "run", "--rm", "--hostname", "algo-1", *mounts, "edited:1", "train"], wanted)

        measured = interleave(ours, peer, rounds)
        return [Comparison("from an edit to the program's first line", "wall s", *measured, "docker build, docker run")]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with engine_with_image():
        rows = whole_job(rounds) + start_to_first_line(rounds) + edit_to_running(rounds) + warm_build(rounds)
    print(f"{machine()}\n\n{table(rows)}")


if __name__ == "__main__":
    main()
