"""What is of containers only: images, shapes, code over the image's own, owners of files, and killed launchers."""

import json
import os
import resource
import signal
import subprocess
import unittest
from pathlib import Path

import boto3

from engine_image import IMAGE, docker, engine_with_image

try:
    with_engine = engine_with_image()
    with_engine.__enter__()
    unittest.addModuleCleanup(with_engine.__exit__, None, None, None)
except unittest.SkipTest as skipped:
    print(skipped)
    raise

import test_rehearse  # noqa: E402
from engine_case import SMFLOW, EngineCase  # noqa: E402  reads the image's name

USER = 61500


class Images(EngineCase):
    def test_a_job_without_an_image_says_so(self):
        self.shell("echo started")
        result = self.job("ECR.IMAGE_NAME=")
        self.assert_exit(result, 3)
        self.assertIn("E120", result.stderr)

    def test_an_image_that_is_nowhere_says_how_to_build_it(self):
        self.shell("echo started")
        result = self.job("ECR.IMAGE_NAME=nowhere/there-is-none")
        self.assert_exit(result, 13)
        self.assertIn("E364", result.stderr)
        self.assertIn("smflow build", result.stderr)
        self.assert_nothing_left()

    def test_an_image_without_an_entrypoint_says_so(self):
        self.shell("echo started")
        docker("tag", "engine-base:1", "no-train:1")
        result = self.job("ECR.IMAGE_NAME=no-train", "ECR.TAG=1")
        self.assert_exit(result, 3)
        self.assertIn("E366", result.stderr)
        self.assert_nothing_left()

    def test_gpus_that_are_not_there_say_so(self):
        self.shell("echo started")
        result = self.job("SAGEMAKER.INSTANCE_TYPE=local_gpu")
        self.assert_exit(result, 5)
        self.assertIn("E365", result.stderr)
        self.assert_nothing_left()


class Check(EngineCase):
    def check(self, *sets):
        # What the built program knows.
        self.write("training_config.yaml", "TRAINING: {NUM_EPOCHS: 1}\n")
        return self.smflow("check", *self.arguments("LOCAL.CODE=", *sets)[1:])

    def test_a_local_image_without_the_program_is_found_before_the_job(self):
        self.shell("echo ran")
        result = self.check()
        self.assert_exit(result, 3)
        self.assertIn("E234", result.stdout)
        self.assertIn("no main, no main.py, no main.sh below /opt/ml/code", result.stdout)

    def test_a_local_image_with_the_program_passes(self):
        self.shell("echo ran")
        (self.folder / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY code/main.sh /opt/ml/code/step/train.sh\n")
        docker("build", "-t", "with-program:1", self.folder)
        result = self.check("ECR.IMAGE_NAME=with-program", "ECR.TAG=1", "CONTAINER.PROGRAM=step/train.sh")
        self.assert_exit(result, 0)
        self.assertIn("step/train.sh is in the image", result.stdout)


class Record(EngineCase):
    def image_that_says(self, word):
        self.shell(f"echo {word}; echo 1 > $SM_MODEL_DIR/weights")
        (self.folder / "Dockerfile").write_text(f"FROM {IMAGE}\nCOPY code/main.sh /opt/ml/code/main.sh\n")
        docker("build", "-t", "its-own-program:1", self.folder)

    def test_a_run_is_recorded_with_its_image_and_replicated_in_it(self):
        self.write("training_config.yaml", "TRAINING: {NUM_EPOCHS: 1}\n")  # what the built program knows
        self.image_that_says("of the image")
        self.shell("echo of the folder")
        result = self.job("LOCAL.CODE=", "ECR.IMAGE_NAME=its-own-program", "ECR.TAG=1")
        self.assert_exit(result, 0)
        self.assertIn("of the image", result.stdout)
        (file,) = (self.folder / "results").rglob("record.json")
        record = json.loads(file.read_text())
        image = docker("inspect", "--format", "{{.Id}}", "its-own-program:1").stdout.decode().strip()
        self.assertEqual((record["target"]["mode"], record["image"]["digest"], record["code"]), ("container", image, None))
        replicate = ["runs", "replicate", file.parent.name, "--bucket", f"file://{self.folder}/results"]
        again = self.smflow(*replicate)
        self.assert_exit(again, 0)
        self.assertIn("of the image", again.stdout)
        self.image_that_says("another")
        drifted = self.smflow(*replicate)
        self.assertNotEqual(drifted.returncode, 0, drifted.stdout)
        self.assertIn("image 'its-own-program:1'", drifted.stderr)


class Choice(EngineCase):
    def test_auto_takes_the_container_when_its_image_is_there(self):
        self.shell("test -e /opt/.smflow || echo in a container\n")
        result = self.job("LOCAL.ENGINE=auto")
        self.assert_exit(result, 0)
        self.assertIn("in a container of smflow-engine-test:1", result.stderr)
        self.assertIn("in a container\n", result.stdout)

    def test_auto_takes_the_process_when_the_image_is_not_there_and_says_why(self):
        self.shell("test -e /opt/.smflow && echo no container\n")
        result = self.job("LOCAL.ENGINE=auto", "ECR.TAG=2")
        self.assert_exit(result, 0)
        self.assertIn("as a process of this machine: the image 'smflow-engine-test:2' is not on this machine", result.stderr)
        self.assertIn("no container\n", result.stdout)

    def test_auto_takes_the_process_when_no_engine_answers(self):
        self.environment["DOCKER_HOST"] = f"unix://{self.folder}/nobody.sock"
        self.shell("echo ran\n")
        result = self.job("LOCAL.ENGINE=auto")
        self.assert_exit(result, 0)
        self.assertIn("as a process of this machine: no container engine answers", result.stderr)


class Rehearsal(EngineCase):
    def test_a_spot_interruption_takes_the_container_and_leaves_the_checkpoints(self):
        each = f"tell; {test_rehearse.LEAVE}; [ -e /tmp/old ] || touch /tmp/old"
        begin = f"trap 'asked=yes' TERM; [ ! -e /tmp/old ] || exit 9\n{test_rehearse.RESUME}"
        self.write("code/main.sh", test_rehearse.PROGRAM.format(steps=40, begin=begin, each=each), 0o755)

        def rehearse(seconds):
            self.variables["PACE"] = seconds / 10
            return self.smflow("rehearse", "spot", *self.arguments()[1:], "--after", f"{seconds}s", "--times", "2", "--json")

        result = test_rehearse.in_time(rehearse)
        self.assert_exit(result, 0)
        verdict = json.loads(result.stdout)
        self.assertEqual(verdict["verdict"], "identical", verdict)
        self.assertEqual([one["hosts"] for one in verdict["interruptions"]], [[{"name": "algo-1", "exit_code": 143}]] * 2)
        self.assertEqual([one["lost_steps"] for one in verdict["interruptions"]], [0, 0])
        self.assert_nothing_left()


class Machine(EngineCase):
    def test_a_shape_limits_the_memory_of_a_host(self):
        self.python("import os\nprint('memory', open('/sys/fs/cgroup/memory/memory.limit_in_bytes').read()\n"
                    "      if os.path.exists('/sys/fs/cgroup/memory') else open('/sys/fs/cgroup/memory.max').read())\n")
        self.run_ends(0, "LOCAL.SHAPE=ml.t3.medium")
        self.assertIn(f"memory {4 << 30}\n", self.output)

    def test_a_program_that_is_killed_for_its_memory_says_so(self):
        self.shell("exec python3 -c \"x = [bytearray(1 << 24) for _ in range(1 << 20)]\"\n")
        reason = self.run_ends(10, "LOCAL.SHAPE=ml.t3.medium")["reason"]
        self.assertRegex(reason, "OutOfMemory|out of memory")

    def test_a_shape_that_is_none_is_an_error_of_the_config(self):
        result = self.job("LOCAL.SHAPE=ml.nothing.large")
        self.assert_exit(result, 3)
        self.assertIn("E073", result.stderr)

    def test_a_program_may_open_many_files(self):
        allowed = min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
        self.shell('echo "soft $(ulimit -Sn) hard $(ulimit -Hn)"\n')
        self.run_ends(0)
        self.assertIn(f"soft {allowed} hard {allowed}\n", self.output)

    def test_shared_memory_is_not_the_64_mebibytes_of_docker(self):
        self.shell("df --output=size -k /dev/shm | tail -n 1\n")
        self.run_ends(0)
        sizes = [int(line) for line in self.output.splitlines() if line.strip().isdigit()]
        self.assertGreater(sizes[0], 1 << 20)


@unittest.skipUnless(os.geteuid() == 0, "needs root")
class Owners(EngineCase):
    def test_every_file_belongs_to_the_caller_whoever_runs_in_the_container(self):
        self.shell("id -u; echo 1 > $SM_MODEL_DIR/weights; mkdir -m 700 /opt/ml/checkpoints/deep\n"
                   "echo 1 > /opt/ml/checkpoints/deep/state; chown 1234 $SM_MODEL_DIR/weights\n")
        for program in (SMFLOW, Path(SMFLOW).parent / "smflow-network"):
            (self.folder / "bin").mkdir(exist_ok=True)
            copy = self.folder / "bin" / Path(program).name
            copy.write_bytes(Path(program).read_bytes())
            copy.chmod(0o755)
        engine = Path(os.environ["DOCKER_HOST"].removeprefix("unix://"))
        engine.parent.chmod(0o755)
        engine.chmod(0o666)
        for path in [self.folder, *self.folder.rglob("*")]:
            os.chown(path, USER, USER, follow_symlinks=False)
        command = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", self.folder / "bin/smflow"]
        result = subprocess.run([*command, *self.arguments()], cwd=self.folder, env=self.environment, capture_output=True,
                                stdin=subprocess.DEVNULL, text=True, timeout=120, check=False)
        self.assert_exit(result, 0)
        self.assertIn("0\n", result.stdout)
        paths = [*(self.folder / "results").rglob("*"), *(self.folder / "work").rglob("*")]
        self.assertEqual({path.lstat().st_uid for path in paths}, {USER})
        self.assertTrue((self.folder / "results/exp/checkpoints" / self.records()[-1].name / "deep/state").is_file())
        self.assert_nothing_left()


class Code(EngineCase):
    def files(self):
        return {path.relative_to(self.folder): path.read_bytes() for path in (self.folder / "code").rglob("*") if path.is_file()}

    def test_a_program_may_write_beside_itself_and_the_folder_of_the_user_stays_as_it_is(self):
        self.write("code/part/state.txt", "old\n")
        self.shell("cat part/state.txt; echo new > part/state.txt; rm main.sh; mkdir made; echo 1 > made/file\n"
                   "cat part/state.txt made/file > $SM_MODEL_DIR/weights\n")
        before = self.files()
        self.run_ends(0)
        self.assertIn("old\n", self.output)
        self.assertEqual(self.files(), before)
        self.assertEqual(docker("volume", "ls", "--quiet").stdout, b"")
        self.run_ends(0)
        self.assertIn("old\n", self.output)

    def test_it_replaces_all_that_the_image_has(self):
        self.write("image/Dockerfile", f"FROM {IMAGE}\nRUN mkdir -p /opt/ml/code && echo 1 > /opt/ml/code/main.py\n")
        docker("build", "-t", "with-code:1", self.folder / "image")
        self.shell("ls\n")
        self.run_ends(0, "ECR.IMAGE_NAME=with-code", "ECR.TAG=1")
        self.assertIn("main.sh\n", self.output)
        self.assertNotIn("main.py\n", self.output)

    def test_it_is_there_without_the_folders_of_the_jobs_in_it(self):
        self.write("main.sh", "#!/bin/sh\nls; date +%Y -r main.sh\n", 0o755)
        os.utime(self.folder / "main.sh", (1_700_000_000, 1_700_000_000))
        self.run_ends(0, "LOCAL.CODE=.")
        self.assertIn("sagemaker_config.yaml\n", self.output)
        self.assertNotIn("work\n", self.output)
        self.assertIn("2023\n", self.output)


class Isolation(EngineCase):
    def test_network_isolation_gives_the_hosts_a_network_without_a_way_out(self):
        self.shell("echo ready; while ! test -e /opt/ml/input/data/traindata/go; do sleep 0.05; done; echo done\n")
        process = self.start(*self.arguments("SAGEMAKER.NETWORK_ISOLATION=true"))
        self.assertTrue(any("ready" in line for line in process.stdout))
        (name,) = docker("network", "ls", "--filter", "label=smflow.job", "--format", "{{.Name}}").stdout.decode().split()
        internal = docker("network", "inspect", "--format", "{{.Internal}}", name).stdout.decode().strip()
        self.assertEqual(internal, "true")
        (container,) = docker("ps", "--filter", "label=smflow.job", "--format", "{{.Networks}}").stdout.decode().split()
        self.assertEqual(container, name)
        self.write("data/go", "")
        self.assertIn("done", process.communicate(timeout=60)[0])
        self.assert_nothing_left()


class KilledLaunchers(EngineCase):
    def kill_a_launcher(self):
        self.shell("echo ready; while :; do sleep 1; done\n")
        process = subprocess.Popen([SMFLOW, *self.arguments("SAGEMAKER.INSTANCE_COUNT=2")], cwd=self.folder, text=True,
                                   env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.assertTrue(any("ready" in line for line in process.stdout))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.assertEqual(len(self.containers()), 3, "two hosts and their network")

    def test_the_next_job_removes_what_a_killed_launcher_left(self):
        self.kill_a_launcher()
        self.shell("echo ran\n")
        self.run_ends(0)

    def test_doctor_removes_what_a_killed_launcher_left(self):
        self.kill_a_launcher()
        result = self.smflow("doctor", "--clean")
        self.assert_exit(result, 0)
        self.assertEqual(result.stdout.count("removed smflow-job-"), 3)
        self.assertEqual(self.containers(), [])
        self.assertIn("nothing was left behind", self.smflow("doctor", "--clean").stdout)

    def test_a_job_that_runs_is_left_alone(self):
        self.shell("echo ready; while ! test -e /opt/ml/input/data/traindata/go; do sleep 0.05; done; echo done\n")
        process = self.start(*self.arguments())
        self.assertTrue(any("ready" in line for line in process.stdout))
        self.assertIn("nothing was left behind", self.smflow("doctor", "--clean").stdout)
        self.write("data/go", "")
        self.assertIn("done", process.communicate(timeout=60)[0])
        self.assertEqual(process.returncode, 0)


class Emulator(EngineCase):
    def test_its_jobs_run_in_their_images(self):
        self.shell("test -e /opt/.smflow || echo in a container\n")
        (self.folder / "s3/bucket").mkdir(parents=True)
        server = self.start("emulator", "--engine", "container", "--code", "code", "--s3-root", "s3", "--port", "0", "--json")
        endpoint = json.loads(server.stdout.readline())["endpoint"]
        client = boto3.client("sagemaker", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="x",
                              aws_secret_access_key="x")
        client.create_training_job(
            TrainingJobName="demo", RoleArn="arn:aws:iam::111122223333:role/train",
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": "s3://bucket/out"}, StoppingCondition={"MaxRuntimeInSeconds": 600},
            ResourceConfig={"InstanceType": "ml.c5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30})
        client.get_waiter("training_job_completed_or_stopped").wait(
            TrainingJobName="demo", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        logs = boto3.client("logs", endpoint_url=endpoint, region_name="eu-west-1", aws_access_key_id="x",
                            aws_secret_access_key="x")
        events = logs.filter_log_events(logGroupName="/aws/sagemaker/TrainingJobs")["events"]
        self.assertIn("in a container", [event["message"] for event in events])


if __name__ == "__main__":
    unittest.main()
