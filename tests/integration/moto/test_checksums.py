"""Downloads are compared with the checksums that other programs have had S3 keep. moto keeps them but does not tell them, so
a server of our own answers as S3 does, with checksums of Python's libraries."""

import base64
import functools
import hashlib
import http.server
import json
import os
import random
import re
import subprocess
import tempfile
import threading
import unittest
import urllib.parse
import zlib
from pathlib import Path

MIB = 1 << 20
DIGESTS = {"CRC32": lambda content: zlib.crc32(content).to_bytes(4, "big"),
           "SHA1": lambda content: hashlib.sha1(content).digest(), "SHA256": lambda content: hashlib.sha256(content).digest()}


class Keeper(http.server.BaseHTTPRequestHandler):
    """One object, uploaded in parts of these sizes; of no part sizes, in one request."""
    protocol_version = "HTTP/1.1"
    content, algorithm, parts, damaged = b"", "CRC32", [], False

    @classmethod
    @functools.cache
    def checksum(cls, algorithm, content, parts):
        digest = DIGESTS[algorithm]
        if not parts:
            return base64.b64encode(digest(content)).decode()
        ends = [sum(parts[:number + 1]) for number in range(len(parts))]
        all_of_them = b"".join(digest(content[end - size:end]) for end, size in zip(ends, parts))
        return base64.b64encode(digest(all_of_them)).decode() + f"-{len(parts)}"

    def do_GET(self):
        number = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("partNumber")
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, end = (int(asked[1]), int(asked[2]) + 1) if asked else (0, len(self.content))
        body = self.content[first:end]
        self.send_response(206 if asked or number else 200)
        self.send_header("ETag", '"an object"')
        self.send_header("Content-Length", str(self.parts[int(number[0]) - 1] if number else len(body)))
        if asked:
            self.send_header("Content-Range", f"bytes {first}-{end - 1}/{len(self.content)}")
        elif not number and self.headers.get("x-amz-checksum-mode") == "ENABLED":
            self.send_header(f"x-amz-checksum-{self.algorithm.lower()}",
                             self.checksum(self.algorithm, self.content, tuple(self.parts)))
            self.send_header("x-amz-checksum-type", "COMPOSITE" if self.parts else "FULL_OBJECT")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body[:-1] + bytes([body[-1] ^ 1]) if self.damaged else body)

    do_HEAD = do_GET

    def log_message(self, *_):
        pass


class Checksums(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="smflow-checksums-")))
        server = self.enterContext(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Keeper))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        self.environment = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_port}", "AWS_REGION": "eu-west-1",
                            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": "not a real secret",
                            "HOME": str(self.folder)}

    def download(self, **more):
        result = subprocess.run([os.environ["S3_TOOL"], "download", "bucket", "key", self.folder / "got"], text=True,
                                env=self.environment | more, capture_output=True, timeout=120)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return json.loads(result.stdout)

    def test_of_every_kind_are_compared(self):
        content = random.Random(1).randbytes(20 * MIB + 7)
        rows = [(1000, []), (1000, [1000]), (20 * MIB, []), (20 * MIB + 7, [8 * MIB, 8 * MIB, 4 * MIB + 7]),
                (20 * MIB + 7, [17 * MIB, 3 * MIB + 7]), (20 * MIB, [5 * MIB, 9 * MIB, 6 * MIB])]
        for algorithm in DIGESTS:
            for size, parts in rows:
                with self.subTest(algorithm=algorithm, size=size, parts=parts):
                    Keeper.content, Keeper.algorithm, Keeper.parts = content[:size], algorithm, parts
                    Keeper.damaged = False
                    self.assertEqual(self.download(), {})
                    self.assertTrue((self.folder / "got").read_bytes() == Keeper.content)
                    Keeper.damaged = True
                    self.assertEqual(self.download()["error"], "E441")
                    self.assertEqual([path.name for path in self.folder.iterdir()], ["got"])

    def test_are_left_alone_when_only_those_that_are_required_are_wanted(self):
        Keeper.content, Keeper.algorithm, Keeper.parts, Keeper.damaged = b"content", "SHA256", [], True
        self.assertEqual(self.download(AWS_RESPONSE_CHECKSUM_VALIDATION="when_required"), {})
        self.assertEqual(self.download()["error"], "E441")


if __name__ == "__main__":
    unittest.main()
