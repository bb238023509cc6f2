"""smflow build against an engine and an Amazon ECR of the test's own: what is sent, what is said, what is kept secret."""

import base64
import hashlib
import http.server
import io
import json
import os
import signal
import socketserver
import subprocess
import tarfile
import threading
import unittest
import urllib.parse

from smflow_case import SMFLOW, SOURCE, SmflowCase
from terminal import Terminal

ACCOUNT = "123456789012"
HOST = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"
IMAGE = "sha256:" + "1" * 64
DIGEST = "sha256:" + "2" * 64
PASSWORD = "eyJwYXlsb2FkIjoiVGhpcyBpcyBzZWNyZXQifQ"


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def address_string(self):
        return ""

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Engine(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """A container engine that believes it has built and pushed."""

    daemon_threads = True

    def __init__(self, path):
        self.calls = []
        self.build = [{"stream": "Step 1/1 : FROM scratch\n"}, {"stream": " ---> done\n"}, {"aux": {"ID": IMAGE}}]
        self.push = [{"status": "Pushing", "id": "ab", "progressDetail": {"current": 1, "total": 2}},
                     {"status": "Pushed", "id": "ab"}, {"aux": {"Tag": "v1", "Digest": DIGEST, "Size": 1}}]
        self.schema = None
        self.labels = {"org.opencontainers.image.base.name": "debian:12"}  # of the Dockerfile
        self.block = threading.Event()
        self.block.set()
        super().__init__(str(path), self.Handler)

    def handle_error(self, *_):
        """A client that was interrupted is gone."""

    class Handler(Quiet):
        def do_GET(self):
            if self.path == "/_ping":
                return self.answer(200, b"OK", [("Api-Version", "1.41")])
            if IMAGE.partition(":")[2] in self.path:
                return self.answer(200, json.dumps({"Id": IMAGE, "Config": {"Labels": self.server.labels}}).encode())
            if "/images/" in self.path:  # it has none until it fetches one
                return self.answer(404, b'{"message": "No such image"}')
            if "/archive?" in self.path:
                return self.answer(200 if self.server.schema else 404, self.server.schema or b"{}")
            return self.answer(200, json.dumps({"Version": "20.10", "Os": "linux", "Arch": "amd64"}).encode())

        def do_DELETE(self):
            self.answer(204, b"")

        def do_POST(self):
            if "/containers/create" in self.path:
                self.body()
                return self.answer(201, b'{"Id": "c"}')
            self.server.calls.append((self.path, dict(self.headers), self.body()))
            if "/tag?" in self.path:
                return self.answer(201, b"")
            if "/build?" in self.path:
                asked = urllib.parse.parse_qs(self.path.partition("?")[2])
                self.server.labels.update(json.loads(asked["labels"][0]))
            self.server.block.wait(30)
            fetched = [{"status": "Pull complete", "id": "ab"}]
            messages = (self.server.push if "/push" in self.path else
                        fetched if "/images/create" in self.path else self.server.build)
            return self.answer(200, b"".join(json.dumps(each).encode() + b"\r\n" for each in messages))


class Aws(http.server.ThreadingHTTPServer):
    """STS and ECR, with a repository that is made when it is asked for."""

    daemon_threads = True

    def __init__(self):
        self.operations = []
        self.made = None
        self.digest = DIGEST
        self.manifest_type = "application/vnd.docker.distribution.manifest.v2+json"
        super().__init__(("127.0.0.1", 0), self.Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def ecr(self, operation, asked):
        if operation == "DescribeRepositories" and self.made is None:
            return 400, {"__type": "RepositoryNotFoundException", "message": "none"}
        if operation == "CreateRepository":
            self.made = asked
        if operation in ("CreateRepository", "DescribeRepositories"):
            repository = {"repositoryName": "gan", "repositoryArn": "arn", "repositoryUri": HOST + "/gan"}
            return 200, {"repository": repository, "repositories": [repository]}
        if operation == "GetAuthorizationToken":
            token = base64.b64encode(f"AWS:{PASSWORD}".encode()).decode()
            return 200, {"authorizationData": [{"authorizationToken": token, "expiresAt": 1420070400,
                                                "proxyEndpoint": "https://" + HOST}]}
        return 200, {"imageDetails": [{"imageDigest": self.digest, "imageTags": ["v1"], "imageSizeInBytes": 1,
                                       "imageManifestMediaType": self.manifest_type}]}

    class Handler(Quiet):
        def do_POST(self):
            body = self.body()
            operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
            self.server.operations.append(operation or "GetCallerIdentity")
            if operation:
                status, found = self.server.ecr(operation, json.loads(body or b"{}"))
                return self.answer(status, json.dumps(found).encode(), [("Content-Type", "application/x-amz-json-1.1")])
            return self.answer(200, (f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{ACCOUNT}:"
                                     f"user/ann</Arn><UserId>U</UserId><Account>{ACCOUNT}</Account>"
                                     "</GetCallerIdentityResult></GetCallerIdentityResponse>").encode())


class Build(SmflowCase):
    def setUp(self):
        super().setUp()
        self.engine = self.serve(Engine(self.folder / "engine.sock"))
        self.environment["DOCKER_HOST"] = f"unix://{self.folder}/engine.sock"
        self.write("src/Dockerfile.sagemaker", "FROM scratch\n")
        self.write("src/.dockerignore", "secret\n")
        self.write("src/secret", "hunter2")
        self.write("src/main.cpp", "int main() {}\n")

    def build(self, *arguments, **more):
        return self.smflow("build", *arguments, cwd=self.folder / "src", **more)

    def with_aws(self):
        aws = self.serve(Aws())
        self.environment.update(AWS_ENDPOINT_URL=aws.url, AWS_REGION="eu-west-1", AWS_ACCESS_KEY_ID="AKIAIOSFODNN7EXAMPLE",
                                AWS_SECRET_ACCESS_KEY="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        return aws

    def calls(self, word):
        return [call for call in self.engine.calls if word in call[0]]

    def fetched(self):
        """The images that the engine was asked to fetch, each with the login that came along."""
        return {urllib.parse.parse_qs(path.partition("?")[2])["fromImage"][0]:
                json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"]))
                for path, headers, _ in self.calls("/images/create")}

    def test_a_local_build_sends_the_folder_and_pushes_nothing(self):
        self.write("src/Dockerfile.sagemaker", "ARG BASE_IMAGE\nFROM scratch\n")
        result = self.build("gan", "v1", "--local", "--base-image", "debian:12", "--build-arg", "A=b=c")
        self.assert_exit(result, 0)
        self.assertEqual(result.stdout, "gan:v1\n")
        self.assertIn("Step 1/1 : FROM scratch\n  ---> done\n", result.stderr)
        (path, headers, body), = self.engine.calls
        query = urllib.parse.parse_qs(path.partition("?")[2])
        self.assertEqual(query["t"], ["gan:v1"])
        self.assertEqual(query["dockerfile"], ["Dockerfile.sagemaker"])
        self.assertEqual(json.loads(query["buildargs"][0]), {"A": "b=c", "BASE_IMAGE": "debian:12"})
        self.assertIn("smflow.version", json.loads(query["labels"][0]))
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            self.assertEqual(tar.getnames(), [".dockerignore", "Dockerfile.sagemaker", "main.cpp"])
            self.assertEqual({(member.uid, member.gid, member.mtime) for member in tar}, {(0, 0, 0)})

    def test_secrets_beside_the_program_are_not_sent(self):
        self.write("src/.dockerignore", (SOURCE / ".dockerignore").read_text())
        for name in (".env", ".env.local", ".aws/credentials", ".git/config", ".vscode/launch.json", "key.pem",
                     "data/.env", "main.py", "data/classes.txt"):
            self.write(f"src/sagemaker_container/{name}", "")
        self.assert_exit(self.build("gan", "v1", "--local"), 0)
        with tarfile.open(fileobj=io.BytesIO(self.engine.calls[0][2])) as tar:
            self.assertEqual(tar.getnames(), ["Dockerfile.sagemaker"] + [
                "sagemaker_container" + name for name in ("", "/data", "/data/classes.txt", "/main.py")])

    def test_the_dockerfile_is_the_one_of_the_folder_that_is_built_from(self):
        self.write("Dockerfile.sagemaker", "FROM another\n")
        result = self.smflow("build", "gan", "v1", "--local", "--context", "src")
        self.assert_exit(result, 0)
        ((path, _, body),) = self.calls("/build")
        self.assertEqual(urllib.parse.parse_qs(path.partition("?")[2])["dockerfile"], ["Dockerfile.sagemaker"])
        with tarfile.open(fileobj=io.BytesIO(body)) as sent:
            self.assertEqual(sent.extractfile("Dockerfile.sagemaker").read(), b"FROM scratch\n")
        named = self.smflow("build", "gan", "v1", "Dockerfile.sagemaker", "--local", "--context", "src")
        self.assertIn("error[E360]", named.stderr)

    def test_a_failing_step_is_shown_with_its_last_lines(self):
        self.engine.build = [{"stream": "Step 1/2 : FROM scratch\n"}, {"stream": "Step 2/2 : RUN make\n"},
                             {"stream": "\u001b[91mmain.cpp:1: no \u001b[2Jluck\n"}, {"stream": "\u001b[0m"},
                             {"error": "x", "errorDetail": {"code": 2, "message": "returned a non-zero code: 2"}}]
        result = self.build("gan", "v1", "--local")
        self.assert_exit(result, 5)
        self.assertIn("error[E355]: 'Step 2/2 : RUN make' failed: returned a non-zero code: 2\n    main.cpp:1: no "
                      "\\x1b[2Jluck\n", result.stderr)

    def test_the_schema_in_the_image_becomes_a_label(self):
        schema = b'{"type": "object"}'
        with io.BytesIO() as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                member = tarfile.TarInfo("training_config.schema.json")
                member.size = len(schema)
                tar.addfile(member, io.BytesIO(schema))
            self.engine.schema = file.getvalue()
        result = self.build("gan", "v1", "--local", "--json")
        self.assert_exit(result, 0)
        label = "sha256:" + hashlib.sha256(schema).hexdigest()
        self.assertEqual(json.loads(result.stdout)["labels"]["smflow.config_schema"], label)
        _, (path, _, body) = self.calls("/build")
        query = urllib.parse.parse_qs(path.partition("?")[2])
        self.assertEqual((query["t"], json.loads(query["labels"][0])), (["gan:v1"], {"smflow.config_schema": label}))
        with tarfile.open(fileobj=io.BytesIO(body)) as tar:
            self.assertEqual(tar.extractfile("Dockerfile").read(), b"FROM " + IMAGE.partition(":")[2].encode() + b"\n")

    def test_a_push_makes_the_repository_signs_in_and_checks_the_digest(self):
        aws = self.with_aws()
        result = self.build("gan", "v1", "--json")
        self.assert_exit(result, 0)
        built = json.loads(result.stdout)
        self.assertEqual(built["schema"], "smflow.build/1")
        self.assertEqual((built["image"], built["image_id"], built["digest"]), (f"{HOST}/gan:v1", IMAGE, DIGEST))
        self.assertEqual(aws.operations, ["GetCallerIdentity", "DescribeRepositories", "CreateRepository",
                                          "GetAuthorizationToken", "DescribeImages"])
        self.assertEqual(aws.made["imageScanningConfiguration"], {"scanOnPush": True})
        (path, headers, _), = self.calls("/push")
        self.assertEqual(path, f"/v1.41/images/{HOST}/gan/push?tag=v1")
        login = json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"]))
        self.assertEqual(login, {"username": "AWS", "password": PASSWORD, "serveraddress": HOST})
        self.assertNotIn(PASSWORD, result.stdout + result.stderr)
        self.assertFalse((self.folder / "home").exists())

    def test_a_terminal_shows_how_far_a_push_is_and_a_pipe_has_plain_lines(self):
        self.with_aws()
        command = [SMFLOW, "build", "gan", "v1"]
        with Terminal(command, cwd=self.folder / "src", env=self.environment) as terminal:
            terminal.expect("▕█+ +▏ 1 B of 2 B")
            self.assertEqual(terminal.wait(), 0)
        result = self.build("gan", "v1")
        self.assert_exit(result, 0)
        self.assertIn("  layer ab: Pushed\n", result.stderr)
        self.assertNotRegex(result.stderr, "[\r\x1b▕]")

    def test_a_repository_that_is_there_is_used(self):
        aws = self.with_aws()
        aws.made = {}
        self.assert_exit(self.build("gan", "v1"), 0)
        self.assertNotIn("CreateRepository", aws.operations)

    def test_another_digest_in_the_registry_is_an_error(self):
        self.with_aws().digest = "sha256:" + "3" * 64
        result = self.build("gan", "v1")
        self.assert_exit(result, 14)
        self.assertIn("error[E361]", result.stderr)

    def test_an_index_of_images_is_an_error_as_sagemaker_refuses_it(self):
        self.with_aws().manifest_type = "application/vnd.oci.image.index.v1+json"
        result = self.build("gan", "v1")
        self.assert_exit(result, 5)
        self.assertIn("error[E368]", result.stderr)

    def test_a_repository_is_made_with_the_tags_that_were_asked_for(self):
        aws = self.with_aws()
        result = self.build("gan", "v1", "--repository-tag", "team=vision", "--repository-tag", "cost=a=b", "--immutable-tags")
        self.assert_exit(result, 0)
        self.assertEqual(aws.made["tags"], [{"Key": "cost", "Value": "a=b"}, {"Key": "team", "Value": "vision"}])
        self.assertEqual(aws.made["imageTagMutability"], "IMMUTABLE")

    def test_the_base_of_aws_comes_from_the_region_the_image_is_for(self):
        self.with_aws()
        image = "pytorch-training:2.8.0-gpu-py312"
        self.write("src/Dockerfile.sagemaker", f"ARG BASE_IMAGE=763104351884.dkr.ecr.us-east-1.amazonaws.com/{image}\n"
                                               "FROM ${BASE_IMAGE}\n")
        there = {"eu-west-1": f"763104351884.dkr.ecr.eu-west-1.amazonaws.com/{image}",
                 "eu-south-1": f"692866216735.dkr.ecr.eu-south-1.amazonaws.com/{image}",
                 "cn-north-1": f"727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/{image}"}
        for region, base in there.items():
            self.engine.calls.clear()
            self.assert_exit(self.build("gan", "v1", "--local", "--region", region), 0)
            (path, _, _), = self.calls("/build")
            query = urllib.parse.parse_qs(path.partition("?")[2])
            self.assertEqual(json.loads(query["buildargs"][0]), {"BASE_IMAGE": base})
            self.assertEqual(self.fetched()[base]["password"], PASSWORD)
        self.engine.calls.clear()
        self.assert_exit(self.build("gan", "v1", "--local", "--base-image", f"{HOST}/mine:1"), 0)
        query = urllib.parse.parse_qs(self.calls("/build")[0][0].partition("?")[2])
        self.assertEqual(json.loads(query["buildargs"][0]), {"BASE_IMAGE": f"{HOST}/mine:1"}, "a choice stays")

    def test_labels_tell_the_commit_of_the_context_and_what_differs_from_it(self):
        git = ["git", "-C", self.folder / "src", "-c", "user.name=a", "-c", "user.email=a@b"]
        date = {"GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z"}
        for arguments in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "first"]):
            subprocess.run([*git, *arguments], check=True, env={**self.environment, **date})
        def built():
            result = self.smflow("build", "gan", "v1", "src/Dockerfile.sagemaker", "--context", "src", "--local", "--json")
            self.assert_exit(result, 0)
            return result
        def labels():
            return json.loads(built().stdout)["labels"]
        head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
        clean = labels()
        self.assertEqual(clean["org.opencontainers.image.revision"], head)
        self.assertEqual(clean["org.opencontainers.image.created"], "2026-01-02T03:04:05.000Z")
        self.assertEqual(clean["smflow.dirty"], "false")
        self.write("src/.git/info/exclude", "*.log\n")
        self.write("src/old.log", "")
        ignored = built()
        self.assertEqual(json.loads(ignored.stdout)["labels"]["smflow.dirty"], "true")
        self.assertIn("git ignores 1 file of it, like old.log: ", ignored.stderr)
        (self.folder / "src/old.log").unlink()
        self.write("src/new.cpp", "int more;\n")
        self.assertEqual(labels()["smflow.dirty"], "true", "a file that git does not know goes into the image, too")

    def test_a_registry_that_refuses_is_an_error_without_the_password(self):
        self.with_aws()
        self.engine.push = [{"error": "denied: Your authorization token has expired"}]
        result = self.build("gan", "v1")
        self.assert_exit(result, 4)
        self.assertIn("error[E394]", result.stderr)
        self.assertIn("token has expired", result.stderr)
        self.assertNotIn(PASSWORD, result.stdout + result.stderr)

    def test_a_base_image_in_ecr_is_fetched_with_a_login_of_its_region(self):
        self.with_aws()
        base = "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-training:2.8.0-cpu-py312"
        self.write("src/Dockerfile.sagemaker", "ARG BASE_IMAGE=debian:12\nFROM ${BASE_IMAGE}\n")
        self.assert_exit(self.build("gan", "v1", "--local", "--base-image", base), 0)
        self.assertEqual(self.fetched()[base]["password"], PASSWORD)

    def test_so_is_the_one_that_the_dockerfile_names(self):
        self.with_aws()
        self.write("src/Dockerfile.aws", f"# a base\nARG BASE_IMAGE={HOST}/base:1\nFROM ${{BASE_IMAGE}}\n")
        self.assert_exit(self.build("gan", "v1", "Dockerfile.aws", "--local"), 0)
        self.assert_exit(self.build("gan", "v1", "Dockerfile.aws", "--local", "--build-arg", "BASE_IMAGE=debian:12"), 0)
        fetched = self.fetched()
        self.assertEqual(fetched[f"{HOST}/base:1"]["password"], PASSWORD)
        self.assertNotIn("password", fetched["debian:12"])

    def test_another_registry_takes_the_login_of_docker(self):
        auth = base64.b64encode(b"ann:pass:word").decode()
        config = self.write("docker/config.json", json.dumps({"auths": {"127.0.0.1:5000": {"auth": auth}}}))
        self.environment["DOCKER_CONFIG"] = str(config.parent)
        result = self.build("gan", "v1", "--registry", "127.0.0.1:5000")
        self.assert_exit(result, 0)
        self.assertEqual(result.stdout, "127.0.0.1:5000/gan:v1\n")
        (_, headers, _), = self.calls("/push")
        login = json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"]))
        self.assertEqual((login["username"], login["password"]), ("ann", "pass:word"))
        for text in ("{", '{"auths": {"127.0.0.1:5000": {"auth": "?"}}}', '{"auths": {"127.0.0.1:5000": {"auth": 3}}}'):
            config.write_text(text)
            result = self.build("gan", "v1", "--registry", "127.0.0.1:5000")
            self.assert_exit(result, 3)
            self.assertIn("error[E362]", result.stderr)

    def test_another_registry_takes_the_login_of_a_credential_helper(self):
        config = self.write("docker/config.json", json.dumps({"credHelpers": {"127.0.0.1:5000": "fake"}}))
        self.environment.update(DOCKER_CONFIG=str(config.parent), PATH=f"{self.folder}/bin:{self.environment['PATH']}")
        self.write("bin/docker-credential-fake", '#!/bin/sh\n[ "$1" = get ] && [ "$(cat)" = 127.0.0.1:5000 ] &&\n'
                   'echo \'{"ServerURL": "127.0.0.1:5000", "Username": "ann", "Secret": "pass:word"}\'\n', 0o755)
        self.assert_exit(self.build("gan", "v1", "--registry", "127.0.0.1:5000"), 0)
        (_, headers, _), = self.calls("/push")
        login = json.loads(base64.urlsafe_b64decode(headers["X-Registry-Auth"]))
        self.assertEqual((login["username"], login["password"]), ("ann", "pass:word"))
        self.write("bin/docker-credential-fake", "#!/bin/sh\necho the keychain is locked >&2; exit 1\n", 0o755)
        result = self.build("gan", "v1", "--registry", "127.0.0.1:5000")
        self.assert_exit(result, 4)
        self.assertIn("error[E367]: 'docker-credential-fake' gives no login for '127.0.0.1:5000'", result.stderr)

    def test_a_dry_run_sends_nothing(self):
        self.with_aws()
        result = self.build("gan", "v1", "--dry-run")
        self.assert_exit(result, 0)
        self.assertIn(f"would build gan:v1 and push it to {HOST}/gan", result.stderr)
        self.assertEqual(self.engine.calls, [])

    def test_the_labels_of_a_build_are_those_of_its_image(self):
        labels = json.loads(self.build("gan", "v1", "--local", "--json").stdout)["labels"]
        self.assertEqual(labels["org.opencontainers.image.base.name"], "debian:12")
        self.assertIn("smflow.version", labels)

    def test_a_dry_run_says_what_it_knows_as_json_too(self):
        self.with_aws()
        self.write("src/Dockerfile.sagemaker", "ARG BASE_IMAGE=debian:12\nFROM ${BASE_IMAGE}\n")
        result = self.build("gan", "v1", "--dry-run", "--json")
        self.assert_exit(result, 0)
        told = json.loads(result.stdout)
        self.assertEqual(set(told.pop("labels")), {"smflow.version"})
        self.assertGreater(told["context"].pop("bytes"), 1024)
        self.assertEqual(told, {"schema": "smflow.build/1", "dry_run": True, "image": f"{HOST}/gan:v1",
                                "dockerfile": "Dockerfile.sagemaker", "context": {"files": 3},
                                "base_images": ["debian:12"], "platform": "linux/amd64"})
        local = self.build("gan", "v1", "--local", "--dry-run", "--json", "--platform", "linux/arm64")
        told = json.loads(local.stdout)
        self.assertEqual((told["image"], told["platform"]), ("gan:v1", "linux/arm64"))
        self.assertEqual(self.engine.calls, [])

    def test_wrong_arguments_are_told_before_anything_is_done(self):
        for arguments in (["Gan"], ["gan", ".v1"], ["gan", "v1", "--account", "12"], ["gan", "v1", "--registry", "a/b"],
                          ["gan", "v1", "--registry", "host"], ["gan", "v1", "--local", "--build-arg", "A"]):
            result = self.build(*arguments)
            self.assert_exit(result, 2)
            self.assertIn("error[E363]", result.stderr)
        for option in (["--registry", "127.0.0.1:5000"], ["--account", ACCOUNT], ["--repository-tag", "team=a"],
                       ["--immutable-tags"]):
            result = self.build("gan", "v1", "--local", *option)
            self.assert_exit(result, 2)
            self.assertIn(f"error[E002]: {option[0]} is of a push", result.stderr)
        for arguments in (["--local", "--platform", "foo"], ["--dry-run", "--platform", "linux/amd64,linux/arm64"]):
            result = self.build("gan", "v1", *arguments)
            self.assert_exit(result, 2)
            self.assertIn(f"error[E002]: --platform: not a platform: '{arguments[-1]}'", result.stderr)
        self.assertIn("error[E360]", self.build("gan", "v1", "missing", "--local").stderr)
        self.assertEqual(self.engine.calls, [])

    def test_an_option_that_has_no_effect_is_an_error(self):
        for option in (["--account", ACCOUNT], ["--repository-tag", "team=a"], ["--immutable-tags"]):
            result = self.build("gan", "v1", "--registry", "127.0.0.1:5000", *option)
            self.assert_exit(result, 2)
            self.assertIn(f"error[E002]: {option[0]} is of Amazon ECR, and '127.0.0.1:5000' is another", result.stderr)
        for name, value, there in (("--account", "210987654321", ACCOUNT), ("--region", "us-east-1", "eu-west-1")):
            result = self.build("gan", "v1", "--registry", HOST, name, value)
            self.assert_exit(result, 2)
            self.assertIn(f"error[E002]: {name} is '{value}', and that of --registry is '{there}'", result.stderr)
        result = self.build("gan", "v1", "--local", "--dry-run", "--base-image", "debian:12")
        self.assert_exit(result, 2)
        self.assertIn("error[E363]: --base-image has no effect: 'Dockerfile.sagemaker' has no ARG BASE_IMAGE", result.stderr)
        self.assertEqual(self.engine.calls, [])

    def test_an_option_that_the_registry_says_as_well_is_none(self):
        self.with_aws()
        self.assert_exit(self.build("gan", "v1", "--registry", HOST, "--account", ACCOUNT, "--region", "eu-west-1"), 0)

    def test_no_engine_is_an_error_with_a_fix(self):
        self.environment["DOCKER_HOST"] = "unix:///nowhere/docker.sock"
        result = self.build("gan", "v1", "--local")
        self.assert_exit(result, 5)
        self.assertIn("error[E350]", result.stderr)
        self.assertIn("= fix: start Docker", result.stderr)

    def test_an_interrupt_ends_a_build(self):
        self.engine.block.clear()
        self.addCleanup(self.engine.block.set)
        process = self.start("build", "gan", "v1", "src/Dockerfile.sagemaker", "--context", "src", "--local")
        while not self.engine.calls:
            self.assertIsNone(process.poll())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, errors)

    def test_the_script_at_the_root_is_the_same(self):
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "smflow").symlink_to(os.environ["SMFLOW"])
        script = self.write("elsewhere/build_and_push.sh", (SOURCE / "build_and_push.sh").read_text(), 0o755)
        self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"
        run = subprocess.run([script, "Gan"], env=self.environment, capture_output=True, text=True)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn("error[E363]", run.stderr)


if __name__ == "__main__":
    unittest.main()
