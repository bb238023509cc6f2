"""Jobs of several hosts on one machine: names, network, folders, and what happens when one of them fails."""

import tarfile

from engine_case import EngineCase, of_processes, unittest

TWO = "SAGEMAKER.INSTANCE_COUNT=2"

# Every host listens on the same port of all its addresses, and greets every other host by name.
GREETING = """\
import json, os, socket, time
me, hosts = os.environ["SM_CURRENT_HOST"], json.loads(os.environ["SM_HOSTS"])
server = socket.create_server(("0.0.0.0", 5678))
assert socket.gethostname() == me, socket.gethostname()
for host in hosts:
    if host == me:
        continue
    deadline = time.monotonic() + 60
    while True:
        try:
            peer = socket.create_connection((host, 5678), timeout=10)
            break
        except OSError:
            assert time.monotonic() < deadline, host
            time.sleep(0.05)
    peer.sendall(me.encode())
    peer.close()
heard = []
for _ in hosts[1:]:
    connection, _ = server.accept()
    heard.append(connection.recv(100).decode())
print(me, "heard", sorted(heard), flush=True)
"""

# One host fails as soon as the other has set what it does when it is told to end.
ONE_FAILS = """\
import os, signal, socket, sys, time
FAILS = {fails!r}
def save(*_):
    open(os.environ["SM_MODEL_DIR"] + "/saved", "w").write("saved\\n")
    sys.exit(0)
if os.environ["SM_CURRENT_HOST"] == FAILS:
    socket.create_server(("0.0.0.0", 5678)).accept()
    sys.exit("the cause of it")
signal.signal(signal.SIGTERM, {at_end})
while True:
    try:
        socket.create_connection((FAILS, 5678), timeout=10)
        break
    except OSError:
        time.sleep(0.02)
while True:
    time.sleep(0.05)
"""

# algo-2 crashes while algo-1 waits for it, which fails at once when it has lost it.
ONE_IS_LOST = """\
import os, socket, sys, time
if os.environ["SM_CURRENT_HOST"] == "algo-1":
    connection, _ = socket.create_server(("0.0.0.0", 5678)).accept()
    connection.recv(1)
    print("algo-2 is gone", file=sys.stderr, flush=True)
    os._exit(1)
while True:
    try:
        connection = socket.create_connection(("algo-1", 5678), timeout=10)
        break
    except OSError:
        time.sleep(0.02)
os.abort()
"""


class SeveralHosts(EngineCase):
    def test_hosts_reach_each_other_by_name_and_use_one_port_each(self):
        self.python(GREETING)
        self.run_ends(0, "SAGEMAKER.INSTANCE_COUNT=3")
        for host, heard in (("algo-1", ["algo-2", "algo-3"]), ("algo-2", ["algo-1", "algo-3"]),
                            ("algo-3", ["algo-1", "algo-2"])):
            self.assertIn(f"{host} heard {heard}\n", self.log(host))

    @of_processes("Docker's isolated networks have a way to the engine's machine, which lets nothing through")
    def test_network_isolation_leaves_the_hosts_each_other_only(self):
        self.python(GREETING + """
routes = [line.split()[1] for line in open("/proc/net/route").readlines()[1:]]
print("a way out" if "00000000" in routes else "no way out")
""")
        for hosts in (1, 2):
            result = self.job("SAGEMAKER.NETWORK_ISOLATION=true", f"SAGEMAKER.INSTANCE_COUNT={hosts}")
            self.assert_exit(result, 0)
            self.assertEqual(result.stdout.count("no way out"), hosts, result.stdout + result.stderr)
            self.assert_nothing_left()

    def test_each_host_has_its_own_folders_log_and_configuration(self):
        self.shell(
            'test -z "$(ls $SM_MODEL_DIR)" && echo "$SM_CURRENT_HOST $(cat /etc/hostname) $SM_NETWORK_INTERFACE_NAME"\n'
            "echo $SM_CURRENT_HOST_RANK of $SM_HOST_COUNT, master $SM_MASTER_ADDR\n"
            "getent hosts algo-1 algo-2 >/dev/null || exit 1\n"
            "echo $SM_CURRENT_HOST > $SM_MODEL_DIR/weights-$SM_CURRENT_HOST; mkdir $SM_MODEL_DIR/shared\n"
            "echo $SM_CURRENT_HOST > $SM_MODEL_DIR/shared/$SM_CURRENT_HOST; touch /tmp/same /dev/shm/same\n")
        self.run_ends(0, TWO)
        for rank, host in enumerate(("algo-1", "algo-2")):
            self.assertIn(f"{host} {host} eth0\n{rank} of 2, master algo-1\n", self.log(host))
            self.assertIn(f"{host} │ {host} {host} eth0\n", self.output)
        with tarfile.open(self.output_folder() / "model.tar.gz") as model:
            files = {m.name: model.extractfile(m).read().decode() for m in model if m.isfile()}
        self.assertEqual(files, {"weights-algo-1": "algo-1\n", "weights-algo-2": "algo-2\n",
                                 "shared/algo-1": "algo-1\n", "shared/algo-2": "algo-2\n"})

    def test_a_channel_that_is_sharded_gives_every_object_to_one_host(self):
        for name in ("b", "sub/c", "d"):
            self.write(f"data/{name}.txt", f"{name}\n")
        self.shell("cd $SM_CHANNEL_TRAINDATA; find . -type f | sort; cat $(find . -type f | sort)\n")
        self.run_ends(0, TWO, "S3.DATA_DISTRIBUTION=ShardedByS3Key")
        self.assertIn("./a.txt\n./d.txt\none\nd\n", self.log("algo-1"))
        self.assertIn("./b.txt\n./sub/c.txt\nb\nsub/c\n", self.log("algo-2"))

    def test_one_name_from_two_hosts_is_an_error_that_names_the_file_and_loses_nothing(self):
        self.shell("mkdir $SM_MODEL_DIR/net; echo $SM_CURRENT_HOST > $SM_MODEL_DIR/net/weights.bin\n")
        outcome = self.run_keeps(TWO)
        self.assertRegex(outcome["reason"], r"^ClientError: .*net/weights\.bin")
        for host in ("algo-1", "algo-2"):
            self.assertIn(host, outcome["reason"])
            with tarfile.open(self.output_folder() / f"model-{host}.tar.gz") as model:
                self.assertEqual(model.extractfile("net/weights.bin").read().decode(), f"{host}\n")
        self.assertFalse((self.output_folder() / "model.tar.gz").exists())

    def run_keeps(self, *sets):
        """A job whose program is content but whose results cannot be saved as they are: its files stay."""
        result = self.job(*sets)
        self.assert_exit(result, 10)
        self.assertEqual(self.marked_processes(), {})
        self.assertIn("kept in", self.outcome()["reason"])
        self.assertTrue(list((self.folder / "work").glob("job-*/algo-1/ml/model/net/weights.bin")))
        return self.outcome()

    def test_a_failing_host_ends_the_other_which_may_save(self):
        self.python(ONE_FAILS.format(fails="algo-2", at_end="save"))
        reason = self.fails(1, TWO)
        self.assertTrue(reason.startswith("AlgorithmError: algo-2: "), reason)
        self.assertIn("the cause of it", reason)
        codes = {host["name"]: host["exit_code"] for host in self.outcome()["hosts"]}
        self.assertEqual(codes, {"algo-1": 0, "algo-2": 1})
        with tarfile.open(self.output_folder() / "model.tar.gz") as model:
            self.assertEqual(model.extractfile("saved").read(), b"saved\n")

    def test_the_host_that_failed_first_is_the_cause_and_not_the_one_that_lost_it(self):
        # Looking for the reason of a crash takes its host longer than the other one needs to fail.
        self.python(ONE_IS_LOST)
        reason = self.fails(134, TWO)
        self.assertTrue(reason.startswith("AlgorithmError: algo-2: "), reason)

    def test_a_host_that_ignores_the_end_of_the_other_is_killed_and_is_not_the_cause(self):
        self.python(ONE_FAILS.format(fails="algo-1", at_end="signal.SIG_IGN"))
        reason = self.fails(1, TWO, "LOCAL.STOP_GRACE=1")
        self.assertTrue(reason.startswith("AlgorithmError: algo-1: "), reason)
        codes = {host["name"]: host["exit_code"] for host in self.outcome()["hosts"]}
        self.assertEqual(codes, {"algo-1": 1, "algo-2": 137})

    def test_a_host_that_is_done_early_does_not_end_the_others(self):
        self.shell("if [ $SM_CURRENT_HOST = algo-2 ]; then exit 0; fi; sleep 0.5; echo late\n")
        self.run_ends(0, TWO)
        self.assertIn("late\n", self.log("algo-1"))

    def test_eleven_hosts_are_in_text_order_as_on_the_platform(self):
        self.shell('echo "$SM_HOSTS $SM_CURRENT_HOST_RANK"\n')
        self.run_ends(0, "SAGEMAKER.INSTANCE_COUNT=11")
        names = ["algo-1", "algo-10", "algo-11"] + [f"algo-{n}" for n in range(2, 10)]
        listed = "[" + ",".join(f'"{name}"' for name in names) + "]"
        for rank, name in enumerate(names):
            self.assertIn(f"{listed} {rank}\n", self.log(name))


if __name__ == "__main__":
    unittest.main()
