"""Where the built programs are, and a job folder around a program of a few lines. Folders are temporary."""

import contextlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
BUILD = Path(os.environ.get("SMFLOW_BUILD", SOURCE / "build/release"))
PYTHON = "/usr/bin/python3"

SAGEMAKER_CONFIG = """\
SAGEMAKER:
  INSTANCE_TYPE: local
  JOB_NAME: bench
LOCAL:
  ENGINE: process
  CODE: code
  WORK_DIR: work
S3:
  TRAINING_DATA: file://data
  SAGEMAKER_RESULTS_BUCKET: file://results
  EXPERIMENT_NAME: exp
TRAINING:
  CONFIG_FILE: training_config.yaml
"""


def program(name):
    path = BUILD / "bin" / name
    if not path.exists():
        sys.exit(f"error: '{path}' is not there\n  = fix: cmake --preset release && cmake --build --preset release, "
                 "or name another build folder in SMFLOW_BUILD")
    return str(path)


@contextlib.contextmanager
def folder():
    path = Path(tempfile.mkdtemp(prefix="smflow-bench-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def job_folder(shell_program):
    """A folder with both configs, one file of data, and `shell_program` as the training program."""
    with folder() as path:
        (path / "data").mkdir()
        (path / "data/a.txt").write_text("one\n")
        (path / "code").mkdir()
        (path / "code/main.sh").write_text("#!/bin/sh\n" + shell_program)
        (path / "code/main.sh").chmod(0o755)
        (path / "training_config.yaml").write_text("A:\n  B: 1\n")
        (path / "sagemaker_config.yaml").write_text(SAGEMAKER_CONFIG)
        yield path
