"""Dockerfile.sagemaker on a base with libtorch: what is in the image, and what it does where SageMaker would start it.

SMFLOW_TEST_BASES=all tries Debian 13 too, which takes minutes and a mirror; see tests/support/base_image.py.
"""

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import unittest
from pathlib import Path

from container_engine import ContainerEngine, program
from pictures import write_pictures
from smflow_case import SMFLOW, SOURCE, SmflowCase

BASES = ["bookworm", "trixie"] if os.environ.get("SMFLOW_TEST_BASES") == "all" else ["bookworm"]
CONFIG = """\
DATALOADER: {NUM_WORKERS: 1, BATCH_SIZE: 4, IMAGE_SIZE: 32}
GENERATOR: {FEATURE_SIZE: 8}
DISCRIMINATOR: {FEATURE_SIZE: 8}
TRAINING: {NUM_EPOCHS: %s, NUM_GPU: 0, LOG_EVERY: 1}
"""
PROGRAM_FILES = {"/usr/local/bin/train", "/opt/ml/code/main", "/opt/ml/code/requirements.txt",
                 "/opt/ml/code/training_config.schema.json", "/opt/ml/code/training_config.default.yaml"}
# The engine's own, in every container.
ENGINES_OWN = {"/.dockerenv", "/etc/hosts", "/etc/hostname", "/etc/mtab", "/etc/resolv.conf"}
PYTHON_PROGRAM = """\
import os, sys
print("arguments", sys.argv[1:])
with open(os.path.join(os.environ["SM_MODEL_DIR"], "python.txt"), "w") as out:
    out.write(os.environ["SM_HP_RATE"])
"""


class Image:
    """Debian's release with libtorch, and the training image on it."""

    def __init__(self, engine, release):
        self.engine = engine
        self.base = f"base:{release}"
        self.name = f"gan_training:{release}"

    def docker(self, *arguments, check=True, **more):
        command = [program("docker"), "--host", self.engine.host, *map(str, arguments)]
        run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=600, **more)
        if check and run.returncode != 0:
            raise AssertionError(f"{command} ended with {run.returncode}:\n{run.stdout}{run.stderr}")
        return run

    def make_base(self):
        maker = [sys.executable, SOURCE / "tests/support/base_image.py", self.base.partition(":")[2]]
        with subprocess.Popen(maker, stdout=subprocess.PIPE) as process:
            self.docker("import", "-", self.base, stdin=process.stdout)
        if process.returncode != 0:
            raise AssertionError(f"{maker} ended with {process.returncode}")
        tried = self.docker("run", "--rm", "--network", "none", self.base, "true", check=False)
        if tried.returncode != 0:
            raise unittest.SkipTest(f"containers cannot run here: {tried.stderr}")

    def build(self, script_folder):
        """As a person does; the script finds this build's smflow in PATH, wherever else one was built."""
        shutil.copy(SOURCE / "build_and_push.sh", script_folder)
        environment = {**os.environ, "DOCKER_HOST": self.engine.host,
                       "PATH": f"{os.path.dirname(SMFLOW)}:{os.environ['PATH']}"}
        # Not optimised: what is tested is the image, and half of the time goes.
        command = [script_folder / "build_and_push.sh", *self.name.split(":"), "Dockerfile.sagemaker", "--local", "--json",
                   "--base-image", self.base, "--build-arg", "BUILD_TYPE=None"]
        run = subprocess.run(command, cwd=SOURCE, env=environment, capture_output=True, text=True, timeout=2000)
        if run.returncode != 0:
            raise AssertionError(f"the build ended with {run.returncode}:\n{run.stderr[-5000:]}")
        return json.loads(run.stdout), run.stderr

    def inspect(self, name=None):
        return json.loads(self.docker("inspect", name or self.name).stdout)[0]

    def files(self, name):
        """Path to size and time, of everything but folders."""
        listing = self.docker("run", "--rm", "--network", "none", "--entrypoint", "find", name, "/", "-xdev", "!", "-type",
                              "d", "-printf", r"%p\t%s %T@\n").stdout
        return dict(line.split("\t") for line in listing.splitlines())


class ImageCase(SmflowCase):
    """The tests of one image; `release` is the subclass's."""

    @classmethod
    def setUpClass(cls):
        cls.image = Image(cls.enterClassContext(ContainerEngine()), cls.release)
        cls.image.make_base()
        folder = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="smflow-image-"))
        cls.built, cls.log = cls.image.build(Path(folder))

    def setUp(self):
        super().setUp()
        self.environment["DOCKER_HOST"] = self.image.engine.host

    def job(self, config=CONFIG % 1, **hyperparameters):
        """The folders of a job, filled as SageMaker does."""
        names = {"train_cfg_filename": "training_config.yaml", "output_dir": "/opt/ml/checkpoints", **hyperparameters}
        channel = {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
        self.write("input/config/hyperparameters.json", json.dumps(names))
        self.write("input/config/resourceconfig.json", json.dumps({"current_host": "algo-1", "hosts": ["algo-1"]}))
        self.write("input/config/inputdataconfig.json", json.dumps({"config": channel, "traindata": channel}))
        self.write("input/data/config/training_config.yaml", config)
        write_pictures(self.folder / "input/data/traindata", 16)
        for output in ("model", "output", "checkpoints"):
            (self.folder / output).mkdir()

    def run_image(self, *options, name=None):
        mounts = [word for each in ("input", "model", "output", "checkpoints")
                  for word in ("-v", f"{self.folder}/{each}:/opt/ml/{each}")]
        return self.image.docker("run", "--network", "none", *mounts, *options, name or self.image.name, "train", check=False)

    def failure(self):
        return (self.folder / "output/failure").read_text()

    def test_the_entrypoint_is_train_and_labels_say_what_it_is(self):
        config = self.image.inspect()["Config"]
        self.assertEqual(config["Entrypoint"], ["/usr/local/bin/train"])
        self.assertEqual(config["Cmd"], ["train"])
        self.assertEqual(config["Labels"]["org.opencontainers.image.base.name"], self.image.base)
        self.assertEqual(config["Labels"] | self.built["labels"], config["Labels"])
        self.assertIn("smflow.version", config["Labels"])

    def test_nothing_is_added_but_the_program(self):
        before, after = self.image.files(self.image.base), self.image.files(self.image.name)
        changed = {path for path, what in after.items() if before.get(path) != what} - ENGINES_OWN
        libraries = {path for path in changed if path.startswith("/opt/ml/code/lib/lib")}
        self.assertEqual(changed - libraries, PROGRAM_FILES)
        self.assertEqual(set(before) - set(after), set())
        self.assertEqual({after[path].partition(" ")[2] for path in changed}, {"0.0000000000"})
        # The base's, then the program's; the last test of the build leaves nothing.
        added = len(self.image.inspect()["RootFS"]["Layers"]) - len(self.image.inspect(self.image.base)["RootFS"]["Layers"])
        self.assertEqual(added, 1)

    def test_the_schema_is_that_of_the_repository(self):
        schema = self.image.docker("run", "--rm", "--network", "none", "--entrypoint", "cat", self.image.name,
                                   "/opt/ml/code/training_config.schema.json").stdout
        label = self.image.inspect()["Config"]["Labels"]["smflow.config_schema"]
        self.assertEqual(label, "sha256:" + hashlib.sha256(schema.encode()).hexdigest())
        self.assertEqual(schema, (SOURCE / "configs/defaults/training_config.schema.json").read_text())

    def test_a_job_trains_and_leaves_its_model(self):
        self.job()
        run = self.run_image("--rm")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("Loss_D", run.stdout)
        for left in ("model/generator.pt", "model/generator.safetensors", "output/data/metrics/metrics.jsonl",
                     "output/success"):
            self.assertTrue((self.folder / left).is_file(), left)
        self.assertFalse((self.folder / "output/failure").exists())

    def test_a_stop_reaches_the_program_and_leaves_a_checkpoint(self):
        self.job(CONFIG % 10000)
        run = self.run_image("--detach", "--name", "stopped")
        self.addCleanup(self.image.docker, "rm", "--force", "stopped")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.wait_for_training("stopped")
        self.image.docker("stop", "--time", "120", "stopped")
        self.assertEqual(self.image.inspect("stopped")["State"]["ExitCode"], 128 + signal.SIGTERM)
        self.assertIn("the next start continues from here", self.image.docker("logs", "stopped").stderr)
        self.assertTrue(any((self.folder / "checkpoints").iterdir()))

    def test_a_crash_names_file_and_line(self):
        self.job(CONFIG % 10000)
        run = self.run_image("--detach", "--name", "crashed")
        self.addCleanup(self.image.docker, "rm", "--force", "crashed")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.wait_for_training("crashed")
        self.image.docker("exec", "crashed", "sh", "-c", "kill -SEGV $(cat /proc/1/task/1/children)")
        self.assertEqual(self.image.docker("wait", "crashed").stdout.strip(), str(128 + signal.SIGSEGV))
        # The signal falls where the program happens to be, which may be in a header of libtorch.
        self.assertRegex(self.failure(), r"SIGSEGV[^\0]* at \w+\.(cpp|h|hpp):\d+\n")

    def wait_for_training(self, container):
        end = time.monotonic() + 120
        while "Loss_D" not in self.image.docker("logs", container).stdout and time.monotonic() < end:
            time.sleep(0.2)

    def test_a_wrong_config_is_a_failure_with_its_reason(self):
        self.job("TRAINING: {NUM_EPOCH: 1}\n")
        run = self.run_image("--rm")
        self.assertEqual(run.returncode, 3, run.stderr)
        self.assertIn("NUM_EPOCH", self.failure())
        self.assertFalse((self.folder / "output/success").exists())

    def test_a_program_in_python_runs_with_its_hyperparameters(self):
        self.write("code/fit.py", PYTHON_PROGRAM)
        self.write("code/Dockerfile", f"FROM {self.image.name}\nCOPY fit.py /opt/ml/code/\n")
        built = self.smflow("build", "python_program", self.release, "Dockerfile", "--local", cwd=self.folder / "code")
        self.assert_exit(built, 0)
        self.job(rate="0.5")
        run = self.run_image("--rm", "-e", "SAGEMAKER_PROGRAM=fit.py", name=built.stdout.strip())
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual((self.folder / "model/python.txt").read_text(), "0.5")
        self.assertIn("'--rate', '0.5'", run.stdout)

    def test_another_argument_than_train_is_refused(self):
        run = self.image.docker("run", "--rm", "--network", "none", self.image.name, "serve", check=False)
        self.assertEqual(run.returncode, 2)
        self.assertIn("unknown argument 'serve'", run.stderr)

    def run_job(self, *sets, code=None):
        """The job's results: its weights, and what its log says."""
        write_pictures(self.folder / "data", 16)
        self.write("training_config.yaml", CONFIG % 2)
        name, tag = self.image.name.split(":")
        self.write("sagemaker_config.yaml", f"""\
SAGEMAKER: {{INSTANCE_TYPE: local}}
LOCAL: {{ENGINE: {"process" if code else "container"}, CODE: '{code or ""}'}}
ECR: {{IMAGE_NAME: {name}, TAG: {tag}}}
S3: {{TRAINING_DATA: file://data, SAGEMAKER_RESULTS_BUCKET: file://results}}
TRAINING: {{CONFIG_FILE: training_config.yaml}}
CONTAINER: {{ENVIRONMENT: {{OMP_NUM_THREADS: '1'}}}}
""")
        result = self.smflow("run", "--config", "sagemaker_config.yaml", *(word for each in sets for word in ("--set", each)),
                             timeout=300)
        self.assert_exit(result, 0)
        model = max(self.folder.glob("results/experiment/outputs/*/output/model.tar.gz"), key=os.path.getmtime)
        with tarfile.open(model) as archive:
            weights = {entry.name.removeprefix("./"): archive.extractfile(entry).read() for entry in archive if entry.isfile()}
        return weights, result.stdout

    def test_a_job_in_the_image_gives_what_one_of_a_process_gives(self):
        if self.release not in Path("/etc/os-release").read_text():
            self.skipTest(f"a program of {self.release} does not run as a process of another release")
        container = self.image.docker("create", self.image.name).stdout.strip()
        self.addCleanup(self.image.docker, "rm", container)
        self.image.docker("cp", f"{container}:/opt/ml/code", self.folder / "code")
        in_image, log = self.run_job()
        as_process, other_log = self.run_job(code=self.folder / "code")
        for name in ("generator.safetensors", "discriminator.safetensors"):
            self.assertEqual(in_image[name], as_process[name], name)
        losses = [re.findall(r"Loss_D: \S+ Loss_G: \S+", each) for each in (log, other_log)]
        self.assertEqual(losses[0], losses[1])
        self.assertEqual(len(losses[0]), 8)

    def test_two_hosts_train_together_and_end_with_equal_weights(self):
        weights, log = self.run_job("SAGEMAKER.INSTANCE_COUNT=2")
        digests = dict(re.findall(r"(algo-\d) │ weights of this host: sha256 (\w{64})", log))
        self.assertEqual(set(digests), {"algo-1", "algo-2"}, log)
        self.assertEqual(digests["algo-1"], digests["algo-2"])
        self.assertIn("generator.safetensors", weights)

    def test_a_second_build_compiles_nothing(self):
        built, log = self.image.build(self.folder)
        self.assertEqual(built["image_id"], self.built["image_id"])
        self.assertIn("Building CXX object", self.log)
        self.assertNotIn("Building CXX object", log)


def load_tests(loader, *_):
    suite = unittest.TestSuite()
    for release in BASES:
        suite.addTests(loader.loadTestsFromTestCase(type(f"Image_{release}", (ImageCase,), {"release": release})))
    return suite


if __name__ == "__main__":
    unittest.main()
