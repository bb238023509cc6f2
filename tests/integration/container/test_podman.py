"""Jobs with Podman's engine in the place of Docker's: one host, and several that reach each other."""

import os
import subprocess
import unittest

from container_engine import Podman
from engine_image import IMAGE, make_image

# Without privileges Podman may not give what it gives by itself.
FEW = ["--network", "none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]


def podman(*arguments):
    return subprocess.run([*engine.podman, *map(str, arguments)], check=True, capture_output=True, timeout=300)


try:
    engine = Podman()
    engine.__enter__()
    unittest.addModuleCleanup(engine.__exit__)
    make_image(os.environ["SMFLOW_TRAIN"], engine=podman, run_options=FEW)
except unittest.SkipTest as skipped:
    print(skipped)
    raise
os.environ.update(DOCKER_HOST=engine.host, SMFLOW_TEST_IMAGE=IMAGE)

import test_several_hosts  # noqa: E402
from engine_case import EngineCase  # noqa: E402  reads the image's name


class WithPodman(EngineCase):
    def test_auto_takes_it_and_the_job_leaves_its_model(self):
        self.shell('cat "$SM_CHANNEL_TRAINDATA/a.txt" > "$SM_MODEL_DIR/weights"; test -e /run/.containerenv && echo in podman\n')
        outcome = self.run_ends(0, "LOCAL.ENGINE=auto")
        self.assertEqual(outcome["status"], "Completed")
        self.assertIn("in podman\n", self.output)
        self.assertTrue((self.output_folder() / "model.tar.gz").is_file())

    def test_a_program_that_fails_gives_its_reason(self):
        self.shell("echo 'the cause of it' >&2; exit 7\n")
        self.assertIn("the cause of it", self.fails(7))

    def test_gpus_that_are_not_there_say_so(self):
        self.shell("sleep 60")
        result = self.job("SAGEMAKER.INSTANCE_TYPE=local_gpu")
        self.assert_exit(result, 5)
        self.assertIn("error[E365]", result.stderr)
        self.assertIn("nvidia-ctk cdi generate", result.stderr)
        self.assertEqual(podman("ps", "--all", "--quiet").stdout, b"")

    def test_an_image_is_built_by_it(self):
        self.write("Dockerfile", f"FROM {IMAGE}\nCOPY note.txt /note.txt\n")
        self.write("note.txt", "built\n")
        built = self.smflow("build", "podman-test", "v1", "Dockerfile", "--local")
        self.assert_exit(built, 0)
        self.assertEqual(podman("run", "--rm", *FEW, "--entrypoint", "cat", "podman-test:v1", "/note.txt").stdout, b"built\n")

    def test_a_command_beside_its_program_has_two_streams_and_an_exit_code(self):
        self.shell("echo 1 > beside; echo ready; while ! test -e /opt/ml/input/data/traindata/go; do sleep 0.05; done\n")
        job = self.start(*self.arguments())
        self.assertTrue(any("ready" in line for line in job.stdout))
        result = self.smflow("attach", "--config", "sagemaker_config.yaml", "--exec", "sh", "-c", "cat beside; echo err >&2; exit 3")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (3, "1\n", "err\n"))
        self.write("data/go", "")
        job.communicate(timeout=60)
        self.assertEqual(job.returncode, 0)
        self.assertFalse((self.folder / "code/beside").exists())
        self.assertEqual(podman("volume", "ls", "--quiet").stdout, b"")

    def test_code_replaces_all_that_the_image_has(self):
        self.write("image/main.py", "")
        self.write("image/Dockerfile", f"FROM {IMAGE}\nCOPY main.py /opt/ml/code/main.py\n")
        podman("build", "-t", "with-code:1", self.folder / "image")
        self.shell("ls\n")
        self.run_ends(0, "ECR.IMAGE_NAME=with-code", "ECR.TAG=1")
        self.assertIn("main.sh\n", self.output)
        self.assertNotIn("main.py\n", self.output)

    def test_two_hosts_reach_each_other_by_name(self):
        self.python(test_several_hosts.GREETING)
        self.run_ends(0, test_several_hosts.TWO)
        self.assertIn("algo-1 heard ['algo-2']\n", self.log("algo-1"))
        self.assertIn("algo-2 heard ['algo-1']\n", self.log("algo-2"))


if __name__ == "__main__":
    unittest.main()
