"""smflow build to Amazon ECR: moto answers as ECR, and a real registry with TLS stands where its images go, by the name that
ECR's has; skopeo pulls what arrived."""

import contextlib
import hashlib
import json
import os
import unittest
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from container_engine import ContainerEngine, Registry, make_certificate
from moto_server import ACCOUNT, MotoServer
from smflow_case import SmflowCase
from test_build_and_push import DOCKERFILE, PASSWORD, inspect, write_train

REGION = MotoServer.keys["region_name"]
NAME = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
ADDRESS = "127.83.71.7"  # nobody else's: the port of a name without one is 443
REPOSITORY = "team/gan_training"
CONFIG = f"""\
SAGEMAKER: {{INSTANCE_TYPE: local, REGION: {REGION}}}
ECR: {{IMAGE_NAME: {REPOSITORY}, TAG: build_0_1}}
S3: {{TRAINING_DATA: file://data, SAGEMAKER_RESULTS_BUCKET: file://results}}
TRAINING: {{CONFIG_FILE: training_config.yaml}}
"""


class Forward(BaseHTTPRequestHandler):
    """moto, which is told what the registry has before it is asked for it: it has no registry of its own."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        self.server.calls.append(target)
        if target == "DescribeImages":
            self.tell_moto(json.loads(body))
        request = urllib.request.Request(self.server.moto.url, body, {name: self.headers[name] for name in self.headers if name != "Host"})
        request.add_header("Host", f"api.ecr.{REGION}.amazonaws.com")
        try:
            answer = urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as refused:
            answer = refused
        content = answer.read()
        self.send_response(answer.status if hasattr(answer, "status") else answer.code)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def tell_moto(self, question):
        tag = question["imageIds"][0]["imageTag"]
        manifest = self.server.registry.manifest(question["repositoryName"], tag)
        if manifest is None:
            return
        with contextlib.suppress(self.server.ecr.exceptions.ImageAlreadyExistsException):
            self.server.ecr.put_image(repositoryName=question["repositoryName"], imageManifest=manifest, imageTag=tag,
                                      imageManifestMediaType=json.loads(manifest)["mediaType"],
                                      imageDigest="sha256:" + hashlib.sha256(manifest.encode()).hexdigest())

    def log_message(self, *_):
        pass


@unittest.skipUnless(os.geteuid() == 0, "dockerd needs root")  # and so does the registry's port
class Ecr(SmflowCase):
    def setUp(self):
        super().setUp()
        certificate = make_certificate(self.folder, NAME)
        moto = self.enterContext(MotoServer())
        registry = self.enterContext(Registry(("AWS", PASSWORD), host=f"{ADDRESS}:443", certificate=certificate))
        self.ecr = boto3.client("ecr", endpoint_url=moto.url, **moto.keys)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Forward)
        self.server.moto, self.server.registry, self.server.ecr, self.server.calls = moto, registry, self.ecr, []
        self.serve(self.server)
        self.authority = certificate[0]
        self.use_a_new_engine()
        self.environment.update(moto.environment(), AWS_ENDPOINT_URL_ECR=f"http://127.0.0.1:{self.server.server_port}")
        self.write("Dockerfile.sagemaker", DOCKERFILE)
        write_train(self)

    def use_a_new_engine(self):
        engine = self.enterContext(ContainerEngine(shares_network=True, hosts={NAME: ADDRESS}, authority=self.authority))
        self.environment["DOCKER_HOST"] = engine.host

    def test_the_repository_is_made_and_the_image_is_the_one_that_is_described(self):
        built = self.json_of("build", REPOSITORY, "build_0_1", "--json")
        self.assertEqual(built["image"], f"{NAME}/{REPOSITORY}:build_0_1")
        (repository,) = self.ecr.describe_repositories()["repositories"]
        self.assertEqual(repository["repositoryName"], REPOSITORY)
        self.assertTrue(repository["imageScanningConfiguration"]["scanOnPush"])
        (image,) = self.ecr.describe_images(repositoryName=REPOSITORY)["imageDetails"]
        self.assertEqual((image["imageTags"], image["imageDigest"]), (["build_0_1"], built["digest"]))
        found = inspect(f"{ADDRESS}:443/{REPOSITORY}:build_0_1")
        self.assertEqual((found["Digest"], found["Architecture"]), (built["digest"], "amd64"))
        self.assertEqual(self.server.calls, ["DescribeRepositories", "CreateRepository", "GetAuthorizationToken", "DescribeImages"])

    def test_a_second_build_finds_the_repository_and_sends_no_layer_again(self):
        self.assert_exit(self.smflow("build", REPOSITORY, "build_0_1"), 0)
        self.server.calls.clear()
        again = self.smflow("build", REPOSITORY, "build_0_1")
        self.assert_exit(again, 0)
        self.assertIn("Layer already exists", again.stderr)
        self.assertEqual(self.server.calls, ["DescribeRepositories", "GetAuthorizationToken", "DescribeImages"])
        self.assertNotIn(PASSWORD, again.stdout + again.stderr)
        self.assertFalse((self.folder / "home/.docker").exists())

    def test_a_job_on_another_machine_gets_the_image_from_there(self):
        self.assert_exit(self.smflow("build", REPOSITORY, "build_0_1"), 0)
        self.use_a_new_engine()
        self.write("data/a.txt", "a")
        self.write("training_config.yaml", "TRAINING: {NUM_EPOCHS: 1}\n")
        self.write("sagemaker_config.yaml", CONFIG)
        for engine in ("auto", "container"):
            result = self.smflow("run", "--config", "sagemaker_config.yaml", "--set", f"LOCAL.ENGINE={engine}")
            self.assert_exit(result, 0)
            self.assertNotIn(PASSWORD, result.stdout + result.stderr)
        self.assertEqual(self.server.calls.count("GetAuthorizationToken"), 2, "one push, one pull; then the image is there")

    def test_a_job_whose_image_is_not_there_either_runs_as_a_process_or_says_so(self):
        self.write("code/main.sh", "#!/bin/sh\necho a process\n", 0o755)
        self.write("data/a.txt", "a")
        self.write("training_config.yaml", "TRAINING: {NUM_EPOCHS: 1}\n")
        self.write("sagemaker_config.yaml", CONFIG)
        result = self.smflow("run", "--config", "sagemaker_config.yaml", "--set", "LOCAL.ENGINE=auto", "--set", "LOCAL.CODE=code")
        self.assert_exit(result, 0)
        self.assertRegex(result.stderr, f"as a process of this machine: the image '{NAME}/{REPOSITORY}:build_0_1' .* cannot be had")
        self.assertIn("a process", result.stdout)
        refused = self.smflow("run", "--config", "sagemaker_config.yaml", "--set", "LOCAL.ENGINE=container")
        self.assert_exit(refused, 13)
        self.assertIn("E364", refused.stderr)


if __name__ == "__main__":
    unittest.main()
