"""A job in a container that is debugged: what a process allows, and besides gdb of this machine on an image that has
only gdbserver, and the terminal that `docker attach` gives."""

import os
import re
import unittest

from engine_image import docker, engine_with_image, make_image

try:
    with_engine = engine_with_image()
    with_engine.__enter__()
    unittest.addModuleCleanup(with_engine.__exit__, None, None, None)
except unittest.SkipTest as skipped:
    print(skipped)
    raise

import test_debugging as processes  # noqa: E402
from smflow_case import SMFLOW  # noqa: E402
from terminal import Terminal  # noqa: E402

WITH_GDB = "smflow-debug-test:gdb"
CRASHING = "smflow-debug-test:crashing"
WITH_GDBSERVER = "smflow-debug-test:gdbserver"


def setUpModule():
    make_image(os.environ["SMFLOW_TRAIN"], WITH_GDB, ["gdb"])
    make_image(os.environ["SMFLOW_TRAIN"], WITH_GDBSERVER, ["gdbserver"])


def config(image):
    name, tag = image.split(":")
    return (processes.CONFIG.replace("ENGINE: process", "ENGINE: container") +
            f"ECR:\n  IMAGE_NAME: {name}\n  TAG: {tag}\n")


class InContainer(processes.Debugging):
    config = config(WITH_GDB)

    def setUp(self):
        super().setUp()
        self.environment["DOCKER_HOST"] = os.environ["DOCKER_HOST"]

    def config_of_crash(self):
        """With the program in the image: beside code that is mounted the kernel may write no core."""
        self.write("Dockerfile", f"FROM {WITH_GDB}\nCOPY code/main /opt/ml/code/main\n")
        docker("build", "-t", CRASHING, self.folder)
        # Checked against the options of the program that was built with smflow.
        self.write("training_config.yaml", "TRAINING:\n  NUM_EPOCHS: 1\n")
        return config(CRASHING).replace("  CODE: code\n", "") + "CONTAINER:\n  ENVIRONMENT:\n    CRASH: '1'\n"


class GdbFromOutside(InContainer):
    config = config(WITH_GDBSERVER)

    def test_docker_attach_is_the_console(self):
        self.python()
        job = self.run_job("--debug")
        line = self.wait_for_line(job, "waits for a debugger")
        name = re.search(r"smflow attach (\S+)", line).group(1)
        with Terminal(["docker", "attach", "--detach-keys=ctrl-]", f"smflow-{name}-algo-1"], cwd=self.folder,
                      env=self.environment) as terminal:
            terminal.type("\n")
            terminal.expect(r"\(Pdb\) ")
            terminal.type("p loss\n")
            terminal.expect(r"\n93\r?\n")
            terminal.type("c\nc\n")
            terminal.expect("loss 86")
        code, out, err = self.end_of(job)
        self.assertEqual(code, 0, out + err)


def load_tests(loader, _tests, _pattern):
    suite = loader.loadTestsFromTestCase(InContainer)
    # Everything else is the same as with the other image.
    for name in ("test_gdb_stops_in_the_training_step_of_a_program_that_waits", "test_docker_attach_is_the_console"):
        suite.addTest(GdbFromOutside(name))
    return suite


if __name__ == "__main__":
    unittest.main()
