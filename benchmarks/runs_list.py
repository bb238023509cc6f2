#!/usr/bin/env python3
"""Listing 10, 1,000 and 10,000 runs by an option: with the index of this machine, and without it; of a folder against a
program that reads one JSON file a run, and of a bucket each answer of which takes 50 ms. Time, and the peak of memory."""

import argparse
import contextlib
import hashlib
import http.server
import json
import os
import shutil
import statistics
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

from paired import checked, interleave, machine, table, usage_rows
from programs import PYTHON, SOURCE, program

PEER = "one JSON file a run"
LATENCY = 0.05  # seconds to each answer of S3
OPTION = "training:GENERATOR.LATENT_SIZE"


def card(number):
    """A run of the DCGAN: its 60 options and 5 metrics, as its ended card has them."""
    name = f"gan-{20250101 + number // 1000}-{number % 1000:06d}-{number:05d}"
    params = {f"sagemaker:SAGEMAKER.OPTION_{i}": f"value {i}" for i in range(45)}
    params |= {f"training:TRAINING.OPTION_{i}": i for i in range(14)}
    params[OPTION] = 100 if number % 10 == 0 else 64
    metrics = {f"metric_{i}": [1 / (number + i + 1), 100, 0.1, 90, 3.5, 1, 100] for i in range(5)}
    return name, {"schema": "smflow.card/1", "id": name, "record": f"team/exp/configs/{name}", "exp": "team/exp", "by": "ann",
                  "host": "lab-07", "at": "2025-01-01T00:00:00.000Z", "mode": "sagemaker", "type": "ml.g5.xlarge", "count": 1,
                  "spot": True, "max_run_s": 86400, "commit": "1" * 40, "dirty": False, "image": "sha256:" + "2" * 64,
                  "cfg": "3" * 64, "data": "4" * 64, "parent": "", "params": params, "changed": [OPTION],
                  "state": "succeeded", "reason": "", "started": "2025-01-01T00:00:10.000Z",
                  "ended": "2025-01-01T01:00:00.000Z", "billable_s": 3600, "metrics": metrics}


def make_runs(folder, count):
    for number in range(count):
        name, content = card(number)
        text = json.dumps(content)
        month = f"2025-{number // 900 % 12 + 1:02d}"
        for kind in ("started", "ended"):
            path = folder / "smflow/v1" / kind / month / f"{number % 28 + 1:02d}T{number % 1000:06d}Z~{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


class Answers(http.server.BaseHTTPRequestHandler):
    """S3 as far as listing runs needs it: GetObject, and ListObjectsV2 in pages of 1,000."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        content = self.rfile.read(int(self.headers["Content-Length"]))
        key = urllib.parse.unquote(self.path).split("/", 2)[2]
        self.server.objects[key], self.server.etags[key] = content, hashlib.md5(content).hexdigest()
        self.server.keys = sorted(self.server.objects)
        self.reply(b"")

    def do_GET(self):
        time.sleep(LATENCY)
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        if "list-type" in query:
            return self.reply(self.page(query["prefix"][0], int(query.get("continuation-token", ["0"])[0])))
        self.reply(self.server.objects[urllib.parse.unquote(url.path).split("/", 2)[2]])

    def page(self, prefix, first):
        keys = [key for key in self.server.keys if key.startswith(prefix)]
        shown = "".join(f"<Contents><Key>{key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                        f"<ETag>&quot;{self.server.etags[key]}&quot;</ETag>"
                        f"<Size>{len(self.server.objects[key])}</Size></Contents>" for key in keys[first:first + 1000])
        more = first + 1000 < len(keys)
        token = f"<NextContinuationToken>{first + 1000}</NextContinuationToken>" if more else ""
        return (f"<ListBucketResult><Name>results</Name><IsTruncated>{str(more).lower()}</IsTruncated>{token}{shown}"
                "</ListBucketResult>").encode()

    def reply(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def bucket_on_s3(folder):
    """The environment in which a bucket has the objects of a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    server.objects = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.json")}
    server.keys = sorted(server.objects)
    server.etags = {key: hashlib.md5(content).hexdigest() for key, content in server.objects.items()}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.server_address[1]}", "AWS_ACCESS_KEY_ID": "bench",
           "AWS_SECRET_ACCESS_KEY": "bench", "AWS_REGION": "eu-west-1", "AWS_CONFIG_FILE": "/dev/null",
           "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    server.shutdown()


def list_runs(bucket, count, environment):
    usage = checked([program("smflow"), "runs", "list", "--bucket", bucket, "--where", "GENERATOR.LATENT_SIZE=100",
                     "--columns", "RUN"], env=environment)
    if len(usage.output.split()) != 1 + (count + 9) // 10:
        raise SystemExit("error: smflow has found other runs than there are")
    return usage


def list_without_cache(bucket, count, environment):
    shutil.rmtree(environment["XDG_CACHE_HOME"], ignore_errors=True)
    return list_runs(bucket, count, environment)


def measure_s3(count, rounds, folder):
    with bucket_on_s3(folder / f"bucket-{count}") as variables:
        environment = {**os.environ, **variables, "XDG_CACHE_HOME": str(folder / "s3-cache")}

        asked = "s3://results", count, environment
        alone = list_without_cache(*asked)
        first = [list_without_cache(*asked) for _ in range(max(1, rounds // 3))]
        return (f"{count:,} runs on S3: {alone.wall_s:.2f} s for the first of the team, {median_seconds(first):.2f} s for the "
                f"next on a new machine, then {median_seconds([list_runs(*asked) for _ in range(rounds)]):.2f} s")


def median_seconds(usages):
    return statistics.median(usage.wall_s for usage in usages)


def compare(count, rounds, folder):
    bucket = folder / f"bucket-{count}"
    make_runs(bucket, count)
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    asked = f"file://{bucket}", count, environment
    peer_command = [PYTHON, str(SOURCE / "benchmarks/peer_runs.py"), str(bucket / "smflow/v1/ended"), OPTION, "100"]

    def ours():
        return list_runs(*asked)

    def cold():
        return list_without_cache(*asked)

    def peer():
        usage = checked(peer_command, env=environment)
        if len(usage.output.split()) != (count + 9) // 10:
            raise SystemExit("error: the peer has found other runs than there are")
        return usage

    rows = usage_rows(f"{count:,} runs, no cache", interleave(cold, peer, max(3, rounds // 3)), PEER, memory=True)
    ours()
    bar = "<= 1 s" if count == 10_000 else ""
    return rows + usage_rows(f"{count:,} runs", interleave(ours, peer, rounds), PEER, wall_bar=bar, memory=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    rows, on_s3 = [], []
    with tempfile.TemporaryDirectory(prefix="smflow-bench-") as folder:
        for count in (10, 1_000, 10_000):
            rows += compare(count, rounds, Path(folder))
            on_s3.append(measure_s3(count, rounds, Path(folder)))
    print(f"{machine()}\n\n{table(rows)}\n\n" + "\n".join(on_s3))


if __name__ == "__main__":
    main()
