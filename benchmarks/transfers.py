#!/usr/bin/env python3
"""One large file and many small ones to and from nginx on this machine: smflow's S3 library, aws s3 cp and boto3, the
three in turn. After every transfer each byte is compared by its hash.

Without --tls the server speaks plain HTTP, so that every client signs the SHA-256 of what it uploads. TMPDIR on a tmpfs
keeps the disk out of it; it takes twice the large file.
"""

import argparse
import dataclasses
import os
import shutil
import statistics
from pathlib import Path

from object_server import BUCKET, ObjectServer, digests
from paired import checked, machine, spread, take_turns
from programs import PYTHON, SOURCE, folder, program

AWS = "/usr/bin/aws"
SMALL_BYTES = 20_000
LEAST_CPU_RATIO = 2
MOST_PEAK_MIB = 150e6 / 2**20


@dataclasses.dataclass
class Case:
    """One row's transfer: `path` is the file or folder on the client's side."""

    name: str
    direction: str
    path: Path
    uri: str
    expected: dict  # SHA-256 by name
    clear: callable
    found: callable


def environment(server):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    if server.tls:
        kept |= {"AWS_CA_BUNDLE": str(server.certificate), "CURL_CA_BUNDLE": str(server.certificate)}
    return {**kept, "AWS_ENDPOINT_URL": server.url, "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_REGION": "eu-west-1",
            "AWS_DEFAULT_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent",
            "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}


def commands(case, url):
    """The same transfer by the three clients."""
    local, remote = str(case.path), case.uri
    from_to = [local, remote] if case.direction == "up" else [remote, local]
    recursive = ["--recursive"] if case.path.is_dir() else []
    return {"smflow": [program("transfer"), case.direction, local, remote],
            "aws": [AWS, "--endpoint-url", url, "s3", "cp", "--only-show-errors", *recursive, *from_to],
            "boto3": [PYTHON, str(SOURCE / "benchmarks/peer_transfer.py"), url, case.direction, local, remote]}


def once(case, argv, env):
    case.clear()
    usage = checked(argv, env=env)
    if case.found() != case.expected:
        raise SystemExit(f"error: {case.name}: other bytes arrived by {argv[0]}")
    return usage


def measure(case, server, rounds):
    """A list of Usage by client."""
    env = environment(server)
    case.clear()
    sides = commands(case, server.url)
    measured = take_turns([lambda argv=argv: once(case, argv, env) for argv in sides.values()], rounds, warm_up=0)
    return dict(zip(sides, measured))


def write_sources(base, size_mib, files):
    large, small = base / "source/large", base / "source/small"
    large.mkdir(parents=True)
    with open(large / "file", "wb") as file:
        for _ in range(size_mib):
            file.write(os.urandom(1 << 20))
    for number in range(files):
        path = small / f"{number // 100:03}/{number % 100:02}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(SMALL_BYTES))
    return large, small


def cases(server, base, size_mib, files):
    """The four transfers. Clients upload below "up", and download to `target`."""
    target = base / "target"
    uri = f"s3://{BUCKET}"

    def clear():
        server.forget("up")
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()

    names = (f"a file of {size_mib} MiB", f"{files} files of {SMALL_BYTES} bytes")
    for name, source, leaf in zip(names, write_sources(base, size_mib, files), ("file", "")):
        expected = digests(source)
        server.offer(source.name, source)
        yield Case(f"{name}, up", "up", source / leaf, f"{uri}/up/{leaf}".rstrip("/"), expected, clear,
                   lambda: server.received("up"))
        yield Case(f"{name}, down", "down", target / leaf, f"{uri}/{source.name}/{leaf}".rstrip("/"), expected, clear,
                   lambda: digests(target))


def rows(case, measured):
    for unit, figure, bar in (("CPU s", "cpu_s", f">= {LEAST_CPU_RATIO}"), ("wall s", "wall_s", ""),
                              ("peak MiB", "peak_mib", f"< {MOST_PEAK_MIB:.0f} MiB")):
        values = {client: [getattr(usage, figure) for usage in usages] for client, usages in measured.items()}
        ours = statistics.median(values["smflow"])
        ratios = {peer: statistics.median(values[peer]) / ours for peer in ("aws", "boto3")}
        cells = [case.name, unit, spread(values["smflow"])]
        for peer, ratio in ratios.items():
            cells += [spread(values[peer]), f"{ratio:.2f}"]
        missed = ((figure == "cpu_s" and min(ratios.values()) < LEAST_CPU_RATIO)
                  or (figure == "peak_mib" and ours >= MOST_PEAK_MIB))
        yield "| " + " | ".join([*cells, bar + (", not reached" if missed else "")]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--size-mib", type=int, default=2048, help="size of the large file")
    parser.add_argument("--files", type=int, default=10_000, help=f"how many small files of {SMALL_BYTES} bytes")
    parser.add_argument("--tls", action="store_true", help="over TLS, as Amazon S3 is used")
    options = parser.parse_args()
    print(f"{machine()}\n\n| what | unit | smflow | aws s3 cp | ratio | boto3 | ratio | bar |\n"
          "| --- | --- | --- | --- | --- | --- | --- | --- |", flush=True)
    with folder() as base, ObjectServer(base, options.tls) as server:
        for case in cases(server, base, options.size_mib, options.files):
            print("\n".join(rows(case, measure(case, server, options.rounds))), flush=True)


if __name__ == "__main__":
    main()
