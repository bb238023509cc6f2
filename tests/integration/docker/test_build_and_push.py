"""smflow build with a real engine and a real registry; skopeo looks at what arrived."""

import base64
import hashlib
import json
import os
import random
import shutil
import socket
import socketserver
import subprocess
import threading
import unittest
import zipfile

import base_image
from container_engine import ContainerEngine, Registry, make_certificate, program
from smflow_case import SOURCE, SmflowCase

PASSWORD = "123456789012-auth-token"
EMPTY_LAYER = "sha256:" + hashlib.sha256(bytes(1024)).hexdigest()  # a tar of nothing
DOCKERFILE = """\
ARG BASE_IMAGE=scratch
FROM ${BASE_IMAGE}
COPY train /usr/local/bin/train
ENTRYPOINT ["/usr/local/bin/train"]
"""


def copy_of(reference, folder):
    """The manifest of all that the registry has under this name, which lies in the folder then."""
    subprocess.run([program("skopeo"), "copy", "--src-tls-verify=false", "--src-creds", f"AWS:{PASSWORD}", f"docker://{reference}",
                    f"dir:{folder}"], capture_output=True, check=True)
    return folder / "manifest.json"


def write_train(case):
    """The program that the Dockerfile puts into the image."""
    case.write("main.c", "int main(void) { return 0; }\n")
    subprocess.run(["gcc", "-static", "-Os", "-s", "-o", case.folder / "train", case.folder / "main.c"], check=True)


def auth(password):
    return base64.b64encode(f"AWS:{password}".encode()).decode()


def docker(engine, *arguments):
    return subprocess.run(["docker", "-H", engine.host, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def inspect(reference):
    """What the registry has under this name."""
    return json.loads(subprocess.run(
        [program("skopeo"), "inspect", "--tls-verify=false", "--creds", f"AWS:{PASSWORD}", f"docker://{reference}"],
        capture_output=True, check=True, text=True).stdout)


class BuildAndPush(SmflowCase):
    """By the classic builder; what follows from that is what the next class changes."""

    buildkit = "0"
    first_step = "Step 1/"
    failing_step = r"'Step 2/\d : COPY missing /x' failed"

    @classmethod
    def setUpClass(cls):
        cls.engine = cls.enterClassContext(ContainerEngine(shares_network=True))
        cls.registry = cls.enterClassContext(Registry(login=("AWS", PASSWORD)))

    def setUp(self):
        super().setUp()
        self.environment.update(DOCKER_HOST=self.engine.host, DOCKER_BUILDKIT=self.buildkit)
        self.write("Dockerfile.sagemaker", DOCKERFILE)
        self.write(".dockerignore", "*\n!train\n")
        write_train(self)

    def sign_in(self, password):
        self.write_docker_config(auths={self.registry.host: {"auth": auth(password)}})

    def write_docker_config(self, **content):
        self.write("home/.docker/config.json", json.dumps(content))

    def build(self, *arguments):
        return self.smflow("build", "team/gan_training", *arguments)

    def test_the_image_arrives(self):
        self.sign_in(PASSWORD)
        result = self.build("build_0_1", "--registry", self.registry.host, "--json")
        self.assert_exit(result, 0)
        built = json.loads(result.stdout)
        name = f"{self.registry.host}/team/gan_training"
        self.assertEqual(built["image"], f"{name}:build_0_1")
        found = inspect(built["image"])
        self.assertEqual(found["Digest"], built["digest"])
        self.assertEqual(found["Name"], name)
        self.assertEqual(found["Architecture"], "amd64")
        self.assertIn("smflow.version", found["Labels"])
        self.assertNotIn(PASSWORD, result.stdout + result.stderr)
        self.assertIn(self.first_step, result.stderr)
        copy = copy_of(built["image"], self.folder / "copy")
        self.assertEqual("sha256:" + hashlib.sha256(copy.read_bytes()).hexdigest(), built["digest"])
        again = self.build("build_0_1", "--registry", self.registry.host)
        self.assert_exit(again, 0)
        self.assertIn("Layer already exists", again.stderr)

    def test_two_builds_of_the_same_files_are_one_image(self):
        first = json.loads(self.build("a", "--local", "--json").stdout)
        (self.folder / "train").touch()
        second = json.loads(self.build("b", "--local", "--json").stdout)
        self.assertEqual(first["image_id"], second["image_id"])

    def test_a_wrong_password_is_refused(self):
        for password in ("wrong", None):
            if password is None:
                (self.folder / "home/.docker/config.json").unlink()
            else:
                self.sign_in(password)
            result = self.build("v1", "--registry", self.registry.host)
            self.assert_exit(result, 4)
            self.assertIn("error[E394]", result.stderr)

    def test_a_failing_step_is_named(self):
        self.write("Dockerfile.sagemaker", "FROM scratch\nCOPY missing /x\n")
        result = self.build("v1", "--local")
        self.assert_exit(result, 5)
        self.assertRegex(result.stderr, r"error\[E355\]: " + self.failing_step)

    def test_a_base_image_that_cannot_be_had_leads_to_its_option(self):
        result = self.build("v1", "--local", "--base-image", f"{self.registry.host}/none:1")
        self.assert_exit(result, 13)
        self.assertIn("error[E357]", result.stderr)
        self.assertIn("--base-image", result.stderr)

    def private_base(self):
        """An image that only its registry has, and only for those who sign in."""
        self.sign_in(PASSWORD)
        name = f"{self.registry.host}/team/gan_training:base"
        self.assert_exit(self.build("base", "--registry", self.registry.host), 0)
        docker(self.engine, "rmi", name, "team/gan_training:base")
        return name

    def test_a_private_base_image_is_had_with_the_login_of_docker(self):
        base = self.private_base()
        (self.folder / "home/.docker/config.json").unlink()
        refused = self.build("v1", "--local", "--base-image", base)
        self.assert_exit(refused, 13)
        self.assertIn("error[E357]", refused.stderr)
        self.write("bin/docker-credential-test", "#!/bin/sh\nread -r host\n"
                   f"""echo '{{"Username": "AWS", "Secret": "{PASSWORD}"}}'\n""", 0o755)
        self.environment["PATH"] += f":{self.folder}/bin"
        for config in ({"auths": {self.registry.host: {"auth": auth(PASSWORD)}}}, {"credsStore": "test"},
                       {"credHelpers": {self.registry.host: "test"}}):
            with self.subTest(config):
                self.write_docker_config(**config)
                built = self.build("v1", "--local", "--base-image", base)
                self.assert_exit(built, 0)
                self.assertIn(f"fetching {base}\n", built.stderr)
                self.assertNotIn(PASSWORD, built.stdout + built.stderr)
                docker(self.engine, "rmi", base, "team/gan_training:v1")

    def test_an_image_that_is_copied_from_is_had_like_a_base(self):
        base = self.private_base()
        self.write("Dockerfile.sagemaker", f"FROM scratch\nCOPY --from={base} /usr/local/bin/train /train\n")
        built = self.build("v1", "--local")
        self.assert_exit(built, 0)
        docker(self.engine, "rmi", base, "team/gan_training:v1")

    def test_a_base_image_for_another_platform_says_so(self):
        self.assert_exit(self.build("amd", "--local"), 0)
        refused = self.build("arm", "--local", "--platform", "linux/arm64", "--base-image", "team/gan_training:amd")
        self.assert_exit(refused, 13)
        self.assertIn("error[E357]: for linux/arm64 the image 'team/gan_training:amd' is not on this machine", refused.stderr)
        self.assertIn("the one here is for linux/amd64", refused.stderr)

    def test_a_broken_dockerfile_is_the_engines_word(self):
        self.write("Dockerfile.sagemaker", "NONSENSE\n")
        result = self.build("v1", "--local")
        self.assert_exit(result, 5)
        self.assertIn("NONSENSE", result.stderr)


class BuildAndPushByBuildKit(BuildAndPush):
    buildkit = "1"
    first_step = "[1/1] COPY train /usr/local/bin/train"
    failing_step = r"'\[1/1\] COPY missing /x' failed: .*not found"

    def test_the_image_is_for_the_platform_that_is_asked(self):
        self.assert_exit(self.build("arm", "--local", "--platform", "linux/arm64"), 0)
        shown = docker(self.engine, "inspect", "--format", "{{.Os}}/{{.Architecture}}", "team/gan_training:arm").strip()
        self.assertEqual(shown, "linux/arm64")


class Cutting(socketserver.ThreadingTCPServer):
    """Hands on what it gets to a registry; while it is `broken`, not more than a megabyte on one connection."""

    daemon_threads = allow_reuse_address = True
    broken = True

    def __init__(self, host):
        super().__init__(("127.0.0.1", 0), None)
        address, port = host.split(":")
        self.behind = address, int(port)
        self.cut = threading.Event()
        self.host = f"127.0.0.1:{self.server_address[1]}"

    def finish_request(self, request, _):
        with socket.create_connection(self.behind) as behind:
            threading.Thread(target=self.hand_on, args=(behind, request), daemon=True).start()
            self.hand_on(request, behind, limit=1 << 20)

    def hand_on(self, source, target, limit=None):
        total = 0
        try:
            while piece := source.recv(1 << 16):
                if limit and self.broken and total > limit:
                    self.cut.set()
                    break
                target.sendall(piece)
                total += len(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class BrokenUpload(SmflowCase):
    def test_a_push_whose_layer_breaks_off_goes_on_from_what_has_arrived(self):
        engine = self.enterContext(ContainerEngine(shares_network=True))
        registry = self.enterContext(Registry(login=("AWS", PASSWORD)))
        proxy = Cutting(registry.host)
        self.serve(proxy)
        self.environment["DOCKER_HOST"] = engine.host
        self.write("home/.docker/config.json", json.dumps({"auths": {proxy.host: {"auth": auth(PASSWORD)}}}))
        self.write("small", "small")
        (self.folder / "large").write_bytes(random.Random(1).randbytes(8 << 20))
        self.write("Dockerfile.sagemaker", "FROM scratch\nCOPY small /\nCOPY large /\n")
        job = self.start("build", "gan_training", "v1", "--registry", proxy.host)
        self.assertTrue(any(": Pushed" in line for line in job.stderr))
        self.assertTrue(proxy.cut.wait(60))
        job.send_signal(2)
        _, err = job.communicate(timeout=60)
        self.assertEqual(job.returncode, 130, err)
        self.assertIsNone(registry.manifest("gan_training", "v1"))
        proxy.broken = False
        again = self.smflow("build", "gan_training", "v1", "--registry", proxy.host)
        self.assert_exit(again, 0)
        self.assertIn("Layer already exists", again.stderr)
        self.assertIsNotNone(registry.manifest("gan_training", "v1"))


HUB, HUB_ADDRESS = "registry-1.docker.io", "127.83.71.8"  # nobody else's: the port of a name without one is 443


@unittest.skipUnless(os.geteuid() == 0, "dockerd needs root")  # and so does the registry's port
class DockerHub(SmflowCase):
    def test_signs_in_by_its_own_name(self):
        certificate = make_certificate(self.folder, HUB)
        registry = self.enterContext(Registry(("AWS", PASSWORD), host=f"{HUB_ADDRESS}:443", certificate=certificate))
        engine = self.enterContext(ContainerEngine(shares_network=True, hosts={HUB: HUB_ADDRESS}, authority=certificate[0]))
        self.environment["DOCKER_HOST"] = engine.host
        self.write("home/.docker/config.json", json.dumps({"auths": {"https://index.docker.io/v1/": {"auth": auth(PASSWORD)}}}))
        self.write("Dockerfile.sagemaker", DOCKERFILE)
        write_train(self)
        pushed = self.smflow("build", "team/base", "1", "--registry", "docker.io")
        self.assert_exit(pushed, 0)
        self.assertIsNotNone(registry.manifest("team/base", "1"))
        docker(engine, "rmi", "team/base:1")
        built = self.smflow("build", "gan_training", "v1", "--local", "--base-image", "team/base:1")
        self.assert_exit(built, 0)
        self.assertIn("fetching team/base:1\n", built.stderr)


class BehindTheCompiler(SmflowCase):
    """The part of Dockerfile.sagemaker behind the compiler, which is left out here."""

    CONTENT = """\
#!/bin/sh
mkdir -p "$1/usr/local/bin" "$1/opt/ml/code"
printf '#!/bin/sh\\n:\\n' > "$1/usr/local/bin/train"
printf '#!/bin/sh\\necho schema\\n' > "$1/opt/ml/code/main"
echo schema > "$1/opt/ml/code/training_config.schema.json"
cp -r sagemaker_container/. "$1/opt/ml/code"
chmod 755 "$1/usr/local/bin/train" "$1/opt/ml/code/main"
find "$1" -exec touch --no-dereference --date=@0 {} +
"""

    def setUp(self):
        super().setUp()
        self.engine = self.enterContext(ContainerEngine())
        self.environment["DOCKER_HOST"] = self.engine.host
        root = self.folder / "root.tar"
        with root.open("wb") as out:
            base_image.write_installed(out, ["bash", "coreutils", "findutils", "grep", "python3", "python3-pip"])
        docker(self.engine, "import", root, "base:1")
        root.unlink()
        shutil.copy(SOURCE / "Dockerfile.sagemaker", self.write("context/system_packages.txt", "").parent)
        self.write("context/tools/packages.sh", "#!/bin/sh\n", 0o755)
        self.write("context/tools/image_content.sh", self.CONTENT, 0o755)
        folder = self.folder / "context/sagemaker_container/packages"
        folder.mkdir(parents=True)
        with zipfile.ZipFile(folder / "helper-1.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr("helper.py", "ANSWER = 42\n")
            wheel.writestr("helper-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: helper\nVersion: 1.0\n")
            wheel.writestr("helper-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr("helper-1.0.dist-info/RECORD", "")

    def build(self, requirements):
        self.write("context/sagemaker_container/requirements.txt", requirements)
        return self.smflow("build", "gan_training", "v1", "--local", "--base-image", "base:1",
                           cwd=self.folder / "context")

    def layers(self, buildkit):
        self.environment["DOCKER_BUILDKIT"] = buildkit
        self.assert_exit(self.build("# none\n"), 0)
        layers = json.loads(docker(self.engine, "inspect", "gan_training:v1"))[0]["RootFS"]["Layers"]
        docker(self.engine, "rmi", "gan_training:v1")
        docker(self.engine, "builder", "prune", "--all", "--force")
        return layers

    def test_two_builds_by_buildkit_give_the_same_layers(self):
        first, second = self.layers("1"), self.layers("1")
        self.assertEqual(first, second)
        self.assertEqual(first[-1], EMPTY_LAYER)
        self.assertEqual(first[:-1], self.layers("0"))

    def test_packages_of_the_file_are_in_the_image(self):
        built = self.build("# ours\n--no-index\n--find-links /opt/ml/code/packages\nhelper==1.0\n")
        self.assert_exit(built, 0)
        answer = docker(self.engine, "run", "--rm", "--network", "none", "--entrypoint", "python3", "gan_training:v1", "-c",
                        "import helper; print(helper.ANSWER)")
        self.assertEqual(answer, "42\n")
        missing = self.build("--no-index\nthere-is-none==1.0\n")
        self.assert_exit(missing, 5)
        self.assertIn("error[E355]", missing.stderr)
        self.assertIn("there-is-none==1.0", missing.stderr)


class RunByBuildKit(SmflowCase):
    """Steps that run something, in an engine whose containers have a network."""

    def setUp(self):
        super().setUp()
        engine = self.enterContext(ContainerEngine())
        self.environment.update(DOCKER_HOST=engine.host, DOCKER_BUILDKIT="1")
        root = self.folder / "root.tar"
        with root.open("wb") as out:
            base_image.write_installed(out, ["bash", "coreutils"])
        subprocess.run(["docker", "-H", engine.host, "import", root, "base:1"], check=True, capture_output=True)
        root.unlink()

    def build(self, dockerfile, *more):
        self.write("Dockerfile", dockerfile)
        return self.smflow("build", "gan_training", "v1", "Dockerfile", "--local", "--json", *more)

    def test_stages_that_run_at_once_and_its_mounts_are_known(self):
        result = self.build("FROM base:1 AS one\nRUN --mount=type=cache,target=/kept echo one > /1\n"
                            "FROM base:1\nRUN mkdir -p /opt/ml/code; echo '{}' > /opt/ml/code/training_config.schema.json\n"
                            "COPY --from=one /1 /1\nRUN echo hello; echo world\n")
        self.assert_exit(result, 0)
        self.assertIn("[one 2/2] RUN --mount=type=cache,target=/kept echo one > /1\n", result.stderr)
        self.assertIn("  hello\n  world\n", result.stderr)
        self.assertRegex(json.loads(result.stdout)["labels"]["smflow.config_schema"], "^sha256:[0-9a-f]{64}$")

    def test_a_step_that_fails_is_shown_with_its_own_last_lines(self):
        result = self.build("FROM base:1 AS other\nRUN echo of another step; sleep 1\nFROM base:1\n"
                            "RUN for i in 1 2 3; do echo line $i; done; exit 3\nCOPY --from=other /etc /x\n")
        self.assert_exit(result, 5)
        self.assertIn("error[E355]: '[stage-1 2/3] RUN for i in 1 2 3; do echo line $i; done; exit 3' failed", result.stderr)
        self.assertIn("    line 1\n    line 2\n    line 3\n", result.stderr)

    def test_a_base_image_that_cannot_be_had_leads_to_its_option(self):
        result = self.build("ARG BASE_IMAGE=127.0.0.1:1/none:1\nFROM ${BASE_IMAGE}\n")
        self.assert_exit(result, 13)
        self.assertIn("error[E357]", result.stderr)
        self.assertIn("--base-image", result.stderr)


if __name__ == "__main__":
    unittest.main()
