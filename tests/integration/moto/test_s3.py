"""Our operations of S3 and the AWS clients read each other's objects: equal bytes, sizes, ETags, names and listings."""

import hashlib
import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig

from moto_server import MotoServer

TOOL = os.environ["S3_TOOL"]
PART = 5 << 20  # the smallest part but the last
KEYS = ["plain", "a b/c+d", "ö/木.txt", "100%/%41=&?#;:@!$'()*,[]~", "a//b/../c/./d", "tab\tin it", 'q"<>&', "x" * 1024]


class S3(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.moto = cls.enterClassContext(MotoServer())
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="smflow-s3-")))
        cls.environment = {**cls.moto.environment(), "PATH": os.environ["PATH"], "HOME": str(cls.folder), "LANG": "C.UTF-8"}
        cls.s3 = boto3.client("s3", endpoint_url=cls.moto.url, **cls.moto.keys)

    def setUp(self):
        self.bucket = "b-" + hashlib.sha1(self.id().encode()).hexdigest()
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def tool(self, operation, *words):
        result = subprocess.run([TOOL, operation, self.bucket, *map(str, words)], env=self.environment, text=True,
                                capture_output=True, timeout=120)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        return json.loads(result.stdout)

    def aws(self, *arguments):
        subprocess.run(["/usr/bin/aws", "--endpoint-url", self.moto.url, *map(str, arguments)], check=True, timeout=120,
                       env=self.environment, capture_output=True)

    def file(self, content, name="content"):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def read_by_us(self, key, *more):
        answer = self.tool("get", key, self.folder / "got", *more)
        return answer, (self.folder / "got").read_bytes()

    def read_by_boto3(self, key):
        answer = self.s3.get_object(Bucket=self.bucket, Key=key)
        return answer["ETag"], answer["Body"].read()

    @staticmethod
    def content(size):
        return random.Random(size).randbytes(size)

    def test_boto3_and_awscli_read_what_we_put(self):
        for size in (0, 1, 100_000):
            content = self.content(size)
            etag = self.tool("put", "a key", self.file(content))["etag"]
            self.assertEqual(etag, f'"{hashlib.md5(content).hexdigest()}"')
            self.assertEqual(self.read_by_boto3("a key"), (etag, content))
            self.aws("s3", "cp", f"s3://{self.bucket}/a key", self.folder / "by-awscli")
            self.assertEqual((self.folder / "by-awscli").read_bytes(), content)

    def test_boto3_reads_what_we_put_in_parts(self):
        content = self.content(2 * PART + 12345)
        self.assertEqual(self.tool("multipart", "parts", self.file(content), PART), {"parts": 3})
        etag, body = self.read_by_boto3("parts")
        self.assertTrue(body == content)
        self.assertRegex(etag, '^"[0-9a-f]{32}-3"$')
        self.assertEqual(self.tool("head", "parts"), {"size": len(content), "etag": etag, "has_time": True})

    def test_we_read_what_boto3_and_awscli_put_in_one_and_in_parts(self):
        for size in (0, 1, 100_000, 2 * PART + 12345):
            content = self.content(size)
            path = self.file(content)
            config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
            self.s3.upload_file(str(path), self.bucket, "by-boto3", Config=config)
            self.aws("s3", "cp", path, f"s3://{self.bucket}/by-awscli")
            for key in ("by-boto3", "by-awscli"):
                answer, body = self.read_by_us(key)
                self.assertTrue(body == content, f"{key} of {size} bytes differs")
                head = self.s3.head_object(Bucket=self.bucket, Key=key)
                self.assertEqual((answer["size"], answer["etag"]), (size, head["ETag"]))

    def test_the_clients_check_and_know_what_we_upload(self):
        large = self.content(17 << 20)
        for key, content, kind in (("a b/ü+c.bin", self.content(100_000), "application/octet-stream"),
                                   ("page.html", b"<p>", "text/html; charset=utf-8"), ("in+parts", large, "application/octet-stream")):
            with self.subTest(key=key):
                self.assertEqual(self.tool("upload", key, self.file(content)), {})
                answer = self.s3.get_object(Bucket=self.bucket, Key=key, ChecksumMode="ENABLED")
                self.assertEqual(answer["ContentType"], kind)
                self.assertTrue(answer["Body"].read() == content)
                self.aws("s3api", "get-object", "--bucket", self.bucket, "--key", key, "--checksum-mode", "ENABLED",
                         self.folder / "by-awscli")
                self.assertTrue((self.folder / "by-awscli").read_bytes() == content)
        attributes = self.s3.get_object_attributes(Bucket=self.bucket, Key="in+parts", ObjectAttributes=["ObjectSize", "ETag"])
        self.assertEqual(attributes["ObjectSize"], len(large))
        self.assertRegex(attributes["ETag"], "-3$")

    def test_we_download_what_the_clients_upload_with_any_checksum(self):
        small, large = self.content(100_000), self.content(2 * PART + 12345)
        config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            for content in (small, large):
                with self.subTest(algorithm=algorithm, size=len(content)):
                    key = f"{algorithm}/a b+c/ü {len(content)}"
                    path = self.file(content)
                    self.s3.upload_file(str(path), self.bucket, key, Config=config, ExtraArgs={"ChecksumAlgorithm": algorithm})
                    self.assertEqual(self.tool("download", key, self.folder / "got"), {})
                    self.assertTrue((self.folder / "got").read_bytes() == content)
        for algorithm in ("CRC32", "SHA1", "SHA256"):
            self.aws("s3api", "put-object", "--bucket", self.bucket, "--key", f"awscli {algorithm}+", "--body", self.file(small),
                     "--checksum-algorithm", algorithm)
            self.assertEqual(self.tool("download", f"awscli {algorithm}+", self.folder / "got"), {})
            self.assertTrue((self.folder / "got").read_bytes() == small)

    def test_an_upload_without_checksums_is_read_by_the_clients(self):
        self.environment["AWS_REQUEST_CHECKSUM_CALCULATION"] = "when_required"
        self.addCleanup(self.environment.pop, "AWS_REQUEST_CHECKSUM_CALCULATION")
        for content in (self.content(1000), self.content(17 << 20)):
            key = str(len(content))
            self.assertEqual(self.tool("upload", key, self.file(content)), {})
            self.assertTrue(self.read_by_boto3(key)[1] == content)

    def test_a_range_is_the_bytes_asked_for(self):
        self.s3.put_object(Bucket=self.bucket, Key="k", Body=bytes(range(100)))
        answer, body = self.read_by_us("k", 10, 20)
        self.assertEqual((answer["size"], body), (100, bytes(range(10, 30))))
        self.assertEqual(self.tool("get", "k", self.folder / "none", 100, 1)["status"], 416)

    def test_all_names_are_the_same_for_both(self):
        for key in KEYS:
            with self.subTest(key=key):
                self.tool("put", key, self.file(key.encode()))
                self.assertEqual(self.read_by_boto3(key)[1], key.encode())
                self.assertEqual(self.read_by_us(key)[1], key.encode())
        self.assertEqual([one[0] for one in self.tool("list", "")], sorted(KEYS, key=str.encode))

    def test_a_listing_has_all_pages(self):
        for number in range(2100):
            self.s3.put_object(Bucket=self.bucket, Key=f"in/{number:04}", Body=b"x" * (number % 3))
        self.s3.put_object(Bucket=self.bucket, Key="out", Body=b"")
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix="in/")
        theirs = [[one["Key"], one["Size"], one["ETag"]] for page in pages for one in page["Contents"]]
        self.assertEqual(len(theirs), 2100)
        self.assertEqual(self.tool("list", "in/"), theirs)
        self.assertEqual(self.tool("list", "nothing/"), [])

    def test_a_copy_is_equal_and_a_deleted_object_is_gone(self):
        for key in KEYS:
            with self.subTest(key=key):
                self.s3.put_object(Bucket=self.bucket, Key=key, Body=key.encode())
                self.assertEqual(self.tool("copy", key, self.bucket, "to/" + key[:900]), {})
                self.assertEqual(self.read_by_boto3("to/" + key[:900])[1], key.encode())
                for _ in range(2):
                    self.assertEqual(self.tool("delete", key), {})
                self.assertEqual(self.tool("head", key)["status"], 404)

    def test_an_upload_that_was_given_up_leaves_nothing(self):
        self.assertEqual(self.tool("abort", "k", self.file(b"abc"), PART), {"parts": 1})
        self.assertEqual(self.s3.list_multipart_uploads(Bucket=self.bucket).get("Uploads", []), [])
        self.assertEqual(self.tool("list", ""), [])

    def test_an_object_that_is_there_is_not_replaced_unasked(self):
        self.assertIn("etag", self.tool("put-new", "k", self.file(b"first")))
        self.assertEqual(self.tool("put-new", "k", self.file(b"second"))["status"], 412)
        self.assertEqual(self.read_by_us("k")[1], b"first")

    def test_refusals_carry_the_codes_of_s3(self):
        self.assertEqual(self.tool("get", "nothing", self.folder / "none")["error"], "NoSuchKey")
        self.assertEqual(self.tool("bucket"), {"region": "eu-west-1"})
        self.bucket = "nobody-has-this"
        self.assertEqual(self.tool("put", "k", self.file(b""))["error"], "NoSuchBucket")
        self.assertEqual(self.tool("bucket")["status"], 404)


if __name__ == "__main__":
    unittest.main()
