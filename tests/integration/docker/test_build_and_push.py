"""smflow build with a real engine and a real registry; skopeo looks at what arrived."""

import base64
import json
import subprocess
import unittest

import base_image
from container_engine import ContainerEngine, Registry, program
from smflow_case import SmflowCase

PASSWORD = "123456789012-auth-token"
DOCKERFILE = """\
ARG BASE_IMAGE=scratch
FROM ${BASE_IMAGE}
COPY train /usr/local/bin/train
ENTRYPOINT ["/usr/local/bin/train"]
"""


def write_train(case):
    """The program that the Dockerfile puts into the image."""
    case.write("main.c", "int main(void) { return 0; }\n")
    subprocess.run(["gcc", "-static", "-Os", "-s", "-o", case.folder / "train", case.folder / "main.c"], check=True)


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
        auth = base64.b64encode(f"AWS:{password}".encode()).decode()
        self.write("home/.docker/config.json", json.dumps({"auths": {self.registry.host: {"auth": auth}}}))

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

    def test_a_broken_dockerfile_is_the_engines_word(self):
        self.write("Dockerfile.sagemaker", "NONSENSE\n")
        result = self.build("v1", "--local")
        self.assert_exit(result, 5)
        self.assertIn("NONSENSE", result.stderr)


class BuildAndPushByBuildKit(BuildAndPush):
    buildkit = "1"
    first_step = "[1/1] COPY train /usr/local/bin/train"
    failing_step = r"'\[1/1\] COPY missing /x' failed: .*not found"


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
