"""A container engine of the test's own with an image to run jobs in: a shell, Python and the built entrypoint."""

import contextlib
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import base_image
from container_engine import ContainerEngine

IMAGE = "smflow-engine-test:1"
PACKAGES = ["bash", "binutils", "coreutils", "grep", "hostname", "libpython3-stdlib", "libstdc++6", "procps", "python3-minimal", "sed", "util-linux"]
DOCKERFILE = """\
FROM engine-base:1
COPY train /usr/local/bin/train
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
"""


def docker(*arguments, **more):
    return subprocess.run(["docker", *map(str, arguments)], check=True, capture_output=True, timeout=300, **more)


def make_image(train, image=IMAGE, packages=(), engine=docker, run_options=()):
    """`engine`: what the arguments of a docker command are given to."""
    with tempfile.TemporaryDirectory(prefix="smflow-image-") as folder:
        root = Path(folder) / "root.tar"
        with root.open("wb") as out:
            base_image.write_installed(out, [*PACKAGES, *packages])
        engine("import", root, "engine-base:1")
        root.unlink()
        try:
            engine("run", "--rm", *run_options, "engine-base:1", "true")
        except subprocess.CalledProcessError as refused:
            raise unittest.SkipTest(f"containers cannot run here: {refused.stderr.decode()}") from refused
        (Path(folder) / "Dockerfile").write_text(DOCKERFILE)
        (Path(folder) / "train").write_bytes(Path(train).read_bytes())
        (Path(folder) / "train").chmod(0o755)
        engine("build", "-t", image, folder)


@contextlib.contextmanager
def engine_with_image():
    with ContainerEngine() as engine:
        os.environ.update(DOCKER_HOST=engine.host, SMFLOW_TEST_IMAGE=IMAGE)
        make_image(os.environ["SMFLOW_TRAIN"])
        yield engine
