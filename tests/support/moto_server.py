"""moto, a fake of AWS, as a server of its own that ends with the test, however the test ends.

    with MotoServer() as moto:
        boto3.client("s3", endpoint_url=moto.url, **moto.keys)

tools/moto.sh fetches it; SMFLOW_MOTO names its folder.
"""

import os
import subprocess
import sys
import threading
import unittest
from pathlib import Path

ACCOUNT = "123456789012"


def folder():
    """Where moto and the botocore it came with are; without them the test is skipped."""
    named = os.environ.get("SMFLOW_MOTO", "")
    if not Path(named, "moto").is_dir():
        raise unittest.SkipTest(f"moto is not in '{named}': run tools/moto.sh")
    return named


class MotoServer:
    # Looks like a key, so that whatever hides keys has something to hide.
    keys = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "region_name": "eu-west-1"}

    def __enter__(self):
        self.process = subprocess.Popen(["/usr/bin/python3", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=self._environment(), text=True)
        self.log = []
        self._reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self._reader.start()
        port = self.process.stdout.readline().strip()
        if not port:
            self.__exit__()
            raise RuntimeError("moto did not start:\n" + "".join(self.log))
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()

    @staticmethod
    def _environment():
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        # Compiling moto takes seconds; what the first start has compiled the next ones find.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return {**kept, "PYTHONPATH": folder()}

    def environment(self):
        """What makes a client outside Python ask this server."""
        return {"AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": self.keys["aws_access_key_id"],
                "AWS_SECRET_ACCESS_KEY": self.keys["aws_secret_access_key"], "AWS_REGION": self.keys["region_name"],
                "AWS_DEFAULT_REGION": self.keys["region_name"], "AWS_EC2_METADATA_DISABLED": "true"}


def serve():
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
    print(server.port, flush=True)
    # The pipe ends with the test, even with one that crashed.
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    serve()
