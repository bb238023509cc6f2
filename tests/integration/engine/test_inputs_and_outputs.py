"""What a program finds in /opt/ml, and what is kept of what it leaves there."""

import hashlib
import json
import os
import subprocess
import tarfile
import uuid

from engine_case import IMAGE, EngineCase, of_processes, unittest
from secret_scan import leaks


class Inputs(EngineCase):
    def test_a_folder_is_read_only_and_not_copied(self):
        self.shell(
            "stat -c 'inode %d:%i' $SM_CHANNEL_TRAINDATA/a.txt\n"
            "cd $SM_CHANNEL_TRAINDATA; touch new 2>&1; rm a.txt 2>&1; echo x >> a.txt\n"
            "touch /opt/ml/code/new 2>&1; true\n")
        self.run_ends(0)
        status = (self.folder / "data/a.txt").stat()
        self.assertIn(f"inode {status.st_dev}:{status.st_ino}\n", self.output)
        self.assertGreaterEqual(self.output.count("Read-only file system"), 3, self.output)
        self.assertEqual([p.name for p in (self.folder / "data").iterdir()], ["a.txt"])
        self.assertEqual((self.folder / "data/a.txt").read_text(), "one\n")
        self.assertEqual([p.name for p in (self.folder / "code").iterdir()], ["main.sh"])

    def test_a_file_stands_in_its_channel_under_its_own_name(self):
        self.write("data/b.txt", "not this one\n")
        self.shell("cd $SM_CHANNEL_TRAINDATA; echo \"$(ls): $(cat a.txt)\"; echo x 2>&1 > a.txt; true\n")
        self.run_ends(0, "S3.TRAINING_DATA=file://data/a.txt")
        self.assertIn("a.txt: one\n", self.output)
        self.assertNotIn("b.txt", self.output)
        self.assertEqual((self.folder / "data/a.txt").read_text(), "one\n")

    def test_the_callers_credentials_come_when_they_are_asked_for_and_are_on_no_disk(self):
        secret = "wJalrXUtnFEMI/K7MDENG/" + uuid.uuid4().hex
        self.environment.update(AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY=secret, AWS_SESSION_TOKEN="t/" + secret)
        self.shell('echo "key ${AWS_ACCESS_KEY_ID:-none}"; printf %s "$AWS_SECRET_ACCESS_KEY $AWS_SESSION_TOKEN" | sha256sum\n'
                   'echo ready; until test -e $SM_CHANNEL_TRAINDATA/go; do sleep 0.05; done\n')
        for asked in (True, False):
            (self.folder / "data/go").unlink(missing_ok=True)
            job = self.start(*self.arguments(f"LOCAL.AWS_CREDENTIALS={str(asked).lower()}"))
            lines = []
            for line in job.stdout:
                lines.append(line)
                if line.endswith("ready\n"):
                    break
            self.assertEqual(leaks({"the secret": secret}, [self.folder], self.descriptions()), [])
            (self.folder / "data/go").touch()
            out, err = job.communicate(timeout=60)
            self.assertEqual(job.returncode, 0, out + err)
            shown = "".join(lines) + out
            given = f"{secret} t/{secret}" if asked else " "
            self.assertIn("key AKIDEXAMPLE\n" if asked else "key none\n", shown)
            self.assertIn(hashlib.sha256(given.encode()).hexdigest(), shown)
            self.assertEqual(leaks({"the secret": secret}, [self.folder], [("output", shown + err)]), [])

    @staticmethod
    def descriptions():
        """What the container engine knows of all containers."""
        if not IMAGE:
            return []
        listed = subprocess.run(["docker", "ps", "-aq"], capture_output=True, text=True, check=True).stdout.split()
        return [("docker inspect", subprocess.run(["docker", "inspect", *listed], capture_output=True, text=True, check=True).stdout)]

    def test_odd_names_of_folders_do_no_harm(self):
        self.write("odd däta 'x' $(y)/a b.txt", "odd\n")
        self.shell('cat "$SM_CHANNEL_TRAINDATA/a b.txt"\n')
        self.run_ends(0, "S3.TRAINING_DATA=file://odd däta 'x' $(y)")
        self.assertIn("odd\n", self.output)

    def test_what_is_no_data_is_refused_before_anything_starts(self):
        self.shell("echo started")
        os.mkfifo(self.folder / "pipe")
        for place in ("nowhere", "pipe"):
            with self.subTest(place):
                result = self.job(f"S3.TRAINING_DATA=file://{place}")
                self.assert_exit(result, 3)
                self.assertIn(place, result.stderr)
                self.assertNotIn("started", result.stdout)

    def test_the_files_of_the_contract_are_those_of_the_platform(self):
        self.shell("cd /opt/ml/input/config; for f in *; do echo; echo $f $(cat $f); done\n")
        self.run_ends(0)
        lines = dict(line.split(" ", 1) for line in self.output.splitlines() if ".json {" in line)
        found = {name: json.loads(text) for name, text in lines.items()}
        self.assertEqual(found["hyperparameters.json"],
                         {"output_dir": "/opt/ml/checkpoints", "train_cfg_filename": "training_config.yaml"})
        channel = {"TrainingInputMode": "File", "S3DistributionType": "FullyReplicated", "RecordWrapperType": "None"}
        self.assertEqual(found["inputdataconfig.json"], {"config": channel, "traindata": channel})
        self.assertEqual(found["checkpointconfig.json"], {"LocalPath": "/opt/ml/checkpoints"})
        group = {"instance_group_name": "homogeneousCluster", "instance_type": "local", "hosts": ["algo-1"]}
        resources = {"current_host": "algo-1", "current_instance_type": "local", "hosts": ["algo-1"],
                     "current_group_name": "homogeneousCluster", "instance_groups": [group],
                     "network_interface_name": "eth0" if IMAGE else "lo"}
        self.assertEqual({name: found["resourceconfig.json"].get(name) for name in resources}, resources)

    def test_a_pipe_gives_all_objects_in_order_once_an_epoch(self):
        self.write("data/b/c.txt", "two\n")
        self.shell(
            "grep -o 'traindata.*Pipe' /opt/ml/input/config/inputdataconfig.json | cut -c1-9\n"
            "for epoch in 0 1 2; do\n"
            "  while ! test -p /opt/ml/input/data/traindata_$epoch; do sleep 0.05; done\n"
            "  echo epoch $epoch: $(cat /opt/ml/input/data/traindata_$epoch)\n"
            "done\n")
        self.run_ends(0, "S3.INPUT_MODE=Pipe")
        for epoch in range(3):
            self.assertIn(f"epoch {epoch}: one two\n", self.output)

    def test_a_pipe_that_is_closed_early_ends_its_epoch_and_one_that_is_not_read_does_no_harm(self):
        self.write("data/a.txt", "line\n" * 1_000_000)
        self.shell("first=$(head -n 1 /opt/ml/input/data/traindata_0)\n"
                   "while ! test -p /opt/ml/input/data/traindata_1; do sleep 0.05; done\n"
                   "echo $first, then $(wc -l < /opt/ml/input/data/traindata_1)\n")
        self.run_ends(0, "S3.INPUT_MODE=Pipe")
        self.assertIn("line, then 1000000\n", self.output)

    @of_processes("an image is its own machine")
    def test_the_program_sees_itself_alone_on_a_read_only_machine(self):
        # Without root the topmost folders are the job's own, and go with it.
        topmost = "/ /opt" if os.geteuid() == 0 else ""
        self.shell(
            "echo host $(hostname), process $(cut -d' ' -f1 /proc/self/stat), others $(ls -d /proc/[0-9]* | wc -l)\n"
            f"for d in {topmost} /etc /usr /var; do touch $d/smflow-test-file 2>/dev/null && echo wrote $d; done\n"
            f"touch /tmp/{self.mark} /dev/shm/{self.mark} && echo scratch; test -e /opt/.smflow/train && ls /tmp\n")
        self.run_ends(0)
        self.assertRegex(self.output, r"host algo-1, process \d{1,2}, others \d\n")
        self.assertNotIn("wrote", self.output)
        self.assertIn("scratch\n", self.output)
        for place in (f"/tmp/{self.mark}", f"/dev/shm/{self.mark}", "/smflow-test-file", "/etc/smflow-test-file",
                      "/opt/smflow-test-file"):
            self.assertFalse(os.path.exists(place), place)


class Artifacts(EngineCase):
    def members(self):
        with tarfile.open(self.output_folder() / "model.tar.gz") as model:
            return {member.name: member for member in model}

    def test_equal_folders_give_equal_archives_without_owners_or_absolute_paths(self):
        self.shell(
            "cd $SM_MODEL_DIR; mkdir -p net/deep; seq 1 20000 > net/weights; echo 1 > net/deep/x; echo run > tool\n"
            "chmod 755 tool; chown 1234:5678 tool 2>/dev/null\n"
            "ln -s /opt/ml/model/net/weights latest; ln -s deep net/link\n"
            "find . -exec touch -h -d @1700000000 {} +\n")
        archives = []
        for _ in range(2):
            self.run_ends(0)
            archives.append((self.output_folder() / "model.tar.gz").read_bytes())
        self.assertEqual(archives[0], archives[1])
        members = self.members()
        self.assertEqual(sorted(members),
                         ["latest", "net", "net/deep", "net/deep/x", "net/link", "net/weights", "tool"])
        for name, member in members.items():
            self.assertEqual((member.uid, member.gid, member.uname, member.gname), (0, 0, "", ""), name)
        self.assertEqual(members["latest"].linkname, "net/weights")
        self.assertEqual(members["net/link"].linkname, "deep")
        self.assertEqual(members["tool"].mode & 0o777, 0o755)

    def test_a_link_that_leaves_is_an_error_and_not_an_archive(self):
        for target in ("/etc/passwd", "../../input"):
            with self.subTest(target):
                self.shell(f"echo 1 > $SM_MODEL_DIR/weights; ln -s {target} $SM_MODEL_DIR/leaves\n")
                self.assert_exit(self.job(), 10)
                self.assertRegex(self.outcome()["reason"], "^ClientError: .*leaves")
                self.assertEqual(list(self.output_folder().glob("model*")), [])
                self.assertEqual(self.marked_processes(), {})

    def test_special_files_are_left_out(self):
        self.shell("cd $SM_MODEL_DIR; mkfifo pipe; echo 1 > weights\n")
        self.run_ends(0)
        self.assertEqual(sorted(self.members()), ["weights"])

    def test_a_program_that_leaves_nothing_has_no_archive(self):
        self.shell("rmdir $SM_MODEL_DIR 2>/dev/null; rm -rf $SM_OUTPUT_DATA_DIR; true\n")
        outcome = self.run_ends(0)
        self.assertEqual(list(self.output_folder().glob("*")), [])
        self.assertNotIn("tar.gz", json.dumps(outcome["artifacts"]))

    def test_folders_that_the_program_locked_are_kept_and_removed_all_the_same(self):
        self.shell("mkdir -p $SM_MODEL_DIR/d /tmp/locked/deep; echo 1 > $SM_MODEL_DIR/d/x; chmod 555 $SM_MODEL_DIR/d\n"
                   "chmod 000 /tmp/locked/deep /tmp/locked\n")
        self.run_ends(0)
        self.assertIn("d/x", self.members())

    def test_a_failed_program_keeps_what_it_left(self):
        self.shell("echo 1 > $SM_MODEL_DIR/weights; echo 2 > $SM_OUTPUT_DATA_DIR/note; exit 3\n")
        self.fails(3)
        self.assertEqual(sorted(self.members()), ["weights"])
        self.assertTrue((self.output_folder() / "output.tar.gz").is_file())

    def test_resume_finds_the_checkpoints_and_goes_on(self):
        self.shell(
            "cd /opt/ml/checkpoints; n=$(cat step 2>/dev/null || echo 0); n=$((n + 1)); echo $n > step; mkdir -p deep\n"
            "echo $n > deep/state-$n; echo half > half.tmp; echo step $n\n")
        self.run_ends(0)
        self.assertIn("step 1\n", self.output)
        earlier = self.records()[-1].name
        result = self.smflow(*self.arguments(), "--resume-from", earlier)
        self.assert_exit(result, 0)
        self.assertIn("step 2\n", result.stdout)
        # As on the platform with one S3Uri: the job goes on in the folder that it resumes from.
        stored = self.folder / "results/exp/checkpoints" / earlier
        self.assertEqual((stored / "step").read_text(), "2\n")
        files = sorted(str(p.relative_to(stored)) for p in stored.rglob("*") if p.is_file())
        self.assertEqual(files, ["deep/state-1", "deep/state-2", "step"])



if __name__ == "__main__":
    unittest.main()
